import { AppError } from '../lib/app-error.ts'

/** A page of a list ordered by id: rows beyond `after` (an id, or null at the start), at most `limit`. */
export type PageRequest = { after: string | null; limit: number }

/** A page as it is answered: `next` is the cursor of the following one, null on the last. */
export type Page<Item> = { items: Item[]; next: string | null }

const defaultLimit = 50
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Reads the cursor of a list ordered by id. Throws `validation_failed` for one that no answer gave. */
export function parsePageRequest(query: { cursor?: string | undefined; limit?: number | undefined }): PageRequest {
  const limit = query.limit ?? defaultLimit
  if (query.cursor === undefined) return { after: null, limit }
  const after = Buffer.from(query.cursor, 'base64url').toString('latin1')
  if (!uuid.test(after)) throw new AppError('validation_failed', 'cursor: take it from `next` of the page before.')
  return { after, limit }
}

/** `rows` hold one more than `limit` when there is a following page. */
export function toPage<Row extends { id: string }, Item>(
  rows: readonly Row[],
  limit: number,
  map: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  return { items: shown.map(map), next: last === undefined ? null : Buffer.from(last.id).toString('base64url') }
}
