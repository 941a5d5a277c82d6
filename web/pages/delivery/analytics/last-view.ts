import { parseSearch, stringifySearch } from '../../../search-params.ts'
import { type AnalyticsSearch, toAnalyticsSearch } from './analytics-search.ts'

const key = 'weir:analytics-view'

/** Keeps the view that is looked at, as long as the tab is open, for the ways back to it. */
export function keepView(search: AnalyticsSearch): void {
  sessionStorage.setItem(key, stringifySearch(search))
}

/** The view that was looked at last in this tab; undefined where there was none. */
export function lastView(): AnalyticsSearch | undefined {
  const kept = sessionStorage.getItem(key)
  return kept === null ? undefined : toAnalyticsSearch(parseSearch(kept))
}
