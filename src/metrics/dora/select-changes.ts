import { type RawBuilder, sql } from 'kysely'
import type { MetricFact, MetricScope } from '../metric.ts'
import { narrow } from '../select-pull-requests.ts'

/** One fact for each pull request that went into production in the range. What shares its merge with another is one change with it. */
export function selectChanges(scope: MetricScope, value: RawBuilder<number | null>): RawBuilder<MetricFact> {
  const { from, to } = scope.range
  return sql<MetricFact>`
    select f.pull_request_id as id, f.repository_id, f.deployed_at as at, ${value} as value,
      coalesce(f.left_out, case when f.is_batch_merge then 'batch_merge' end) as left_out
    from deployment_change f
    where f.organization_id = ${scope.organizationId}::uuid and f.deployed_at >= ${from} and f.deployed_at < ${to}
      ${narrow(scope)}`
}
