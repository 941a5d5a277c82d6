import * as z from 'zod'

/** One page of a listing; `size` is the whole listing's length where the remote counts it. */
export type Page<Item> = { values: Item[]; next?: string | undefined; size?: number | undefined }

/** Bitbucket's paging wrapper; only `values` and `next` are guaranteed. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ values: z.array(item), next: z.string().optional(), size: z.number().int().optional() })
}
