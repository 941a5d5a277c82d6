import { queryOptions } from '@tanstack/react-query'
import type { Change } from '../../contract/security/bulk-changes.ts'
import { call } from './call.ts'
import { routePages, routeQuery, useRoute } from './query.ts'
import type { RouteInput } from './route-types.ts'
import { staleAfterChange, type VulnerabilityFilter } from './vulnerabilities.ts'

export type BulkTarget = { readonly ids: readonly string[] } | { readonly filters: VulnerabilityFilter }
type ChangeBody = RouteInput<'previewBulkChange'>['body']
type ItemFilter = NonNullable<RouteInput<'listBulkChangeItems'>['query']>

/** The order is no filter of what is meant. */
export function toBody(target: BulkTarget, change: Change): ChangeBody {
  if ('ids' in target) return { ids: [...target.ids], change }
  const { sort: _sort, ...filters } = target.filters
  return { filters, change }
}

export const bulkPreviewQuery = (target: BulkTarget, change: Change) =>
  routeQuery('previewBulkChange', { body: toBody(target, change) })
export const bulkChangeQuery = (id: string) => routeQuery('getBulkChange', { params: { id } })
/** Asked once: what ends stays on screen until it is closed. */
export const runningAtStartQuery = queryOptions({
  queryKey: ['runningBulkChanges'],
  queryFn: () => call('listBulkChanges', { query: { mine: true, state: ['running'], limit: 3 } }),
  staleTime: Infinity,
})
export const bulkChangePages = (filter: NonNullable<RouteInput<'listBulkChanges'>['query']>) =>
  routePages('listBulkChanges', [filter], (cursor) => ({ query: { ...filter, cursor, limit: 50 } }))
export const bulkItemPages = (id: string, filter: ItemFilter) =>
  routePages('listBulkChangeItems', [id, filter], (cursor) => ({
    params: { id },
    query: { ...filter, cursor, limit: 100 },
  }))

const stale = [...staleAfterChange, 'getBulkChange', 'listBulkChanges', 'listBulkChangeItems'] as const
export const useCreateBulkChange = () => useRoute('createBulkChange', stale)
export const useCancelBulkChange = () => useRoute('cancelBulkChange', stale)
export const useUndoBulkChange = () => useRoute('undoBulkChange', stale)
