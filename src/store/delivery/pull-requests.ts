import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { PullRequestReviewerTable, PullRequestTable } from '../schema.gen.ts'

export type SeenPullRequest = {
  id: string
  remoteId: number
  title: string
  description: string
  state: PullRequestTable['state']
  isDraft: boolean
  authorId: string | null
  closedById: string | null
  sourceBranch: string | null
  destinationBranch: string | null
  sourceCommit: string | null
  mergeCommit: string | null
  openedAt: Date
  updatedAt: Date
  closedAt: Date | null
  commentCount: number
  taskCount: number
  webUrl: string
}

type Place = { organizationId: string; repositoryId: string; now: Date }

/** `force`: an equal telling counts too, as when what was read before is understood anew. */
type Writing = Place & { force?: boolean }

/**
 * Writes pull requests as the remote tells them; an older telling changes nothing. Answers those that are new here or
 * were older here.
 */
export async function upsertPullRequests(
  tx: Db,
  { organizationId, repositoryId, now, force = false }: Writing,
  seen: readonly SeenPullRequest[],
): Promise<{ id: string; remoteId: number }[]> {
  if (seen.length === 0) return []
  const isNewer = force
    ? sql<boolean>`excluded.remote_updated_at >= pull_request.remote_updated_at`
    : sql<boolean>`excluded.remote_updated_at > pull_request.remote_updated_at`
  const rows = await tx
    .insertInto('pull_request')
    .values(
      seen.map((one) => ({
        ...toColumns(one),
        organization_id: organizationId,
        repository_id: repositoryId,
        updated_at: now,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'repository_id', 'remote_id'])
        .doUpdateSet((set) => ({
          title: set.ref('excluded.title'),
          description: set.ref('excluded.description'),
          author_id: set.ref('excluded.author_id'),
          closed_by_id: set.ref('excluded.closed_by_id'),
          state: set.ref('excluded.state'),
          is_draft: set.ref('excluded.is_draft'),
          source_branch: set.ref('excluded.source_branch'),
          destination_branch: set.ref('excluded.destination_branch'),
          source_commit: set.ref('excluded.source_commit'),
          merge_commit: set.ref('excluded.merge_commit'),
          // The full name is of that commit alone.
          merge_sha: sql<
            string | null
          >`case when pull_request.merge_commit is not distinct from excluded.merge_commit then pull_request.merge_sha end`,
          opened_at: set.ref('excluded.opened_at'),
          remote_updated_at: set.ref('excluded.remote_updated_at'),
          remote_closed_at: set.ref('excluded.remote_closed_at'),
          comment_count: set.ref('excluded.comment_count'),
          task_count: set.ref('excluded.task_count'),
          web_url: set.ref('excluded.web_url'),
          updated_at: now,
        }))
        .where(isNewer),
    )
    .returning(['id', 'remote_id'])
    .execute()
  return rows.map((row) => ({ id: row.id, remoteId: row.remote_id }))
}

/** As a listing tells it. */
function toColumns(one: SeenPullRequest) {
  return {
    id: one.id,
    remote_id: one.remoteId,
    title: one.title,
    description: one.description,
    author_id: one.authorId,
    closed_by_id: one.closedById,
    state: one.state,
    is_draft: one.isDraft,
    source_branch: one.sourceBranch,
    destination_branch: one.destinationBranch,
    source_commit: one.sourceCommit,
    merge_commit: one.mergeCommit,
    opened_at: one.openedAt,
    remote_updated_at: one.updatedAt,
    remote_closed_at: one.closedAt,
    comment_count: one.commentCount,
    task_count: one.taskCount,
    web_url: one.webUrl,
  }
}

/**
 * Notes pull requests that are only known by what happened to them, so that nothing of it is lost: whatever a listing
 * tells of them later is newer.
 */
export async function insertHeardPullRequests(
  tx: Db,
  { organizationId, repositoryId, now }: Place,
  heard: readonly { id: string; remoteId: number; title: string; webUrl: string; at: Date }[],
): Promise<void> {
  if (heard.length === 0) return
  await tx
    .insertInto('pull_request')
    .values(
      heard.map((one) => ({
        organization_id: organizationId,
        id: one.id,
        repository_id: repositoryId,
        remote_id: one.remoteId,
        title: one.title,
        state: 'open' as const,
        opened_at: one.at,
        remote_updated_at: new Date(0),
        web_url: one.webUrl,
        updated_at: now,
      })),
    )
    .onConflict((conflict) => conflict.columns(['organization_id', 'repository_id', 'remote_id']).doNothing())
    .execute()
}

/** Ids and ages of a repository's pull requests by their numbers. */
export async function listKnownPullRequests(
  db: Db,
  key: { organizationId: string; repositoryId: string; remoteIds: readonly number[] },
): Promise<Map<number, { id: string; openedAt: Date }>> {
  if (key.remoteIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('pull_request')
    .select(['id', 'remote_id', 'opened_at'])
    .where('organization_id', '=', key.organizationId)
    .where('repository_id', '=', key.repositoryId)
    .where('remote_id', 'in', [...key.remoteIds])
    .execute()
  return new Map(rows.map((row) => [row.remote_id, { id: row.id, openedAt: row.opened_at }]))
}

/** The next pull request below `below` (null: the first of all) that changed since then, by its number. */
export async function findPullRequestBelow(
  db: Db,
  key: { organizationId: string; repositoryId: string; below: number | null; changedSince: Date | null },
): Promise<number | undefined> {
  const { below, changedSince } = key
  const row = await db
    .selectFrom('pull_request')
    .select('remote_id')
    .where('organization_id', '=', key.organizationId)
    .where('repository_id', '=', key.repositoryId)
    .$if(below !== null, (query) => query.where('remote_id', '<', below ?? 0))
    .$if(changedSince !== null, (query) => query.where('remote_updated_at', '>=', changedSince ?? new Date(0)))
    .orderBy('remote_id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.remote_id
}

export type SeenReviewer = {
  pullRequestId: string
  contributorId: string
  role: PullRequestReviewerTable['role']
  state: PullRequestReviewerTable['state']
  participatedAt: Date | null
}

/** Replaces who was asked to review and who took part. */
export async function replaceReviewers(
  tx: Db,
  { organizationId, pullRequestIds }: { organizationId: string; pullRequestIds: readonly string[] },
  seen: readonly SeenReviewer[],
): Promise<void> {
  if (pullRequestIds.length === 0) return
  await tx
    .deleteFrom('pull_request_reviewer')
    .where('organization_id', '=', organizationId)
    .where('pull_request_id', 'in', [...pullRequestIds])
    .execute()
  if (seen.length === 0) return
  await tx
    .insertInto('pull_request_reviewer')
    .values(
      seen.map((one) => ({
        organization_id: organizationId,
        pull_request_id: one.pullRequestId,
        contributor_id: one.contributorId,
        role: one.role,
        state: one.state,
        participated_at: one.participatedAt,
      })),
    )
    .execute()
}

/** About how many entries the activity of a repository has: its comments, and a few changes of each pull request. */
export async function estimateActivity(db: Db, key: { organizationId: string; repositoryId: string }): Promise<number> {
  const row = await db
    .selectFrom('pull_request')
    .select(sql<number>`(coalesce(sum(comment_count), 0) + 4 * count(*))::integer`.as('entries'))
    .where('organization_id', '=', key.organizationId)
    .where('repository_id', '=', key.repositoryId)
    .executeTakeFirstOrThrow()
  return row.entries
}
