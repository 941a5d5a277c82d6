import { routeQuery, useRoute } from './query.ts'

export const flowQuery = (id: string) => routeQuery('getVulnerabilityFlow', { params: { id } })
export const useDecideRemediation = () =>
  useRoute('decideRemediation', ['getVulnerabilityFlow', 'getMetric', 'listMetricRows'])
