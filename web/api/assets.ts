import { routePages, routeQuery, useRoute } from './query.ts'
import type { RouteInput } from './route-types.ts'

type AssetFilter = NonNullable<RouteInput<'listAssets'>['query']>
export const assetPages = (filter: AssetFilter) =>
  routePages('listAssets', filter, (cursor) => ({ query: { ...filter, cursor, limit: 50 } }))
/** Assets for menus: the first 200 by name. */
export const assetChoicesQuery = routeQuery('listAssets', { query: { limit: 200 } })
export const assetQuery = (id: string) => routeQuery('getAsset', { params: { id } })

export const useCreateAsset = () => useRoute('createAsset', ['listAssets', 'getOverview'])
export const useUpdateAsset = () => useRoute('updateAsset', ['listAssets', 'getAsset'])
