import { routePages, routeQuery, useRoute } from './query.ts'
import type { RouteInput } from './route-types.ts'

export type DeliveryFilter = Omit<NonNullable<RouteInput<'listDeliveries'>['query']>, 'cursor' | 'limit'>

export const deliveryPages = (filter: DeliveryFilter) =>
  routePages('listDeliveries', filter, (cursor) => ({ query: { ...filter, cursor, limit: 50 } }))
export const deliveryQuery = (id: string) => routeQuery('getDelivery', { params: { id } })
export const failuresQuery = routeQuery('listDeliveryFailures', {})

const staleAfterRetry = [
  'listDeliveries',
  'getDelivery',
  'listDeliveryFailures',
  'listMessages',
  'listDefects',
  'getConnection',
] as const
export const useRetryDelivery = () => useRoute('retryDelivery', staleAfterRetry)
export const useSkipDelivery = () => useRoute('skipDelivery', staleAfterRetry)
export const useRetryFailures = () => useRoute('retryDeliveryFailures', staleAfterRetry)
