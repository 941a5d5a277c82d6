import type { Sort } from './vulnerability-search.ts'

/** An order as the header tells it: what the values do from top to bottom, whichever way the server's ranks run. */
export type ListOrder = {
  readonly sort: Sort
  readonly sorted: 'ascending' | 'descending'
  readonly words: string
}

const up = (sort: Sort, words: string): ListOrder => ({ sort, sorted: 'ascending', words })
const down = (sort: Sort, words: string): ListOrder => ({ sort, sorted: 'descending', words })

/** What a click on a header asks for: first the useful direction, then the other. The server ranks the worst severity 1. */
const orders: Readonly<Record<string, readonly [ListOrder, ListOrder]>> = {
  severity: [down('severity', 'worst first'), up('-severity', 'worst last')],
  title: [up('title', 'A to Z'), down('-title', 'Z to A')],
  status: [up('status', 'least worked on first'), down('-status', 'most worked on first')],
  opened_at: [down('-opened_at', 'newest first'), up('opened_at', 'oldest first')],
  updated_at: [down('-updated_at', 'last changed first'), up('updated_at', 'longest unchanged first')],
  due_at: [up('due_at', 'nearest deadline first'), down('-due_at', 'farthest deadline first')],
  asset: [up('asset', 'A to Z'), down('-asset', 'Z to A')],
  epss: [down('-epss', 'most likely exploited first'), up('epss', 'least likely exploited first')],
}

/** The order a column gives the list now, and the one its header asks for next; undefined for a column that gives none. */
export function orderOf(column: string, sort: Sort): { current: ListOrder | undefined; next: ListOrder } | undefined {
  const pair = orders[column]
  if (pair === undefined) return undefined
  const [first, second] = pair
  const current = pair.find((order) => order.sort === sort)
  return { current, next: current === first ? second : first }
}
