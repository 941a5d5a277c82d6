import * as z from 'zod'
import { id, idParams, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

export const defect = z.object({
  id,
  tracker: z.string(),
  tracker_title: z.string(),
  container: z.string(),
  remote_id: z.string().nullable(),
  url: z.string().nullable(),
  link: z.enum(['pending', 'ok', 'missing', 'moved', 'forbidden', 'ended']),
  link_reason: z.string().nullable(),
  /** `null` while nothing waits; otherwise what the oldest open operation is waiting for. */
  pending: z
    .object({
      kind: z.string(),
      state: z.string(),
      error: z.string().nullable(),
      next_attempt_at: timestamp.nullable(),
    })
    .nullable(),
  created_at: timestamp,
})

export type Defect = z.infer<typeof defect>

export const listDefects = defineRoute({
  id: 'listDefects',
  method: 'GET',
  path: '/api/v1/vulnerabilities/:id/defects',
  summary: 'Items of a vulnerability in trackers',
  tag: 'Defects',
  access: 'read',
  status: 200,
  params: idParams,
  response: z.object({ items: z.array(defect) }),
})

export const sendVulnerability = defineRoute({
  id: 'sendVulnerability',
  method: 'POST',
  path: '/api/v1/vulnerabilities/:id/send',
  summary: 'Send a vulnerability to its tracker; a second call answers with the same defect',
  tag: 'Defects',
  access: 'defect.send',
  status: 202,
  params: idParams,
  body: z.strictObject({ tracker: z.string().max(50).optional() }),
  response: defect,
})
