import { type RawBuilder, sql } from 'kysely'
import type { MetricFact, MetricScope } from '../metric.ts'
import { narrowDeployments, repositoryLeftOut } from '../select-pull-requests.ts'

type Selection = {
  at: 'completed_at' | 'recovered_at'
  /** Of `f`, the row of `deployment_figures`; an integer or null. */
  value: RawBuilder<number | null>
  where: RawBuilder<boolean>
}

/** One fact for each production deployment, as they count, whose moment lies in the range. */
export function selectDeployments(scope: MetricScope, { at, value, where }: Selection): RawBuilder<MetricFact> {
  const { from, to } = scope.range
  const moment = sql.ref(`f.${at}`)
  return sql<MetricFact>`
    select f.deployment_id as id, f.repository_id, ${moment} as at, ${value} as value, ${repositoryLeftOut} as left_out
    from deployment_figures f
    where f.organization_id = ${scope.organizationId}::uuid and ${moment} >= ${from} and ${moment} < ${to} and ${where}
      ${narrowDeployments(scope)}`
}
