import type { DeploymentFilter } from '../../../api/deployments.ts'
import { readChoice, readChoices, readMany, type SearchText, withoutEmpty } from '../../../search-params.ts'

export const outcomes = ['successful', 'failed', 'stopped'] as const
export const judgements = ['failed', 'rework', 'marked'] as const
export const periods = ['7', '30', '90', '365', 'all'] as const
export const usualPeriod = '90'

export type DeploymentSearch = {
  /** Days up to now; left out is 90. */
  days?: (typeof periods)[number] | undefined
  repository?: string[] | undefined
  outcome?: (typeof outcomes)[number][] | undefined
  judged?: (typeof judgements)[number] | undefined
}

export function toDeploymentSearch(search: SearchText): DeploymentSearch {
  return withoutEmpty({
    days: readChoice(search, 'days', periods),
    repository: readMany(search, 'repository'),
    outcome: readChoices(search, 'outcome', outcomes),
    judged: readChoice(search, 'judged', judgements),
  })
}

/** What the list is asked for; days count back from `now`. */
export function toDeploymentFilter({ days = usualPeriod, ...rest }: DeploymentSearch, now: Date): DeploymentFilter {
  const from = days === 'all' ? undefined : new Date(now.getTime() - Number(days) * 86_400_000).toISOString()
  return withoutEmpty({ ...rest, from })
}
