import { routeQuery } from './query.ts'

export const riskQuery = routeQuery('getRisk', {})
export const assetRiskQuery = (id: string) => routeQuery('getAssetRisk', { params: { id } })
