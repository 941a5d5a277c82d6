import { routePages, routeQuery, useRoute } from './query.ts'

export const outgoingWebhooksQuery = routeQuery('listOutgoingWebhooks', { query: { limit: 200 } })
export const outgoingDeliveryPages = (id: string) =>
  routePages('listOutgoingDeliveries', id, (cursor) => ({ params: { id }, query: { cursor, limit: 50 } }))
export const outgoingDeliveryQuery = (id: string) => routeQuery('getOutgoingDelivery', { params: { id } })

export const useCreateOutgoingWebhook = () => useRoute('createOutgoingWebhook', ['listOutgoingWebhooks'])
export const useUpdateOutgoingWebhook = () => useRoute('updateOutgoingWebhook', ['listOutgoingWebhooks'])
export const useDeleteOutgoingWebhook = () => useRoute('deleteOutgoingWebhook', ['listOutgoingWebhooks'])
export const useRotateOutgoingSecret = () => useRoute('rotateOutgoingSecret', ['listOutgoingWebhooks'])
const log = ['listOutgoingWebhooks', 'listOutgoingDeliveries', 'getOutgoingDelivery'] as const
export const useTestOutgoingWebhook = () => useRoute('testOutgoingWebhook', log)
export const useResendOutgoingDelivery = () => useRoute('resendOutgoingDelivery', log)
