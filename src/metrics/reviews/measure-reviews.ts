import { sql } from 'kysely'
import type { ReviewCell } from '../../domain/delivery/fold-matrix.ts'
import type { Db } from '../../store/db.ts'
import type { MetricScope } from '../metric.ts'
import { narrow } from '../select-pull-requests.ts'

/** Who reviewed whose pull requests, by the moment of each reviewer's first word; what is left out is told with its reason. */
export async function listReviewCells(
  db: Db,
  scope: MetricScope,
): Promise<{ cells: ReviewCell[]; excluded: { reason: string; count: number }[] }> {
  const { from, to } = scope.range
  const found = await sql<ReviewCell & { leftOut: string | null }>`
    select f.reviewer_id as "reviewerId", f.author_id as "authorId", f.left_out as "leftOut", count(*) as count
    from pull_request_review f
    where f.organization_id = ${scope.organizationId}::uuid and f.first_at >= ${from} and f.first_at < ${to} ${narrow(scope)}
    group by 1, 2, 3 order by 1, 2, 3`.execute(db)
  const cells = found.rows.filter(({ leftOut }) => leftOut === null)
  const reasons = Map.groupBy(found.rows, ({ leftOut }) => leftOut)
  reasons.delete(null)
  return {
    cells: cells.map(({ reviewerId, authorId, count }) => ({ reviewerId, authorId, count })),
    excluded: [...reasons].flatMap(([reason, rows]) =>
      reason === null ? [] : [{ reason, count: rows.reduce((sum, { count }) => sum + count, 0) }],
    ),
  }
}

/**
 * People, and not programs, who opened a pull request, reviewed one or wrote a commit in the range. Commits go into no
 * branch, and have neither label nor team: where one is asked for, only pull requests tell.
 */
export async function listActivePeople(db: Db, scope: MetricScope): Promise<string[]> {
  const { organizationId, repositoryIds, branches, labels, teamIds } = scope
  const { from, to } = scope.range
  const ofRepositories =
    repositoryIds === undefined ? sql`` : sql`and m.repository_id = any(${[...repositoryIds]}::uuid[])`
  const commits =
    branches === undefined && labels === undefined && teamIds === undefined
      ? sql`union select distinct coalesce(c.merged_into, c.id) from commit m
        join contributor c on c.organization_id = m.organization_id and c.id = m.author_id
        left join contributor k on k.organization_id = c.organization_id and k.id = c.merged_into
        where m.organization_id = ${organizationId}::uuid and m.authored_at >= ${from} and m.authored_at < ${to}
          and not (c.is_bot or coalesce(k.is_bot, false)) ${ofRepositories}`
      : sql``
  const found = await sql<{ id: string }>`
    select f.author_id as id from pull_request_figures f
    where f.organization_id = ${organizationId}::uuid and f.opened_at >= ${from} and f.opened_at < ${to}
      and f.author_id is not null and f.left_out is null ${narrow(scope)}
    union select f.reviewer_id from pull_request_review f
    where f.organization_id = ${organizationId}::uuid and f.first_at >= ${from} and f.first_at < ${to}
      and f.left_out is null ${narrow(scope)}
    ${commits}`.execute(db)
  return found.rows.map(({ id }) => id)
}

/** How many open pull requests each person was asked to review and has not said a word about, as it is now. */
export async function listOpenRequests(db: Db, scope: MetricScope): Promise<{ personId: string; count: number }[]> {
  const found = await sql<{ personId: string; count: number }>`
    select coalesce(c.merged_into, c.id) as "personId", count(distinct f.pull_request_id) as count
    from pull_request_figures f
    join pull_request_reviewer r on r.organization_id = f.organization_id and r.pull_request_id = f.pull_request_id
    join contributor c on c.organization_id = r.organization_id and c.id = r.contributor_id
    where f.organization_id = ${scope.organizationId}::uuid and f.ended_at is null and f.ready_at is not null
      and f.left_out is null and r.role = 'reviewer' and r.state is null and not c.is_bot
      and not exists (select from pull_request_review v where v.organization_id = f.organization_id
        and v.pull_request_id = f.pull_request_id and v.reviewer_id = coalesce(c.merged_into, c.id))
      ${narrow(scope)}
    group by 1 order by 1`.execute(db)
  return found.rows
}
