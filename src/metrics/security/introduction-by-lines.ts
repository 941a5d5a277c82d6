import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { narrow } from '../select-pull-requests.ts'
import { joinIntroduced } from './introduction-rate.ts'

/**
 * A deployment's vulnerabilities are shared out among its pull requests by their lines, so that every pull request of it has
 * the deployment's own rate and weighs as much as it changed: the figure is all vulnerabilities to all lines. What came
 * through another pull request's merge has no lines of its own. One unknown size leaves its whole deployment without a rate.
 */
export const introductionByLines: Metric = {
  key: 'introduction_by_lines',
  title: 'Vulnerabilities a thousand changed lines',
  description:
    'Vulnerabilities first seen in what a production deployment contains, for each thousand lines its pull requests added or removed. Unknown where the size of one of them is.',
  unit: 'count',
  subject: 'pull_request',
  shape: 'weighted_mean',
  group: 'security',
  goal: { direction: 'lower', target: null },
  facts: (scope) => sql`
      select f.pull_request_id as id, f.repository_id, f.deployed_at as at,
        case when f.changed_lines is not null then coalesce(n.found, 0)::float8 * 1000 / nullif(f.deployed_lines, 0) end as value,
        coalesce(f.changed_lines, 0) as weight,
        coalesce(f.left_out, case when f.is_batch_merge then 'batch_merge' end) as left_out
      from deployment_change f ${joinIntroduced(scope)}
      where f.organization_id = ${scope.organizationId}::uuid and f.deployed_at >= ${scope.range.from} and f.deployed_at < ${scope.range.to}
        ${narrow(scope)}`,
}
