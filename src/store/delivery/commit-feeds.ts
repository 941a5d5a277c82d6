import { type Selectable, sql } from 'kysely'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../db.ts'
import type { FeedTable } from '../schema.gen.ts'

export type FeedKey = { organizationId: string; feedId: string }

/** A feed of commits with where its repository is. */
export type CommitFeed = Pick<Selectable<FeedTable>, 'attempts' | 'connection_id' | 'wakes'> & {
  repositoryId: string
  workspaceSlug: string
  slug: string
  /** Whether its pull requests are known; until then their commits are looked for soon again. */
  arePullRequestsKnown: boolean
}

/** Undefined for one that is not of commits. */
export async function findCommitFeed(db: Db, key: FeedKey): Promise<CommitFeed | undefined> {
  return db
    .selectFrom('feed as f')
    .innerJoin('repository as r', (join) =>
      join.onRef('r.organization_id', '=', 'f.organization_id').onRef('r.id', '=', 'f.repository_id'),
    )
    .select([
      'f.attempts',
      'f.wakes',
      'f.connection_id',
      'r.id as repositoryId',
      'r.workspace_slug as workspaceSlug',
      'r.slug',
      sql<boolean>`not exists (select from feed p where p.organization_id = f.organization_id
        and p.repository_id = f.repository_id and p.kind = 'pull_requests' and p.state <> 'fresh')`.as(
        'arePullRequestsKnown',
      ),
    ])
    .where('f.organization_id', '=', key.organizationId)
    .where('f.id', '=', key.feedId)
    .where('f.kind', '=', 'commits')
    .executeTakeFirst()
}

export async function countCommitsRead(db: Db, key: FeedKey & { count: number }): Promise<void> {
  await db
    .updateTable('feed')
    .set((set) => ({ records_read: set('records_read', '+', key.count) }))
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.feedId)
    .execute()
}

/** Pull requests come in page by page; their commits are not looked for at each of them. */
const restMs = 60_000

/**
 * Feeds of commits that are due: their time has come, or pull requests were read since. Crosses organizations, for the
 * sweep.
 */
export async function listDueCommitFeeds(db: Db, { now, limit }: { now: Date; limit: number }): Promise<FeedKey[]> {
  const rested = new Date(now.getTime() - restMs)
  const found = await sql<FeedKey>`
    select f.organization_id as "organizationId", f.id as "feedId"
    from feed f
    join connection c on c.organization_id = f.organization_id and c.id = f.connection_id
      and c.state in ('active', 'limited', 'unreachable')
    join repository r on r.organization_id = f.organization_id and r.id = f.repository_id
      and r.state in ('here', 'renamed')
    where f.kind = 'commits' and (f.next_attempt_at <= ${now} or f.wakes > f.wakes_seen
      or (f.state = 'forbidden' and f.refused_version is distinct from c.credential_version)
      or (f.state = 'fresh' and f.completed_at < ${rested} and exists (
        select from feed p where p.organization_id = f.organization_id and p.repository_id = f.repository_id
          and p.kind = 'pull_requests' and p.completed_at > f.completed_at)))
    order by f.next_attempt_at limit ${limit}`.execute(db)
  return found.rows
}

/** Wherever pull requests are read, their commits are, too. */
export async function ensureCommitFeeds(
  db: Db,
  { newId, now, limit }: { newId: NewId; now: Date; limit: number },
): Promise<void> {
  const { rows } = await sql<{ organization_id: string; connection_id: string; repository_id: string | null }>`
    select f.organization_id, f.connection_id, f.repository_id from feed f
    where f.kind = 'pull_requests' and not exists (
      select from feed c where c.organization_id = f.organization_id and c.connection_id = f.connection_id
        and c.repository_id = f.repository_id and c.kind = 'commits')
    limit ${limit}`.execute(db)
  if (rows.length === 0) return
  await db
    .insertInto('feed')
    .values(
      rows.map((row) => ({ ...row, id: newId(), kind: 'commits' as const, next_attempt_at: now, updated_at: now })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
