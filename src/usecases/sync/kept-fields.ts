import * as z from 'zod'
import type { ItemFields, KeptFields, RefusedFields } from '../../domain/item-fields.ts'
import type { ItemSource } from './compose-content.ts'

const shown = z.object({
  title: z.string(),
  priority: z.string().nullable(),
  dueOn: z.string().nullable(),
  labels: z.array(z.string()),
})
/** `of`: what the vulnerability was when the item was last compared with it; told apart from now by the database. */
const kept = z.object({
  of: z.record(z.string(), z.unknown()),
  sent: shown,
  seen: shown,
  /** The priority people set there, as it was last told here. */
  told: z.string().optional(),
  /** What the remote did not take, in its words: not tried again until it changes here, or the route does. */
  refused: z
    .partialRecord(z.enum(['title', 'priority', 'dueOn', 'labels']), z.string())
    .optional()
    .catch(undefined),
  /** The route has changed since. */
  isRefusalOld: z.boolean().optional(),
})

export type Kept = KeptFields & {
  of: Record<string, unknown>
  told?: string | undefined
  refused?: RefusedFields | undefined
  isRefusalOld?: boolean | undefined
}

/** `defect.kept`: what is kept in step besides the state; undefined for an item of which nothing is. */
export function parseKept(value: unknown): Kept | undefined {
  return kept.safeParse(value).data
}

/** As `queueFieldPushes` compares it. */
export function keptOf({ severity, title, due_at }: Pick<ItemSource, 'severity' | 'title' | 'due_at'>) {
  return { severity, title, due_at: due_at === null ? null : Math.floor(due_at.getTime() / 1000) }
}

/** What is written down of an item Weir made just now: it shows what was wished for, as far as anybody knows. */
export function keptOfNew(
  source: ItemSource,
  { wished, shown: seen }: { wished: ItemFields; shown: ItemFields | undefined },
) {
  return { of: keptOf(source), sent: wished, seen: seen ?? wished }
}
