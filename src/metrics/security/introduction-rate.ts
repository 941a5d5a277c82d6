import { type RawBuilder, sql } from 'kysely'
import type { Metric, MetricScope } from '../metric.ts'
import { narrow } from '../select-pull-requests.ts'

export const introductionRate: Metric = {
  key: 'introduction_rate',
  title: 'Vulnerabilities a pull request',
  description:
    'Vulnerabilities first seen in what a production deployment contains, for each pull request it brought: they are shared out among these.',
  unit: 'count',
  subject: 'pull_request',
  shape: 'mean',
  group: 'security',
  goal: { direction: 'lower', target: null },
  facts: (scope) =>
    sql`
      select f.pull_request_id as id, f.repository_id, f.deployed_at as at, coalesce(n.found, 0)::float8 / f.deployed_changes as value,
        coalesce(f.left_out, case when f.is_batch_merge then 'batch_merge' end) as left_out
      from deployment_change f ${joinIntroduced(scope)}
      where f.organization_id = ${scope.organizationId}::uuid and f.deployed_at >= ${scope.range.from} and f.deployed_at < ${scope.range.to}
        and f.deployed_changes > 0 ${narrow(scope)}`,
}

/** For `f` of a change: how many vulnerabilities came with its deployment, as `n`. They came as it ended. */
export function joinIntroduced({ organizationId, range }: MetricScope): RawBuilder<unknown> {
  return sql`left join (
      select v.introduced_deployment_id, count(*) as found from vulnerability_figures v
      where v.organization_id = ${organizationId}::uuid and v.left_out is null and v.introduced_deployment_id is not null
        and v.introduced_at >= ${range.from} and v.introduced_at < ${range.to}
      group by 1) n on n.introduced_deployment_id = f.deployment_id`
}
