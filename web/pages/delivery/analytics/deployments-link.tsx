import { AnchorLink } from '../../../ui/links.tsx'
import type { AnalyticsSearch } from './analytics-search.ts'

/** To all deployments of the same repositories, teams and days. */
export function DeploymentsLink({
  search: { repository, team, days, from, to },
}: {
  readonly search: AnalyticsSearch
}) {
  return (
    <AnchorLink to="/analytics/deployments" search={{ repository, team, days, from, to }}>
      All deployments and incidents
    </AnchorLink>
  )
}
