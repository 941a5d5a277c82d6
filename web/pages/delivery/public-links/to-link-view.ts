import type { RouteInput } from '../../../api/route-types.ts'
import { type AnalyticsSearch, hasOwnRange, rangeOf, usualPeriod } from '../analytics/analytics-search.ts'

/** Those whose figures name no vulnerability and no person. */
export const shownGroups = ['dora', 'flow', 'reviews', 'health', 'pipelines'] as const

type LinkView = Omit<RouteInput<'createPublicLink'>['body'], 'name' | 'shows_titles' | 'expires_in_days'>

/** What a view of Analytics is narrowed by, for a link to it: days of the reader's zone, a range of its own as it is. */
export function toLinkView(view: AnalyticsSearch, now: Date): LinkView {
  const { from, to } = rangeOf(view, now)
  const period = hasOwnRange(view)
    ? { days: null, from: from.toISOString(), to: to.toISOString() }
    : { days: Number(view.days ?? usualPeriod), from: null, to: null }
  return {
    ...period,
    group: shownGroups.find((one) => one === view.group) ?? 'dora',
    repository_ids: view.repository ?? [],
    branches: view.branch ?? [],
    team_ids: view.team ?? [],
    labels: view.label ?? [],
    hours: view.hours ?? 'all',
    time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  }
}
