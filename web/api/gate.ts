import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { GateSettings } from '../../contract/security/gate.ts'
import { call } from './call.ts'
import { routeQuery, useRoute } from './query.ts'

export const gateSettingsQuery = routeQuery('getGateSettings', {})
export const useUpdateGateSettings = () =>
  useRoute('updateGateSettings', ['getGateSettings', 'getAssetGate', 'listAssets', 'getAsset'])
export const assetGateQuery = (id: string, branch: string) =>
  routeQuery('getAssetGate', { params: { id }, query: { branch } })
export const useUpdateAssetGate = () => useRoute('updateAssetGate', ['getAssetGate', 'listAssets', 'getAsset'])

/** How the assets would be judged by these settings; what was said before stays until the answer is there. */
export const gateTrialQuery = (settings: GateSettings) =>
  queryOptions({
    queryKey: ['tryGateSettings', settings],
    queryFn: async () => call('tryGateSettings', { body: settings }),
    placeholderData: keepPreviousData,
  })
