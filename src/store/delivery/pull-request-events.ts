import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { PullRequestEventTable } from '../schema.gen.ts'

export type SeenEvent = {
  pullRequestId: string
  kind: PullRequestEventTable['kind']
  key: string
  at: Date
  contributorId: string | null
  parentKey: string | null
  path: string | null
  isDeleted: boolean
  commit: string | null
  /** Keys that stand in its text; null where no text was told. */
  keys: readonly string[] | null
}

/**
 * Writes what happened, each thing (kind and key of a pull request) given once: of several tellings the earliest
 * counts, and what is deleted stays deleted; keys are those of the text as it was told last. Answers the pull requests
 * where something was new.
 */
export async function upsertEvents(
  tx: Db,
  organizationId: string,
  seen: readonly SeenEvent[],
): Promise<{ pullRequestId: string; kind: string; key: string }[]> {
  const { told = [], untold = [] } = Object.groupBy(seen, ({ keys }) => (keys === null ? 'untold' : 'told'))
  return [
    ...(await upsert(tx, { organizationId, seen: told, isTextTold: true })),
    ...(await upsert(tx, { organizationId, seen: untold, isTextTold: false })),
  ]
}

type Upserting = { organizationId: string; seen: readonly SeenEvent[]; isTextTold: boolean }

async function upsert(tx: Db, { organizationId, seen, isTextTold }: Upserting) {
  if (seen.length === 0) return []
  const rows = await tx
    .insertInto('pull_request_event')
    .values(
      seen.map((one) => ({
        organization_id: organizationId,
        pull_request_id: one.pullRequestId,
        kind: one.kind,
        remote_key: one.key,
        at: one.at,
        contributor_id: one.contributorId,
        parent_key: one.parentKey,
        path: one.path,
        is_deleted: one.isDeleted,
        commit: one.commit,
        keys: [...(one.keys ?? [])],
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'pull_request_id', 'kind', 'remote_key'])
        .doUpdateSet({
          at: sql`least(pull_request_event.at, excluded.at)`,
          contributor_id: sql`case when excluded.at < pull_request_event.at
            then coalesce(excluded.contributor_id, pull_request_event.contributor_id)
            else coalesce(pull_request_event.contributor_id, excluded.contributor_id) end`,
          parent_key: sql`coalesce(excluded.parent_key, pull_request_event.parent_key)`,
          path: sql`coalesce(excluded.path, pull_request_event.path)`,
          is_deleted: sql`pull_request_event.is_deleted or excluded.is_deleted`,
          keys: isTextTold ? sql`excluded.keys` : sql`pull_request_event.keys`,
        })
        .where(
          sql<boolean>`excluded.at < pull_request_event.at or (excluded.is_deleted and not pull_request_event.is_deleted)
            or (pull_request_event.contributor_id is null and excluded.contributor_id is not null)
            or (${isTextTold} and excluded.keys <> pull_request_event.keys)`,
        ),
    )
    .returning(['pull_request_id', 'kind', 'remote_key'])
    .execute()
  return rows.map((row) => ({ pullRequestId: row.pull_request_id, kind: row.kind, key: row.remote_key }))
}

/**
 * When pull requests were merged or closed: the moment their history tells, else the remote's own word, else the
 * earliest change we saw them over by, which is an approximation.
 */
export async function settleClosings(
  tx: Db,
  { organizationId, pullRequestIds }: { organizationId: string; pullRequestIds: readonly string[] },
): Promise<void> {
  if (pullRequestIds.length === 0) return
  await sql`
    update pull_request p set
      merged_at = case when p.state = 'merged' then c.ended_at end,
      closed_at = case when p.state in ('declined', 'superseded') then c.ended_at end,
      closing_source = case when p.state <> 'open' then c.source end
    from (
      select q.id,
        coalesce(e.at, q.remote_closed_at, least(case when q.state = 'merged' then q.merged_at else q.closed_at end, q.remote_updated_at)) as ended_at,
        case when e.at is not null then 'activity' when q.remote_closed_at is not null then 'closed_on' else 'updated_on' end as source
      from pull_request q
      left join pull_request_event e on e.organization_id = q.organization_id and e.pull_request_id = q.id
        and e.kind = q.state and e.remote_key = ''
      where q.organization_id = ${organizationId}::uuid and q.id = any(${[...pullRequestIds]}::uuid[])
    ) c
    where p.organization_id = ${organizationId}::uuid and p.id = c.id
      and (p.merged_at, p.closed_at, p.closing_source) is distinct from (
        case when p.state = 'merged' then c.ended_at end,
        case when p.state in ('declined', 'superseded') then c.ended_at end,
        case when p.state <> 'open' then c.source end)`.execute(tx)
}

/** A comment that is gone is no review any more. */
export async function markCommentDeleted(
  tx: Db,
  key: { organizationId: string; repositoryId: string; pullRequest: number; commentId: string },
): Promise<void> {
  await tx
    .updateTable('pull_request_event')
    .set({ is_deleted: true })
    .where('organization_id', '=', key.organizationId)
    .where('kind', '=', 'comment')
    .where('remote_key', '=', key.commentId)
    .where('pull_request_id', 'in', (where) =>
      where
        .selectFrom('pull_request')
        .select('id')
        .where('organization_id', '=', key.organizationId)
        .where('repository_id', '=', key.repositoryId)
        .where('remote_id', '=', key.pullRequest),
    )
    .execute()
}
