import { routeQuery, useRoute } from './query.ts'

export const weeklyDigestQuery = routeQuery('getWeeklyDigest', {})
export const weekPreviewQuery = routeQuery('previewWeeklyDigest', {})
export const useUpdateWeeklyDigest = () => useRoute('updateWeeklyDigest', ['getWeeklyDigest'])
export const useUpdateWeeklyDigestForAll = () => useRoute('updateWeeklyDigestForAll', ['getWeeklyDigest'])
export const useSendWeeklyDigest = () => useRoute('sendWeeklyDigest')
