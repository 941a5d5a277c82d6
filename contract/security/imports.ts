import * as z from 'zod'
import { id, idParams, page, pageQuery, repeated, severity, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

export const importCounts = z.object({
  /** Results the report holds; always new + merged + kept + reopened + suppressed + known + skipped. */
  results: z.number().int(),
  new: z.number().int(),
  /** New from this scanner, and known from another one: more evidence of the same vulnerability. */
  merged: z.number().int(),
  kept: z.number().int(),
  reopened: z.number().int(),
  /** Findings of earlier imports that this report no longer has. */
  closed: z.number().int(),
  suppressed: z.number().int(),
  /** Of a pull request's scan: what stands in its target already. */
  known: z.number().int(),
  skipped: z.number().int(),
  sent: z.number().int(),
})

export type ImportCounts = z.infer<typeof importCounts>

/** How far an import is: bytes of its stage (of `receiving` and `reading` the file's), findings read or written so far. */
export const importProgress = z.object({
  stage: z.enum(['receiving', 'reading', 'comparing', 'writing']),
  bytes_read: z.number().int(),
  /** null while nobody knows how much is to come. */
  bytes_total: z.number().int().nullable(),
  findings_read: z.number().int(),
})

export type ImportProgress = z.infer<typeof importProgress>

export const reportImport = z.object({
  id,
  asset: z.object({ id, key: z.string(), name: z.string() }),
  branch: z.string(),
  /** Of a pull request's scan: the branch it goes to, and what Bitbucket calls it. */
  target_branch: z.string().nullable(),
  pull_request_id: z.string().nullable(),
  commit_hash: z.string().nullable(),
  format: z.string().nullable(),
  tool: z.string().nullable(),
  tool_version: z.string().nullable(),
  /** A partial report, said or recognised to be one, closes nothing. */
  scope: z.enum(['full', 'partial']),
  state: z.enum(['running', 'previewed', 'held', 'applied', 'unchanged', 'undone', 'failed', 'discarded']),
  /** While it runs or is being applied. */
  progress: importProgress.nullable(),
  reason: z.string().nullable(),
  /** It waits for a decision, and the guard has something against it, which `reason` says. */
  doubtful: z.boolean(),
  error_code: z.string().nullable(),
  counts: importCounts,
  /** What the file holds that Weir does not read, in sentences with counts. */
  unread: z.array(z.string()),
  file_name: z.string(),
  file_bytes: z.number().int(),
  /** Whether the report can be downloaded, and until when; no date while it waits for a decision. */
  has_file: z.boolean(),
  file_kept_until: timestamp.nullable(),
  source: z.enum(['browser', 'cli', 'api']),
  created_by: z.string().nullable(),
  can_undo: z.boolean(),
  created_at: timestamp,
  applied_at: timestamp.nullable(),
})

export type ReportImport = z.infer<typeof reportImport>

export const importItem = z.object({
  position: z.number().int(),
  outcome: z.enum(['new', 'merged', 'kept', 'reopened', 'closed', 'suppressed', 'skipped', 'known']),
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

const progressKey = z.string().regex(/^[\w-]{16,64}$/, 'is 16 to 64 letters, digits, - or _: a UUID, say.')

export const getImportProgress = defineRoute({
  id: 'getImportProgress',
  method: 'GET',
  path: '/api/v1/import-progress',
  summary: 'How far an import is, by the progress_key its sender gave it; nulls before it begins and after its end',
  tag: 'Imports',
  access: 'import.read',
  status: 200,
  query: z.strictObject({ key: progressKey.optional() }),
  response: z.object({ import_id: id.nullable(), progress: importProgress.nullable() }),
})

export const downloadImportFile = defineRoute({
  id: 'downloadImportFile',
  method: 'GET',
  path: '/api/v1/imports/:id/file',
  summary: 'The report of an import as it came, while it is kept',
  tag: 'Imports',
  access: 'import.decide',
  status: 200,
  params: idParams,
})

/** What an undo would do now, or what stands in its way. */
export const undoPreview = z.object({
  can_undo: z.boolean(),
  /** Why not, as a sentence. */
  reason: z.string().nullable(),
  blocked_by: z.object({ id, file_name: z.string(), created_at: timestamp }).nullable(),
  /** Findings whose words, lines or state become as they were. */
  restored_findings: z.number().int(),
  restored_statuses: z.number().int(),
  /** Evidence that goes again from vulnerabilities of other scanners. */
  removed_evidence: z.number().int(),
  /** Vulnerabilities nobody touched that go again, as if they had never come. */
  removed: z.number().int(),
  /** Vulnerabilities somebody worked on meanwhile: they stay, as fixed. */
  closed: z.number().int(),
  /** The first of them. */
  closed_examples: z.array(
    z.object({
      id,
      number: z.number().int(),
      title: z.string(),
      because: z.enum(['sent', 'discussed', 'changed', 'other_evidence']),
    }),
  ),
})

export type UndoPreview = z.infer<typeof undoPreview>

export const previewUndo = defineRoute({
  id: 'previewUndo',
  method: 'GET',
  path: '/api/v1/imports/:id/undo-preview',
  summary: 'What taking an import back would do, or why it cannot be taken back',
  tag: 'Imports',
  access: 'import.read',
  status: 200,
  params: idParams,
  response: undoPreview,
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
    /** Of a pull request's scan: the branch it goes to. What stands there already is known, and makes nothing new. */
    target_branch: z.string().min(1).max(255).optional(),
    /** Its number in Bitbucket; without a `target_branch` it goes to the asset's default branch. */
    pull_request: z
      .string()
      .regex(/^\d{1,10}$/, 'is no number of a pull request. Give its digits alone.')
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
    /** A random word of the sender's own, by which getImportProgress finds this import while it runs. */
    progress_key: progressKey.optional(),
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
