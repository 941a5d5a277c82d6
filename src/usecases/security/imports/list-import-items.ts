import type * as z from 'zod'
import type { listImportItems as route } from '../../../../contract/security/imports.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Db } from '../../../store/db.ts'
import { listImportItems as listRows } from '../../../store/security/import-items.ts'
import { findImport } from '../../../store/security/imports.ts'

type Query = z.output<NonNullable<(typeof route)['query']>>
type Answer = z.output<NonNullable<(typeof route)['response']>>

const defaultLimit = 50

/** What an import did or would do, in the order of the report. Throws `not_found`. */
export async function listImportItems(
  deps: { db: Db },
  input: { organizationId: string; importId: string; query: Query },
): Promise<Answer> {
  const { organizationId, importId } = input
  const { limit = defaultLimit, cursor, outcome } = input.query
  if ((await findImport(deps.db, { organizationId, id: importId })) === undefined)
    throw new AppError('not_found', 'There is no such import here.')
  const after = cursor === undefined ? -1 : parsePosition(cursor)
  const rows = await listRows(deps.db, { organizationId, importId, outcomes: outcome, after, limit: limit + 1 })
  const items = rows.slice(0, limit)
  const last = rows.length > limit ? items.at(-1) : undefined
  return { items, next: last === undefined ? null : Buffer.from(String(last.position)).toString('base64url') }
}

function parsePosition(cursor: string): number {
  const text = Buffer.from(cursor, 'base64url').toString('latin1')
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new AppError('validation_failed', 'cursor: take it from `next` of the page before.')
}
