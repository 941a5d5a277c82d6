import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import { routeQuery, useRoute } from './query.ts'
import type { RouteInput } from './route-types.ts'

export const sendingSettingsQuery = routeQuery('getSendingSettings', {})
export const useUpdateSendingSettings = () => useRoute('updateSendingSettings', ['getSendingSettings'])

type Asked = RouteInput<'previewItem'>['body']

/** What an item would say; what was said before stays until the answer is there. */
export const itemPreviewQuery = (asked: Asked) =>
  queryOptions({
    queryKey: ['previewItem', asked],
    queryFn: async () => call('previewItem', { body: asked }),
    placeholderData: keepPreviousData,
    retry: false,
  })
