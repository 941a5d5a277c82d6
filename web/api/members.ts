import { routePages, routeQuery, useRoute } from './query.ts'

export const membersQuery = routeQuery('listMembers', { query: { limit: 200 } })
export const invitationsQuery = routeQuery('listInvitations', { query: { limit: 200 } })
export const apiTokensQuery = routeQuery('listApiTokens', { query: { limit: 200 } })
export const auditPages = routePages('listAuditEvents', null, (cursor) => ({ query: { cursor, limit: 50 } }))

export const useUpdateMember = () => useRoute('updateMember', ['listMembers'])
export const useCreateInvitation = () => useRoute('createInvitation', ['listInvitations', 'getOverview'])
export const useRevokeInvitation = () => useRoute('revokeInvitation', ['listInvitations'])
export const useCreateApiToken = () => useRoute('createApiToken', ['listApiTokens'])
export const useRevokeApiToken = () => useRoute('revokeApiToken', ['listApiTokens'])
