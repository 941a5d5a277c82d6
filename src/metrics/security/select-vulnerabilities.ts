import { type RawBuilder, sql } from 'kysely'
import type { LastingFact, MetricFact, MetricScope } from '../metric.ts'
import { narrowDeployments } from '../select-pull-requests.ts'

/** Moments of `vulnerability_figures` by which a vulnerability can belong to a range; each has an index. */
type Moment =
  | 'triaged_at'
  | 'fix_opened_at'
  | 'pr_opened_at'
  | 'first_review_at'
  | 'first_approval_at'
  | 'merged_at'
  | 'deployed_at'
  | 'sla_at'
  | 'first_fixed_at'

type Selection = {
  at: Moment
  /** Of `f`, the row of `vulnerability_figures`; an integer or null. */
  value: RawBuilder<number | null>
  where?: RawBuilder<boolean>
  /** A span of the way, where one that is negative is left out. */
  isSpan: boolean
}

/** One fact for each vulnerability whose moment lies in the range. */
export function selectVulnerabilities(
  scope: MetricScope,
  { at, value, where, isSpan }: Selection,
): RawBuilder<MetricFact> {
  const { from, to } = scope.range
  const moment = sql.ref(`f.${at}`)
  const leftOut = isSpan ? sql`coalesce(f.left_out, f.span_left_out)` : sql`f.left_out`
  return sql<MetricFact>`
    select f.vulnerability_id as id, f.repository_id, ${moment} as at, ${value} as value, ${leftOut} as left_out
    from vulnerability_figures f
    where f.organization_id = ${scope.organizationId}::uuid and ${moment} >= ${from} and ${moment} < ${to}
      ${narrowVulnerabilities(scope)} ${where === undefined ? sql`` : sql`and ${where}`}`
}

/** Vulnerabilities exposed at some moment of the range: from when they came into production until the fix did. */
export function selectExposed(scope: MetricScope): RawBuilder<LastingFact> {
  const { from, to } = scope.range
  // In two halves, since an index finds either, and not one or the other.
  const half = (isOver: RawBuilder<boolean>) => sql<LastingFact>`
    select f.vulnerability_id as id, f.repository_id, f.introduced_at as at, f.exposure_ended_at as until, f.left_out
    from vulnerability_figures f
    where f.organization_id = ${scope.organizationId}::uuid and ${isOver} and f.introduced_at < ${to}
      ${narrowVulnerabilities(scope)}`
  return sql`${half(sql`f.exposure_ended_at is null`)} union all ${half(sql`f.exposure_ended_at >= ${from}`)}`
}

/** The filters of a scope, for `f` with a repository and a severity. The default branch alone is counted. */
export function narrowVulnerabilities(scope: MetricScope): RawBuilder<unknown> {
  const ofSeverities =
    scope.severities === undefined ? sql`` : sql`and f.severity = any(${[...scope.severities]}::text[])`
  return sql`${narrowDeployments(scope)} ${ofSeverities}`
}
