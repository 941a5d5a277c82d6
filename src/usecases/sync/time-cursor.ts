import { AppError } from '../../lib/app-error.ts'

/** A place in a list ordered by time and id. `at` is RFC 3339 in milliseconds. */
export type TimeCursor = { at: string; id: string }

const defaultLimit = 50
const pattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** Reads the paging of a list ordered by time. Throws `validation_failed` for a cursor that no answer gave. */
export function parseTimePage(query: { cursor?: string | undefined; limit?: number | undefined }): {
  after: TimeCursor | undefined
  limit: number
} {
  const limit = query.limit ?? defaultLimit
  if (query.cursor === undefined) return { after: undefined, limit }
  const [, at, id] = pattern.exec(Buffer.from(query.cursor, 'base64url').toString('latin1')) ?? []
  if (at === undefined || id === undefined || Number.isNaN(Date.parse(at)))
    throw new AppError('validation_failed', 'cursor: take it from `next` of the page before.')
  return { after: { at, id }, limit }
}

/** `rows` hold one more than `limit` when there is a following page; `timeOf` is what they are ordered by. */
export function splitTimePage<Row extends { id: string }>(
  rows: readonly Row[],
  limit: number,
  timeOf: (row: Row) => Date,
): { shown: Row[]; next: string | null } {
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  const next = last === undefined ? null : Buffer.from(`${timeOf(last).toISOString()} ${last.id}`).toString('base64url')
  return { shown, next }
}
