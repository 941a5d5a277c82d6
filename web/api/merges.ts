import { routeQuery, useRoute } from './query.ts'

export const mergesQuery = (id: string) => routeQuery('listVulnerabilityMerges', { params: { id } })
/** What can be merged with a vulnerability: others of its asset and branch. */
export const mergeableQuery = (place: { assetId: string; branch: string }, q: string) =>
  routeQuery('listVulnerabilities', {
    query: { asset_id: [place.assetId], branch: place.branch, limit: 20, ...(q !== '' && { q }) },
  })

const stale = [
  'getVulnerability',
  'listVulnerabilities',
  'listVulnerabilityEvents',
  'listVulnerabilityMerges',
  'getOverview',
  'listDefects',
] as const
export const useMerge = () => useRoute('mergeVulnerabilities', stale)
export const useUnmerge = () => useRoute('unmergeVulnerability', stale)
export const useSplit = () => useRoute('splitVulnerability', stale)
export const useUnsplit = () => useRoute('unsplitVulnerability', stale)
