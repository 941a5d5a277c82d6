import { routePages, routeQuery, useRoute } from './query.ts'
import type { RouteInput } from './route-types.ts'

export const connectionsQuery = routeQuery('listConnections', { query: { limit: 100 } })
export const connectionQuery = (id: string) => routeQuery('getConnection', { params: { id } })
export const requirementsQuery = routeQuery('getBitbucketRequirements', {})
export const jiraRequirementsQuery = routeQuery('getJiraRequirements', {})
export const workspacesQuery = (id: string) => routeQuery('listRemoteWorkspaces', { params: { id } })
export const progressQuery = (id: string) => routeQuery('getConnectionProgress', { params: { id } })
export const followedQuery = (id: string) => routeQuery('listFollowedRepositories', { params: { id } })
export const reconciliationsQuery = (id: string) => routeQuery('listReconciliations', { params: { id } })
export const sendQueueQuery = (id: string) => routeQuery('getSendQueue', { params: { id } })
export const readingQuery = (id: string) => routeQuery('getReading', { params: { id } })
export const badRecordsQuery = (id: string) => routeQuery('listBadRecords', { params: { id } })
export const useReadNow = () => useRoute('readNow', ['getReading'])
export const useReconcile = () => useRoute('reconcileConnection')
export const repositoryPages = (id: string, q: string) =>
  routePages('listRemoteRepositories', [id, q], (cursor) => ({ params: { id }, query: { cursor, q, limit: 100 } }))

type WebhookFilter = NonNullable<RouteInput<'listWebhooks'>['query']>
export const webhookPages = (filter: WebhookFilter) =>
  routePages('listWebhooks', filter, (cursor) => ({ query: { ...filter, cursor, limit: 50 } }))

const connectionLists = ['listConnections', 'getConnection', 'getOverview', 'listWebhooks'] as const
export const useCreateConnection = () => useRoute('createConnection', connectionLists)
export const useStartOAuth = () => useRoute('startOAuth')
export const useFinishOAuth = () => useRoute('finishOAuth', connectionLists)
export const useCheckConnection = () => useRoute('checkConnection', connectionLists)
export const useRenewCredential = () => useRoute('renewCredential', connectionLists)
export const useSetExpiry = () => useRoute('setCredentialExpiry', connectionLists)
export const useMoveIssues = () => useRoute('moveWithdrawnIssues', [...connectionLists, 'listDeliveryFailures'])
export const useDisconnect = () => useRoute('disconnect', connectionLists)
/** The choice can end on another connection than the page's: whoever makes it goes there before these fetch again. */
export const useChooseWorkspace = () => useRoute('chooseWorkspace')
export const staleAfterWorkspace = [...connectionLists, 'listRemoteRepositories'] as const
export const useChooseRepositories = () =>
  useRoute('chooseRepositories', [...connectionLists, 'getConnectionProgress', 'listRemoteRepositories', 'listAssets'])
export const useRepairWebhook = () => useRoute('repairWebhook', ['listWebhooks', 'getConnection'])
export const useTestWebhook = () => useRoute('testWebhook', ['listWebhooks', 'getConnection', 'listConnections'])
export const useRevealWebhook = () => useRoute('revealWebhook')
export const useRotateWebhook = () => useRoute('rotateWebhookSecret', ['listWebhooks'])
export const useRemoveWebhook = () => useRoute('removeWebhook', ['listWebhooks', 'getConnection'])
