import { routeQuery, useRoute } from './query.ts'

export const mergesQuery = (id: string) => routeQuery('listVulnerabilityMerges', { params: { id } })
/** What can be merged with a vulnerability, the most alike first. */
export const mergeCandidatesQuery = (id: string, q: string) =>
  routeQuery('listMergeCandidates', { params: { id }, query: q === '' ? {} : { q } })

const stale = [
  'getVulnerability',
  'listVulnerabilities',
  'listVulnerabilityEvents',
  'listVulnerabilityMerges',
  'listMergeCandidates',
  'getOverview',
  'listDefects',
] as const
export const useMerge = () => useRoute('mergeVulnerabilities', stale)
export const useUnmerge = () => useRoute('unmergeVulnerability', stale)
export const useSplit = () => useRoute('splitVulnerability', stale)
export const useUnsplit = () => useRoute('unsplitVulnerability', stale)
