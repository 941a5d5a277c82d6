import { routePages, useRoute } from './query.ts'

export const conversationPages = (id: string) =>
  routePages('listConversation', id, (cursor) => ({ params: { id }, query: { cursor, limit: 100 } }))

export const useCreateMessage = () => useRoute('createMessage', ['listConversation', 'getVulnerability'])
export const useUpdateMessage = () => useRoute('updateMessage', ['listConversation'])
export const useDeleteMessage = () => useRoute('deleteMessage', ['listConversation'])
export const useMarkThreadRead = () =>
  useRoute('markThreadRead', [
    'getVulnerability',
    'listVulnerabilities',
    'listNotifications',
    'getSession',
    'getOverview',
  ])
