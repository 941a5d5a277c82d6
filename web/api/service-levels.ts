import { routeQuery, useRoute } from './query.ts'

export const serviceLevelsQuery = routeQuery('getServiceLevels', {})
export const useUpdateServiceLevels = () =>
  useRoute('updateServiceLevels', ['getServiceLevels', 'getOverview', 'listVulnerabilities', 'getVulnerability'])
export const useTryServiceLevels = () => useRoute('tryServiceLevels')
