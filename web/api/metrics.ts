import { keepPreviousData } from '@tanstack/react-query'
import { routePages, routeQuery, useRoute } from './query.ts'
import type { RouteInput } from './route-types.ts'

export type MetricScope = NonNullable<RouteInput<'listMetricRows'>['query']>
export type MetricQuestion = NonNullable<RouteInput<'getMetric'>['query']>

/** Every figure there is; what can be asked for changes with a new version only. */
export const metricsQuery = { ...routeQuery('listMetrics', {}), staleTime: Number.POSITIVE_INFINITY }

/** One figure; the former answer stays while another range is worked out. */
export const metricQuery = (key: string, query: MetricQuestion) => ({
  ...routeQuery('getMetric', { params: { key }, query }),
  placeholderData: keepPreviousData,
})

export const metricRowPages = (key: string, scope: MetricScope) =>
  routePages('listMetricRows', { key, ...scope }, (cursor) => ({
    params: { key },
    query: { ...scope, cursor, limit: 50 },
  }))

/** Every event and rule behind one row of a figure. */
export const explanationQuery = (
  { key, subject }: { key: string; subject: 'pull_request' | 'deployment' },
  id: string,
) =>
  routeQuery('explainMetric', {
    params: { key },
    query: subject === 'deployment' ? { deployment: id } : { pull_request: id },
  })

/** What each figure should reach. */
export const goalsQuery = routeQuery('listMetricGoals', {})
export const useSetGoal = () => useRoute('setMetricGoal', ['listMetricGoals', 'getMetric'])

/** What is agreed on; all of it is set at once. */
export const agreementSettingsQuery = routeQuery('listAgreements', {})
export const useUpdateAgreements = () => useRoute('updateAgreements', ['listAgreements', 'getAgreements'])

/** How far agreements were kept, and what broke one of them. */
export const agreementsQuery = (query: MetricScope & { time_zone: string }) => ({
  ...routeQuery('getAgreements', { query }),
  placeholderData: keepPreviousData,
})
export const brokenPages = (id: string, scope: MetricScope) =>
  routePages('listBrokenAgreements', { id, ...scope }, (cursor) => ({
    params: { id },
    query: { ...scope, cursor, limit: 50 },
  }))

/** The latest two hundred rows, to be drawn at once. */
export const metricRowsQuery = (key: string, scope: MetricScope) => ({
  ...routeQuery('listMetricRows', { params: { key }, query: { ...scope, limit: 200 } }),
  placeholderData: keepPreviousData,
})
