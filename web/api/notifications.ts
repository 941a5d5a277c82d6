import { routePages, useRoute } from './query.ts'

export const notificationPages = (unread: boolean) =>
  routePages('listNotifications', unread, (cursor) => ({ query: { cursor, limit: 50, ...(unread && { unread }) } }))
export const useReadNotifications = () =>
  useRoute('readNotifications', [
    'listNotifications',
    'getSession',
    'listVulnerabilities',
    'getVulnerability',
    'getOverview',
  ])
