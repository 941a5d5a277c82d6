import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { routePages, routeQuery, useRoute } from './query.ts'
import type { RouteInput } from './route-types.ts'

export type DeploymentFilter = Omit<NonNullable<RouteInput<'listDeployments'>['query']>, 'cursor' | 'limit'>
export type IncidentFilter = Omit<NonNullable<RouteInput<'listIncidents'>['query']>, 'cursor' | 'limit'>

export const deploymentPages = (filter: DeploymentFilter, limit = 50) =>
  routePages('listDeployments', { ...filter, limit }, (cursor) => ({ query: { ...filter, cursor, limit } }))
export const incidentPages = (filter: IncidentFilter) =>
  routePages('listIncidents', filter, (cursor) => ({ query: { ...filter, cursor, limit: 20 } }))

const judged = ['listDeployments', 'listIncidents', 'getMetric', 'listMetricRows'] as const
export const useMarkDeployment = () => useRoute('markDeployment', judged)
export const useUnmarkDeployment = () => useRoute('unmarkDeployment', judged)
export const useRecordIncident = () => useRoute('recordIncident', judged)
export const useRemoveIncident = () => useRoute('removeIncident', judged)

const settled = ['getDeploymentSettings', 'listSourcesInForce', ...judged] as const
export const deploymentSettingsQuery = routeQuery('getDeploymentSettings', {})
export const useUpdateDeploymentSettings = () => useRoute('updateDeploymentSettings', settled)
export const sourcesInForceQuery = (text: string) =>
  queryOptions({ ...routeQuery('listSourcesInForce', { query: { text } }), placeholderData: keepPreviousData })

export const incidentFiltersQuery = routeQuery('listIncidentFilters', {})
export const useUpdateIncidentFilter = () => useRoute('updateIncidentFilter', ['listIncidentFilters', ...judged])
export const useRemoveIncidentFilter = () => useRoute('removeIncidentFilter', ['listIncidentFilters', ...judged])
