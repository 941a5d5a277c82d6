import type { SavedView } from '../../../../contract/security/saved-views.ts'
import { parseSearch, stringifySearch } from '../../../search-params.ts'
import { toVulnerabilitySearch, type VulnerabilitySearch } from './vulnerability-search.ts'

/** What a view keeps of the address: all but which view it began as. Names in order, so that equal lists are equal texts. */
export function toViewSearch(search: VulnerabilitySearch): string {
  const { saved: _saved, ...kept } = search
  return stringifySearch(Object.fromEntries(Object.entries(kept).toSorted(([a], [b]) => (a < b ? -1 : 1))))
}

/** The address of a view. What an older page wrote and this one does not know is left out. */
export function toAddress(view: Pick<SavedView, 'id' | 'search'>): VulnerabilitySearch {
  return { ...toVulnerabilitySearch(parseSearch(view.search)), saved: view.id }
}

/** Whether the list was changed since the view was saved. */
export function isChanged(view: Pick<SavedView, 'id' | 'search'>, search: VulnerabilitySearch): boolean {
  return toViewSearch(toAddress(view)) !== toViewSearch(search)
}
