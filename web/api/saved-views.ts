import { routeQuery, useRoute } from './query.ts'

const changed = ['listSavedViews'] as const

export const savedViewsQuery = routeQuery('listSavedViews', {})
export const useCreateSavedView = () => useRoute('createSavedView', changed)
export const useUpdateSavedView = () => useRoute('updateSavedView', changed)
export const useDeleteSavedView = () => useRoute('deleteSavedView', changed)
