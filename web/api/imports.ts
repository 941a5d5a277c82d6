import { routePages, routeQuery, useRoute } from './query.ts'
import type { RouteInput } from './route-types.ts'

type ImportFilter = NonNullable<RouteInput<'listImports'>['query']>
type ItemFilter = NonNullable<RouteInput<'listImportItems'>['query']>

export const importPages = (filter: ImportFilter) =>
  routePages('listImports', filter, (cursor) => ({ query: { ...filter, cursor, limit: 25 } }))
export const importQuery = (id: string) => routeQuery('getImport', { params: { id } })
export const importLogQuery = (id: string) => routeQuery('getImportLog', { params: { id } })
export const undoPreviewQuery = (id: string) => routeQuery('previewUndo', { params: { id } })
/** Asked now and then as well: what an event tells comes only to pages that are connected. */
export const importProgressQuery = (key: string) => ({
  ...routeQuery('getImportProgress', { query: { key } }),
  refetchInterval: 1000,
})
export const importItemPages = (id: string, filter: ItemFilter) =>
  routePages('listImportItems', [id, filter], (cursor) => ({
    params: { id },
    query: { ...filter, cursor, limit: 100 },
  }))

/** Everything an applied or undone import can change on screen. */
export const staleAfterImport = [
  'listImports',
  'getImport',
  'getImportLog',
  'listImportItems',
  'previewUndo',
  'listVulnerabilities',
  'getVulnerability',
  'listAssets',
  'getAsset',
  'getOverview',
] as const
export const useApplyImport = () => useRoute('applyImport', staleAfterImport)
export const useDiscardImport = () => useRoute('discardImport', staleAfterImport)
export const useUndoImport = () => useRoute('undoImport', staleAfterImport)
