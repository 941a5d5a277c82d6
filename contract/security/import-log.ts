import * as z from 'zod'
import { idParams, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'
import { importProgress } from './imports.ts'

const logLine = z.object({
  /** Of a stage: when it began. */
  at: timestamp,
  kind: z.enum([
    'received',
    ...importProgress.shape.stage.options,
    'recognised',
    'warned',
    'judged',
    'previewed',
    'held',
    'unchanged',
    'confirmed',
    'applied',
    'failed',
    'discarded',
    'undone',
    'file_deleted',
  ]),
  /** Who did it, by the name of then; null where nobody did. */
  actor: z.string().nullable(),
  /** Of a stage, like the two after it; null where they mean nothing. */
  duration_seconds: z.number().nullable(),
  bytes: z.number().int().nullable(),
  findings: z.number().int().nullable(),
  /** A sentence: what was recognised, what the guard says, why it failed. */
  detail: z.string().nullable(),
})

export type ImportLogLine = z.infer<typeof logLine>

export const getImportLog = defineRoute({
  id: 'getImportLog',
  method: 'GET',
  path: '/api/v1/imports/:id/log',
  summary: 'What happened to an import, in order: stages with their length, warnings, the guard, and who decided',
  tag: 'Imports',
  access: 'import.read',
  status: 200,
  params: idParams,
  response: z.object({ lines: z.array(logLine) }),
})
