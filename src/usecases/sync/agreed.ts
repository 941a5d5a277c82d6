import * as z from 'zod'

/** `defect.agreed`: what both sides last agreed on, and since when the item has not been found. */
const agreed = z.object({
  state: z.enum(['open', 'closed']).optional(),
  remote_state: z.string().optional(),
  /** Of the item's two signs only one says so: it was taken for the whole, and the other one is still to be set. */
  is_mixed: z.literal(true).optional(),
  missing_since: z.iso.datetime().optional(),
})
export type Agreed = z.output<typeof agreed>

/** Reads the column; anything unreadable is as if nothing had been agreed. */
export function parseAgreed(value: unknown): Agreed {
  const parsed = agreed.safeParse(value)
  return parsed.success ? parsed.data : {}
}
