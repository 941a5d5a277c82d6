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
    select f.pull_request_id as id, f.repository_id, ${moment} as at, ${value} as value, ${leftOut ?? sql`f.left_out`} as left_out
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
    select f.pull_request_id as id, f.repository_id, ${at} as at, ${until} as until, f.left_out
    from pull_request_figures f
    where f.organization_id = ${scope.organizationId}::uuid and ${isOver} and f.ready_at is not null and ${at} < ${to}
      ${narrow(scope)}`
  return sql`${half(sql`f.ended_at is null`)} union all ${half(sql`f.ended_at >= ${from}`)}`
}

/** Seconds of `f`, by all hours of the day or by those of the team: a column and its like with `_business`. */
export function duration({ hours }: MetricScope, phase: string): RawBuilder<number | null> {
  return sql.ref(hours === 'business' ? `f.${phase}_business_s` : `f.${phase}_s`)
}

/** The filters of a scope, for `f` of a pull request. */
export function narrow(scope: MetricScope): RawBuilder<unknown> {
  const { organizationId, branches, labels, teamIds } = scope
  const ofBranches = branches === undefined ? sql`` : sql`and f.destination_branch = any(${[...branches]}::text[])`
  const ofLabels =
    labels === undefined
      ? sql``
      : sql`and f.pull_request_id in (select l.pull_request_id from pull_request_label l
          where l.organization_id = ${organizationId}::uuid and l.label = any(${[...labels]}::text[]))`
  // However many of the teams it is of, it is there once.
  const ofTeams =
    teamIds === undefined
      ? sql``
      : sql`and f.pull_request_id in (select t.pull_request_id from pull_request_team t
          where t.organization_id = ${organizationId}::uuid and t.team_id = any(${[...teamIds]}::uuid[]))`
  return sql`${narrowRepositories(scope)} ${ofBranches} ${ofLabels} ${ofTeams}`
}

/** Why a person left everything of its repository out, of `f`; null where nobody did. Of pull requests it is worked out. */
export const repositoryLeftOut = sql<string | null>`(select x.reason from figure_exclusion x
  where x.organization_id = f.organization_id and x.repository_id = f.repository_id)`

/** The same for `f` of a deployment, which has no author, branch or label: a team's are those of its repositories. */
export function narrowDeployments(scope: MetricScope): RawBuilder<unknown> {
  const { organizationId, teamIds } = scope
  const ofTeams =
    teamIds === undefined
      ? sql``
      : sql`and f.repository_id in (select t.repository_id from team_repository t
          where t.organization_id = ${organizationId}::uuid and t.team_id = any(${[...teamIds]}::uuid[]))`
  return sql`${narrowRepositories(scope)} ${ofTeams}`
}

function narrowRepositories({ repositoryIds }: MetricScope): RawBuilder<unknown> {
  return repositoryIds === undefined ? sql`` : sql`and f.repository_id = any(${[...repositoryIds]}::uuid[])`
}
