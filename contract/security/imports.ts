import * as z from 'zod'
import { id, idParams, page, pageQuery, repeated, severity, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

export const importCounts = z.object({
  /** Results the report holds; always new + merged + kept + reopened + suppressed + skipped. */
  results: z.number().int(),
  new: z.number().int(),
  /** New from this scanner, and known from another one: more evidence of the same vulnerability. */
  merged: z.number().int(),
  kept: z.number().int(),
  reopened: z.number().int(),
  /** Findings of earlier imports that this report no longer has. */
  closed: z.number().int(),
  suppressed: z.number().int(),
  skipped: z.number().int(),
  sent: z.number().int(),
})

export type ImportCounts = z.infer<typeof importCounts>

export const reportImport = z.object({
  id,
  asset: z.object({ id, key: z.string(), name: z.string() }),
  branch: z.string(),
  commit_hash: z.string().nullable(),
  format: z.string().nullable(),
  tool: z.string().nullable(),
  tool_version: z.string().nullable(),
  state: z.enum(['previewed', 'held', 'applied', 'unchanged', 'undone', 'failed', 'discarded']),
  reason: z.string().nullable(),
  error_code: z.string().nullable(),
  counts: importCounts,
  /** What the file holds that Weir does not read, in sentences with counts. */
  unread: z.array(z.string()),
  file_name: z.string(),
  file_bytes: z.number().int(),
  source: z.enum(['browser', 'cli', 'api']),
  created_by: z.string().nullable(),
  can_undo: z.boolean(),
  created_at: timestamp,
  applied_at: timestamp.nullable(),
})

export type ReportImport = z.infer<typeof reportImport>

export const importItem = z.object({
  position: z.number().int(),
  outcome: z.enum(['new', 'merged', 'kept', 'reopened', 'closed', 'suppressed', 'skipped']),
  step: z.string(),
  label: z.string(),
  detail: z.string().nullable(),
  /** As the report rates it; null for what was skipped. */
  severity: severity.nullable(),
  vulnerability_id: id.nullable(),
  vulnerability_number: z.number().int().nullable(),
})

export const listImports = defineRoute({
  id: 'listImports',
  method: 'GET',
  path: '/api/v1/imports',
  summary: 'Imports, newest first',
  tag: 'Imports',
  access: 'read',
  status: 200,
  query: z.strictObject({ ...pageQuery, asset_id: repeated(id), state: repeated(reportImport.shape.state) }),
  response: page(reportImport),
})

export const getImport = defineRoute({
  id: 'getImport',
  method: 'GET',
  path: '/api/v1/imports/:id',
  summary: 'One import',
  tag: 'Imports',
  access: 'import.read',
  status: 200,
  params: idParams,
  response: reportImport,
})

export const listImportItems = defineRoute({
  id: 'listImportItems',
  method: 'GET',
  path: '/api/v1/imports/:id/items',
  summary: 'What an import did, result by result, with the step that decided',
  tag: 'Imports',
  access: 'import.read',
  status: 200,
  params: idParams,
  query: z.strictObject({ ...pageQuery, outcome: repeated(importItem.shape.outcome) }),
  response: page(importItem),
})

/**
 * The body is the report itself (`application/octet-stream`, or JSON, XML or CSV by the type of its own),
 * streamed; everything else is in the query.
 */
export const createImport = defineRoute({
  id: 'createImport',
  method: 'POST',
  path: '/api/v1/imports',
  summary: 'Import a report for an asset (or preview what it would do)',
  tag: 'Imports',
  access: 'import.write',
  status: 201,
  query: z.strictObject({
    /** Asset key or id. */
    asset: z.string().min(1).max(100),
    /** Left out: the asset's default branch. */
    branch: z
      .string()
      .min(1, 'is empty: name a branch, or leave it out for the default branch. A build of a tag has none.')
      .max(255)
      .optional(),
    commit: z
      .string()
      .regex(/^[0-9a-f]{7,64}$/, 'is no commit hash: 7 to 64 hexadecimal digits, or leave it out.')
      .optional(),
    format: z.string().max(50).optional(),
    file_name: z.string().max(255).optional(),
    scope: z.enum(['full', 'partial']).optional(),
    preview: z.stringbool().optional(),
    /** Answers what a preview would, and keeps nothing: the import it tells of is not there. */
    dry_run: z.stringbool().optional(),
    source: z.enum(['browser', 'cli', 'api']).optional(),
  }),
  response: reportImport,
})

export const applyImport = defineRoute({
  id: 'applyImport',
  method: 'POST',
  path: '/api/v1/imports/:id/apply',
  summary: 'Apply a previewed or held import',
  tag: 'Imports',
  access: 'import.decide',
  status: 200,
  params: idParams,
  response: reportImport,
})

export const discardImport = defineRoute({
  id: 'discardImport',
  method: 'POST',
  path: '/api/v1/imports/:id/discard',
  summary: 'Throw a previewed or held import away',
  tag: 'Imports',
  access: 'import.decide',
  status: 200,
  params: idParams,
  response: reportImport,
})

export const undoImport = defineRoute({
  id: 'undoImport',
  method: 'POST',
  path: '/api/v1/imports/:id/undo',
  summary: 'Take an import back, while no later import touched the same asset and branch',
  tag: 'Imports',
  access: 'import.decide',
  status: 200,
  params: idParams,
  response: reportImport,
})
