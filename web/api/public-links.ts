import { keepPreviousData } from '@tanstack/react-query'
import { routeQuery, useRoute } from './query.ts'
import type { RouteInput } from './route-types.ts'

export const publicLinksQuery = routeQuery('listPublicLinks', {})
export const useUpdatePublicLinkSettings = () => useRoute('updatePublicLinkSettings', ['listPublicLinks'])
export const useCreatePublicLink = () => useRoute('createPublicLink', ['listPublicLinks'])
export const useRevokePublicLink = () => useRoute('revokePublicLink', ['listPublicLinks'])

/** What a guest may ask; the token decides all but the figure and its statistic. */
export const openedLinkQuery = (token: string) => routeQuery('openPublicLink', { body: { token } })
export const publicFigureQuery = (body: RouteInput<'getPublicFigure'>['body']) => ({
  ...routeQuery('getPublicFigure', { body }),
  placeholderData: keepPreviousData,
})
export const publicRowsQuery = (token: string, key: string) => routeQuery('listPublicRows', { body: { token, key } })
