import { routePages, routeQuery, useRoute } from './query.ts'
import type { RouteResponse } from './route-types.ts'

type Filter = {
  readonly unread: boolean
  readonly kinds: RouteResponse<'listNotifications'>['items'][number]['kind'][]
}

export const notificationPages = ({ unread, kinds }: Filter) =>
  routePages('listNotifications', { unread, kinds }, (cursor) => ({
    query: { cursor, limit: 50, ...(unread && { unread }), ...(kinds.length > 0 && { kind: kinds }) },
  }))
export const notificationSettingsQuery = routeQuery('getNotificationSettings', {})
export const useUpdateNotificationSettings = () => useRoute('updateNotificationSettings', ['getNotificationSettings'])
export const mailQuery = routeQuery('getMailState', {})
export const useSendTestMail = () => useRoute('sendTestMail', ['getMailState'])
export const useSetChat = () => useRoute('setNotificationChat', ['getNotificationSettings'])
export const useTestChat = () => useRoute('testNotificationChat', ['getNotificationSettings'])
export const unsubscriptionQuery = (token: string) => routeQuery('findUnsubscription', { body: { token } })
export const useUnsubscribe = () => useRoute('unsubscribe')
export const useReadNotifications = () =>
  useRoute('readNotifications', [
    'listNotifications',
    'getSession',
    'listVulnerabilities',
    'getVulnerability',
    'getOverview',
  ])
