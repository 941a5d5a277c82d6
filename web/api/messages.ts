import { routePages, useRoute } from './query.ts'

export const messagePages = (id: string) =>
  routePages('listMessages', id, (cursor) => ({ params: { id }, query: { cursor, limit: 100 } }))

export const useCreateMessage = () => useRoute('createMessage', ['listMessages', 'getVulnerability'])
export const useUpdateMessage = () => useRoute('updateMessage', ['listMessages'])
export const useDeleteMessage = () => useRoute('deleteMessage', ['listMessages'])
export const useMarkThreadRead = () =>
  useRoute('markThreadRead', [
    'getVulnerability',
    'listVulnerabilities',
    'listNotifications',
    'getSession',
    'getOverview',
  ])
