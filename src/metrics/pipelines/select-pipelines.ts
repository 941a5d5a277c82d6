import { type RawBuilder, sql } from 'kysely'
import type { MetricFact, MetricScope } from '../metric.ts'
import { narrowDeployments, repositoryLeftOut } from '../select-pull-requests.ts'

/** One fact for each pipeline that ended in the range; a branch is the one it ran on. `value` and `leftOut` are of `f`, the pipeline. */
export function selectPipelines(
  scope: MetricScope,
  { value, leftOut = sql`null` }: { value: RawBuilder<number | null>; leftOut?: RawBuilder<string | null> },
): RawBuilder<MetricFact> {
  const { from, to } = scope.range
  return sql<MetricFact>`
    select f.id, f.repository_id, f.completed_at as at, ${value} as value, coalesce(${repositoryLeftOut}, ${leftOut}) as left_out
    from pipeline f
    where f.organization_id = ${scope.organizationId}::uuid and f.completed_at >= ${from} and f.completed_at < ${to}
      ${narrowPipelines(scope)}`
}

/** Somebody stopped it, or it was never let go on: it says nothing of the code. Without a result: nobody knows. */
export const leftOutWithoutVerdict = sql<string | null>`case when f.result in ('stopped', 'expired') then f.result
  when f.result is null then 'unknown_result' end`

/** The filters of a scope, for `f`, the pipeline. */
export function narrowPipelines(scope: MetricScope): RawBuilder<unknown> {
  const { branches } = scope
  const ofBranches = branches === undefined ? sql`` : sql`and f.ref_name = any(${[...branches]}::text[])`
  return sql`${narrowDeployments(scope)} ${ofBranches}`
}
