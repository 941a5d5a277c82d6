import { routeQuery, useRoute } from './query.ts'
import type { RouteResponse } from './route-types.ts'

export type Exclusion = RouteResponse<'listExclusions'>['items'][number]

const counted = ['listExclusions', 'getPullRequest', 'getMetric', 'listMetricRows', 'compareDelivery'] as const

export const exclusionsQuery = routeQuery('listExclusions', {})
export const useCreateExclusion = () => useRoute('createExclusion', counted)
export const useRemoveExclusion = () => useRoute('removeExclusion', counted)
export const useExcludePullRequest = () => useRoute('excludePullRequest', counted)
export const useIncludePullRequest = () => useRoute('includePullRequest', counted)
