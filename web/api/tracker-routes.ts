import { routePages, routeQuery, useRoute } from './query.ts'

export const trackerRoutePages = routePages('listTrackerRoutes', null, (cursor) => ({ query: { cursor, limit: 50 } }))
export const trackersQuery = routeQuery('listTrackers', {})
export const destinationPages = (q: string | undefined) =>
  routePages('listAssetDestinations', q ?? '', (cursor) => ({ query: { cursor, q, limit: 50 } }))

export const jiraProjectsQuery = (id: string, q: string) =>
  routeQuery('listJiraProjects', { params: { id }, query: { q } })
export const jiraTypesQuery = (id: string, project: string) =>
  routeQuery('listJiraIssueTypes', { params: { id, project } })
export const jiraFieldsQuery = (id: string, { project, issueType }: { project: string; issueType: string }) =>
  routeQuery('listJiraFields', { params: { id, project, issue_type: issueType } })
export const jiraStatusesQuery = (id: string, { project, issueType }: { project: string; issueType: string }) =>
  routeQuery('listJiraStatuses', { params: { id, project, issue_type: issueType } })
export const jiraPeopleQuery = (id: string, { project, q }: { project: string; q: string }) =>
  routeQuery('listJiraPeople', { params: { id, project }, query: { q } })

const routeLists = ['listTrackerRoutes', 'listAssetDestinations', 'getVulnerability'] as const
export const useCreateTrackerRoute = () => useRoute('createTrackerRoute', routeLists)
export const useUpdateTrackerRoute = () => useRoute('updateTrackerRoute', [...routeLists, 'countUnalignedItems'])
export const unalignedQuery = (id: string) => routeQuery('countUnalignedItems', { params: { id } })
export const useAlignItems = () => useRoute('alignItems', ['countUnalignedItems'])
export const useDeleteTrackerRoute = () => useRoute('deleteTrackerRoute', routeLists)
