import { type RawBuilder, sql } from 'kysely'
import type { LastingFact, MetricFact, MetricScope } from './metric.ts'

/** Moments of `pull_request_figures` by which a pull request can belong to a range; each has an index. */
type Moment = 'ready_at' | 'pickup_ended_at' | 'review_ended_at' | 'merged_at' | 'ended_at'

type Selection = {
  at: Moment
  /** Of `f`, the row of `pull_request_figures`; an integer or null. */
  value: RawBuilder<number | null>
  /** Which of them belong to the metric at all; all, where it is not told. */
  where?: RawBuilder<boolean>
  /** Why one is not counted; what is left out of every figure, where it is not told. */
  leftOut?: RawBuilder<string | null>
}

/** One fact for each pull request whose moment lies in the range. */
export function selectPullRequests(
  scope: MetricScope,
  { at, value, where, leftOut }: Selection,
): RawBuilder<MetricFact> {
  const { from, to } = scope.range
  const moment = sql.ref(`f.${at}`)
  return sql<MetricFact>`
    select f.pull_request_id as id, ${moment} as at, ${value} as value, ${leftOut ?? sql`f.left_out`} as left_out
    from pull_request_figures f
    where f.organization_id = ${scope.organizationId}::uuid and ${moment} >= ${from} and ${moment} < ${to}
      ${narrow(scope)} ${where === undefined ? sql`` : sql`and ${where}`}`
}

/** Pull requests that were ready and not over at some moment of the range; `at` and `until` of `f` say what lasts. */
export function selectOpenPullRequests(
  scope: MetricScope,
  { at, until }: { at: RawBuilder<Date>; until: RawBuilder<Date | null> },
): RawBuilder<LastingFact> {
  const { from, to } = scope.range
  // In two halves, since an index finds either, and not one or the other.
  const half = (isOver: RawBuilder<boolean>) => sql<LastingFact>`
    select f.pull_request_id as id, ${at} as at, ${until} as until, f.left_out
    from pull_request_figures f
    where f.organization_id = ${scope.organizationId}::uuid and ${isOver} and f.ready_at is not null and ${at} < ${to}
      ${narrow(scope)}`
  return sql`${half(sql`f.ended_at is null`)} union all ${half(sql`f.ended_at >= ${from}`)}`
}

/** The filters of a scope, for `f` with a repository and a destination branch. */
export function narrow({
  repositoryIds,
  branches,
}: Pick<MetricScope, 'repositoryIds' | 'branches'>): RawBuilder<unknown> {
  const ofRepositories =
    repositoryIds === undefined ? sql`` : sql`and f.repository_id = any(${[...repositoryIds]}::uuid[])`
  const ofBranches = branches === undefined ? sql`` : sql`and f.destination_branch = any(${[...branches]}::text[])`
  return sql`${ofRepositories} ${ofBranches}`
}
