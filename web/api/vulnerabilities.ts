import { routePages, routeQuery, useRoute } from './query.ts'
import type { RouteInput } from './route-types.ts'

export type VulnerabilityFilter = Omit<NonNullable<RouteInput<'listVulnerabilities'>['query']>, 'cursor' | 'limit'>

export const vulnerabilityPages = (filter: VulnerabilityFilter) =>
  routePages('listVulnerabilities', filter, (cursor) => ({ query: { ...filter, cursor, limit: 50 } }))
export const vulnerabilitySearch = (q: string) =>
  routeQuery('listVulnerabilities', { query: { q, branch: '*', limit: 8 } })
export const tagsQuery = routeQuery('listVulnerabilityTags', {})
export const worstOpenQuery = routeQuery('listVulnerabilities', { query: { open: true, sort: 'severity', limit: 6 } })
export const vulnerabilityQuery = (id: string) => routeQuery('getVulnerability', { params: { id } })
export const vulnerabilityEventPages = (id: string) =>
  routePages('listVulnerabilityEvents', id, (cursor) => ({ params: { id }, query: { cursor, limit: 50 } }))
export const defectsQuery = (id: string) => routeQuery('listDefects', { params: { id } })

const changed = [
  'getVulnerability',
  'listVulnerabilities',
  'listVulnerabilityTags',
  'listVulnerabilityEvents',
  'getOverview',
] as const
export const useMoveVulnerability = () => useRoute('moveVulnerability', changed)
export const useUpdateVulnerability = () => useRoute('updateVulnerability', changed)
/** Everything a change of several at once can show. */
export const staleAfterChange = [...changed, 'listDefects', 'listDeliveries'] as const
export const useLinkVulnerability = () => useRoute('linkVulnerability', staleAfterChange)
export const useUnlinkDefect = () => useRoute('unlinkDefect', staleAfterChange)
export const useSendVulnerability = () => useRoute('sendVulnerability', staleAfterChange)
