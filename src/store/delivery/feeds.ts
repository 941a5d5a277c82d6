import { type Selectable, sql, type Updateable } from 'kysely'
import { type FeedKind, repositoryFeedKinds } from '../../domain/delivery/feed-kinds.ts'
import type { Db } from '../db.ts'
import type { ConnectionKey } from '../remotes/connections.ts'
import { isNotPaused } from '../remotes/pause.ts'
import type { FeedTable } from '../schema.gen.ts'

export type FeedRow = Selectable<FeedTable>
/** A feed with the place it is read at. `kind` is never one that a clone answers. */
export type ReadableFeed = Omit<FeedRow, 'kind'> & {
  kind: FeedKind
  workspace_uuid: string
  remote_uuid: string | null
}

const readKinds = [...repositoryFeedKinds, 'members'] as const

/** Repositories and connections with Bitbucket that lack a feed. Crosses organizations, for the sweep. */
export async function listMissingFeeds(
  db: Db,
  { limit, only }: { limit: number; only?: ConnectionKey },
): Promise<{ organizationId: string; connectionId: string; repositoryId: string | null; kind: FeedKind }[]> {
  const found = await sql<{
    organization_id: string
    connection_id: string
    repository_id: string | null
    kind: FeedKind
  }>`
    select wanted.organization_id, wanted.connection_id, wanted.repository_id, wanted.kind
    from (
      select r.organization_id, r.connection_id, r.id as repository_id, k.kind
      from repository r
      join connection c on c.organization_id = r.organization_id and c.id = r.connection_id and c.kind = 'bitbucket'
      cross join unnest(${[...repositoryFeedKinds]}::text[]) as k(kind)
      where r.state in ('here', 'renamed') and c.state <> 'disconnected'
        and (${only?.organizationId ?? null}::uuid is null
          or (r.organization_id = ${only?.organizationId ?? null}::uuid and r.connection_id = ${only?.connectionId ?? null}::uuid))
      union all
      select c.organization_id, c.id, null, 'members'
      from connection c
      where c.kind = 'bitbucket' and c.state <> 'disconnected' and c.workspace_uuid is not null
        and (${only?.organizationId ?? null}::uuid is null
          or (c.organization_id = ${only?.organizationId ?? null}::uuid and c.id = ${only?.connectionId ?? null}::uuid))
    ) wanted
    where not exists (
      select from feed f where f.organization_id = wanted.organization_id and f.connection_id = wanted.connection_id
        and f.repository_id is not distinct from wanted.repository_id and f.kind = wanted.kind)
    limit ${limit}`.execute(db)
  return found.rows.map((row) => ({
    organizationId: row.organization_id,
    connectionId: row.connection_id,
    repositoryId: row.repository_id,
    kind: row.kind,
  }))
}

export async function insertFeeds(
  db: Db,
  now: Date,
  feeds: readonly {
    id: string
    organizationId: string
    connectionId: string
    repositoryId: string | null
    kind: FeedKind
  }[],
): Promise<void> {
  if (feeds.length === 0) return
  await db
    .insertInto('feed')
    .values(
      feeds.map((one) => ({
        organization_id: one.organizationId,
        id: one.id,
        connection_id: one.connectionId,
        repository_id: one.repositoryId,
        kind: one.kind,
        next_attempt_at: now,
        created_at: now,
        updated_at: now,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'connection_id', 'repository_id', 'kind']).doNothing(),
    )
    .execute()
}

/** Due: wanted now, begun, its time has come, or it was refused to another credential. */
const isDue = (now: Date) =>
  sql<boolean>`feed.state <> 'off' and (feed.wakes > feed.wakes_seen or feed.state = 'reading' or feed.next_attempt_at <= ${now}::timestamptz
    or (feed.state = 'forbidden' and feed.refused_version is distinct from connection.credential_version))`

const canBeRead = sql<boolean>`(feed.repository_id is null or repository.state in ('here', 'renamed'))`

const withPlace = (db: Db) =>
  db
    .selectFrom('feed')
    .innerJoin('connection', (join) =>
      join
        .onRef('connection.organization_id', '=', 'feed.organization_id')
        .onRef('connection.id', '=', 'feed.connection_id'),
    )
    .leftJoin('repository', (join) =>
      join
        .onRef('repository.organization_id', '=', 'feed.organization_id')
        .onRef('repository.id', '=', 'feed.repository_id'),
    )

/**
 * The feed of a connection whose turn it is: one that is wanted now, then one that was begun, then the longest due; of one
 * repository after the other, so that its figures are whole as soon as can be.
 */
export async function findDueFeed(db: Db, key: ConnectionKey & { now: Date }): Promise<ReadableFeed | undefined> {
  const row = await withPlace(db)
    .selectAll('feed')
    .select([
      sql<string | null>`coalesce(repository.workspace_uuid, connection.workspace_uuid)`.as('workspace_uuid'),
      'repository.remote_uuid',
    ])
    .where('feed.organization_id', '=', key.organizationId)
    .where('feed.connection_id', '=', key.connectionId)
    .where('feed.kind', 'in', [...readKinds])
    .where(isDue(key.now))
    .where(canBeRead)
    .orderBy(sql`feed.wakes > feed.wakes_seen`, 'desc')
    .orderBy(sql`feed.state = 'reading'`, 'desc')
    .orderBy('feed.next_attempt_at')
    .orderBy('feed.repository_id')
    .orderBy(sql`array_position(${[...repositoryFeedKinds]}::text[], feed.kind)`)
    .limit(1)
    .executeTakeFirst()
  if (row === undefined || row.workspace_uuid === null || row.kind === 'commits') return undefined
  return { ...row, kind: row.kind, workspace_uuid: row.workspace_uuid }
}

/** Connections that can work and have a feed to read. Crosses organizations, for the sweep. */
export async function listConnectionsToRead(
  db: Db,
  { now, limit }: { now: Date; limit: number },
): Promise<ConnectionKey[]> {
  const rows = await withPlace(db)
    .select(['connection.organization_id', 'connection.id'])
    .distinct()
    .where('connection.state', 'in', ['active', 'limited', 'unreachable'])
    .where(isNotPaused(now))
    .where('feed.kind', 'in', [...readKinds])
    .where(isDue(now))
    .where(canBeRead)
    .limit(limit)
    .execute()
  return rows.map((row) => ({ organizationId: row.organization_id, connectionId: row.id }))
}

type FeedKey = { organizationId: string; feedId: string }

export async function updateFeed(
  db: Db,
  { organizationId, feedId, now }: FeedKey & { now: Date },
  change: Updateable<FeedTable>,
): Promise<void> {
  await db
    .updateTable('feed')
    .set({ ...change, updated_at: now })
    .where('organization_id', '=', organizationId)
    .where('id', '=', feedId)
    .execute()
}

/** Counts requests that were made for a feed, whatever came of them. */
export async function addFeedRequests(db: Db, key: FeedKey & { count: number }): Promise<void> {
  if (key.count === 0) return
  await db
    .updateTable('feed')
    .set((set) => ({ requests_spent: set('requests_spent', '+', key.count) }))
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.feedId)
    .execute()
}

/** Holds a feed and answers where it stands, so that one process at a time carries it on. */
export async function lockFeed(tx: Db, key: FeedKey): Promise<FeedRow | undefined> {
  return tx
    .selectFrom('feed')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.feedId)
    .forUpdate()
    .executeTakeFirst()
}

/** Feeds that are to be read now: of one repository, or of all of a connection. What stands off stays off. Answers how many. */
export async function wakeFeeds(
  db: Db,
  key: ConnectionKey & { repositoryId?: string; kinds?: readonly FeedKind[]; now: Date },
): Promise<number> {
  const { repositoryId, kinds } = key
  const woken = await db
    .updateTable('feed')
    .set((set) => ({ wakes: set('wakes', '+', 1), updated_at: key.now }))
    .where('organization_id', '=', key.organizationId)
    .where('connection_id', '=', key.connectionId)
    .where('state', '<>', 'off')
    .$if(repositoryId !== undefined, (query) => query.where('repository_id', '=', repositoryId ?? ''))
    .where('kind', 'in', [...(kinds ?? readKinds)])
    .returning('id')
    .execute()
  return woken.length
}

/** Up to when a feed of a repository knows everything. */
export async function findFeedWatermark(
  db: Db,
  key: ConnectionKey & { repositoryId: string | null; kind: FeedKind },
): Promise<Date | null> {
  const row = await db
    .selectFrom('feed')
    .select('watermark')
    .where('organization_id', '=', key.organizationId)
    .where('connection_id', '=', key.connectionId)
    .where('repository_id', '=', key.repositoryId)
    .where('kind', '=', key.kind)
    .executeTakeFirst()
  return row?.watermark ?? null
}

/** The kind of a feed that is read by requests; undefined for one that a clone answers. */
export async function findReadFeed(db: Db, key: FeedKey): Promise<{ kind: FeedKind } | undefined> {
  const row = await db
    .selectFrom('feed')
    .select('kind')
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.feedId)
    .executeTakeFirst()
  return row === undefined || row.kind === 'commits' ? undefined : { kind: row.kind }
}
