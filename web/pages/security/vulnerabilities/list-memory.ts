import { parseSearch, stringifySearch } from '../../../search-params.ts'
import { toVulnerabilitySearch, type VulnerabilitySearch } from './vulnerability-search.ts'

/** The list as it was last looked at in this window: its filters, and the order of the rows that were shown. */
export type ListMemory = { readonly search: VulnerabilitySearch; readonly ids: readonly string[] }

const key = 'weir:list'
/** As many rows as anybody steps through; more would only fill the storage. */
const most = 1000

export function rememberList(storage: Storage, { search, ids }: ListMemory): void {
  storage.setItem(key, JSON.stringify({ search: stringifySearch(search), ids: ids.slice(0, most) }))
}

/** What was remembered, or an empty list; what an older page wrote differently counts as nothing. */
export function recallList(storage: Storage): ListMemory {
  const nothing = { search: {}, ids: [] }
  try {
    const value: unknown = JSON.parse(storage.getItem(key) ?? 'null')
    if (typeof value !== 'object' || value === null || !('search' in value) || !('ids' in value)) return nothing
    if (typeof value.search !== 'string' || !Array.isArray(value.ids)) return nothing
    const ids: unknown[] = value.ids
    return {
      search: toVulnerabilitySearch(parseSearch(value.search)),
      ids: ids.filter((id) => typeof id === 'string'),
    }
  } catch {
    return nothing
  }
}

/** Place of a vulnerability in the list, counted from 1, with its neighbours; nothing where the list lacks it. */
export function placeIn({ ids }: ListMemory, id: string) {
  const index = ids.indexOf(id)
  if (index === -1) return undefined
  return { position: index + 1, total: ids.length, previous: ids[index - 1], next: ids[index + 1] }
}
