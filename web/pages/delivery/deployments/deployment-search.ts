import type { DeploymentFilter } from '../../../api/deployments.ts'
import { readChoice, readChoices, readMany, type SearchText, withoutEmpty } from '../../../search-params.ts'
import { hasOwnRange, rangeOf, readDay } from '../analytics/analytics-search.ts'

export const outcomes = ['successful', 'failed', 'stopped'] as const
export const judgements = ['failed', 'rework', 'marked'] as const
export const periods = ['7', '30', '90', '180', '365', 'all'] as const
export const usualPeriod = '90'

export type DeploymentSearch = {
  /** Days up to today; left out is 90. A range of its own comes before. */
  days?: (typeof periods)[number] | undefined
  from?: string | undefined
  to?: string | undefined
  repository?: string[] | undefined
  team?: string[] | undefined
  outcome?: (typeof outcomes)[number][] | undefined
  judged?: (typeof judgements)[number] | undefined
  /** Where the way back leads: left out, to Analytics. */
  back?: 'settings' | undefined
}

export function toDeploymentSearch(search: SearchText): DeploymentSearch {
  return withoutEmpty({
    days: readChoice(search, 'days', periods),
    from: readDay(search, 'from'),
    to: readDay(search, 'to'),
    repository: readMany(search, 'repository'),
    team: readMany(search, 'team'),
    outcome: readChoices(search, 'outcome', outcomes),
    judged: readChoice(search, 'judged', judgements),
    back: readChoice(search, 'back', ['settings'] as const),
  })
}

/** What the list is asked for: the same days as in Analytics, up to now where they are not named. */
export function toDeploymentFilter(search: DeploymentSearch, now: Date): DeploymentFilter {
  const { days, from: _from, to: _to, back: _back, ...rest } = search
  if (days === 'all' && !hasOwnRange(search)) return withoutEmpty(rest)
  const { from, to } = rangeOf({ ...search, days: days === 'all' ? undefined : days }, now)
  return withoutEmpty({
    ...rest,
    from: from.toISOString(),
    // What is told while the page is open is shown, too.
    to: hasOwnRange(search) ? to.toISOString() : undefined,
  })
}
