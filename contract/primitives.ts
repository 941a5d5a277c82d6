import * as z from 'zod'
import { roles } from '../src/domain/permissions.ts'
import { severities } from '../src/domain/severity.ts'
import { statuses } from '../src/domain/status.ts'

export const id = z.uuid()
export const timestamp = z.iso.datetime()
export const calendarDate = z.iso.date()
export const severity = z.enum(severities)
export const status = z.enum(statuses)
export const role = z.enum(roles)
/** A name a person typed: trimmed, 1 to 200 characters. */
export const name = z.string().trim().min(1).max(200)
export const email = z.email().max(254)
export const idParams = z.strictObject({ id })

/** A query parameter that may be given once or repeated. */
export function repeated<Item extends z.ZodType>(item: Item) {
  return z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(item).max(100).optional(),
  )
}

/** Cursor paging: `next` of one answer is the `cursor` of the following request; absent on the last page. */
export const pageQuery = {
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
}
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}

/** RFC 9457 problem answer. `code` is of our catalogue (docs/errors.md), `id` is to quote when asking for help. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  id: z.string(),
  fields: z.record(z.string(), z.array(z.string())).optional(),
  meta: z.record(z.string(), z.unknown()).optional(),
})
export type Problem = z.infer<typeof problem>
