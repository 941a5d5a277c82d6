import { routeQuery, useRoute } from './query.ts'

export const policiesQuery = routeQuery('listPolicies', { query: { limit: 200 } })
export const useCreatePolicy = () => useRoute('createPolicy', ['listPolicies'])
export const useUpdatePolicy = () => useRoute('updatePolicy', ['listPolicies'])
export const useDeletePolicy = () => useRoute('deletePolicy', ['listPolicies'])
export const useSendPolicy = () => useRoute('sendPolicy', ['listPolicies', 'listBulkChanges'])
export const useTryPolicy = () => useRoute('tryPolicy')
