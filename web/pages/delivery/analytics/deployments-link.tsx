import { AnchorLink } from '../../../ui/links.tsx'
import type { AnalyticsSearch } from './analytics-search.ts'

/** To all deployments of the same repositories, and of the same days where that page has them. */
export function DeploymentsLink({ search: { repository, days } }: { readonly search: AnalyticsSearch }) {
  // That page knows no half year: the year holds it.
  const period = days === '180' ? '365' : days
  return (
    <AnchorLink to="/analytics/deployments" search={{ repository, days: period }}>
      All deployments and incidents
    </AnchorLink>
  )
}
