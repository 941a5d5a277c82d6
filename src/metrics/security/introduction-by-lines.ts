import { sql } from 'kysely'
import type { Metric } from '../metric.ts'
import { narrow } from '../select-pull-requests.ts'

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
        case when f.changed_lines is not null then coalesce(n.found, 0)::float8 * 1000 / nullif(f.lines, 0) end as value,
        coalesce(f.changed_lines, 0) as weight,
        coalesce(f.left_out, case when f.is_batch_merge then 'batch_merge' end) as left_out
      from (
        select c.*, own.changed_lines, case
            when count(*) filter (where not c.is_batch_merge) over whole = count(own.changed_lines) filter (where not c.is_batch_merge) over whole
            then sum(own.changed_lines) filter (where not c.is_batch_merge) over whole end as lines
        from deployment_change c
        join pull_request_figures own on own.organization_id = c.organization_id and own.pull_request_id = c.pull_request_id
        where c.organization_id = ${scope.organizationId}::uuid
          and c.deployed_at >= ${scope.range.from} and c.deployed_at < ${scope.range.to}
        window whole as (partition by c.deployment_id)) f
      left join (
        select v.introduced_deployment_id, count(*) as found from vulnerability_figures v
        where v.organization_id = ${scope.organizationId}::uuid and v.left_out is null
          and v.introduced_deployment_id is not null group by 1) n on n.introduced_deployment_id = f.deployment_id
      where true ${narrow(scope)}`,
}
