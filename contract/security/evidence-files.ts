import * as z from 'zod'
import { id, idParams, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

/** Decisions that can lean on files. */
export const evidencedDecision = z.enum(['risk_accepted', 'false_positive'])

export const evidenceFile = z.object({
  id,
  name: z.string(),
  media_type: z.string(),
  bytes: z.number().int(),
  /** Whether a browser may draw it in a page; everything else is downloaded. */
  is_image: z.boolean(),
  decision: evidencedDecision.nullable(),
  added_by: z.string(),
  created_at: timestamp,
  /** Who removed it, and when; its bytes are gone then. */
  removed_by: z.string().nullable(),
  removed_at: timestamp.nullable(),
  can_remove: z.boolean(),
})

export type EvidenceFile = z.infer<typeof evidenceFile>

export const listEvidenceFiles = defineRoute({
  id: 'listEvidenceFiles',
  method: 'GET',
  path: '/api/v1/vulnerabilities/:id/evidence-files',
  summary: 'Evidence files of a vulnerability, oldest first, removed ones too; and what may be added',
  tag: 'Evidence files',
  access: 'read',
  status: 200,
  params: idParams,
  response: z.object({
    items: z.array(evidenceFile),
    limits: z.object({ bytes: z.number().int(), files: z.number().int(), endings: z.array(z.string()) }),
  }),
})

export const getEvidenceUse = defineRoute({
  id: 'getEvidenceUse',
  method: 'GET',
  path: '/api/v1/settings/evidence-files',
  summary: 'What the evidence files of the organization take, and what they may take',
  tag: 'Evidence files',
  access: 'organization.write',
  status: 200,
  response: z.object({
    files: z.number().int(),
    bytes: z.number().int(),
    max_bytes: z.number().int(),
    /** Of one vulnerability, at a time. */
    max_files_each: z.number().int(),
  }),
})

/** The body is the file itself, streamed; its name says the type. */
export const addEvidenceFile = defineRoute({
  id: 'addEvidenceFile',
  method: 'POST',
  path: '/api/v1/vulnerabilities/:id/evidence-files',
  summary: 'Keep a file with a vulnerability: up to 10 MB, as many as the list says (application/octet-stream)',
  tag: 'Evidence files',
  access: 'message.write',
  status: 201,
  params: idParams,
  query: z.strictObject({ name: z.string().trim().min(1).max(500) }),
  response: evidenceFile,
})

export const getEvidenceFile = defineRoute({
  id: 'getEvidenceFile',
  method: 'GET',
  path: '/api/v1/evidence-files/:id',
  summary: 'The bytes of an evidence file: an image as what it is, everything else as a download',
  tag: 'Evidence files',
  access: 'read',
  status: 200,
  params: idParams,
})

export const removeEvidenceFile = defineRoute({
  id: 'removeEvidenceFile',
  method: 'DELETE',
  path: '/api/v1/evidence-files/:id',
  summary: 'Remove an own evidence file (a champion: any); its line stays, with who and when',
  tag: 'Evidence files',
  access: 'message.write',
  status: 204,
  params: idParams,
})
