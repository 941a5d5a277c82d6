import { routePages, routeQuery, useRoute } from './query.ts'
import type { RouteInput } from './route-types.ts'

export type DeliveryFilter = Omit<NonNullable<RouteInput<'listDeliveries'>['query']>, 'cursor' | 'limit'>

export const deliveryPages = (filter: DeliveryFilter) =>
  routePages('listDeliveries', filter, (cursor) => ({ query: { ...filter, cursor, limit: 50 } }))
export const deliveryQuery = (id: string) => routeQuery('getDelivery', { params: { id } })
export const useRetryDelivery = () =>
  useRoute('retryDelivery', ['listDeliveries', 'getDelivery', 'listMessages', 'listDefects'])
