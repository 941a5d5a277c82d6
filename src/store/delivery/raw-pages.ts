import { sql } from 'kysely'
import type { Db } from '../db.ts'

type FeedKey = { organizationId: string; feedId: string }

export async function insertRawPage(
  tx: Db,
  page: FeedKey & { id: string; readAt: Date; records: number; body: Uint8Array },
): Promise<void> {
  await tx
    .insertInto('raw_page')
    .values({
      organization_id: page.organizationId,
      id: page.id,
      feed_id: page.feedId,
      read_at: page.readAt,
      records: page.records,
      body: Buffer.from(page.body),
    })
    .execute()
}

export type BadRecord = { id: string; remoteKey: string | null; reason: string; body: string; fingerprint: string }

/** Keeps records that could not be understood, each once a feed. Answers how many were not kept before. */
export async function insertBadRecords(
  tx: Db,
  { organizationId, feedId, rawPageId, now }: FeedKey & { rawPageId: string | null; now: Date },
  bad: readonly BadRecord[],
): Promise<number> {
  if (bad.length === 0) return 0
  const rows = await tx
    .insertInto('bad_record')
    .values(
      bad.map((one) => ({
        organization_id: organizationId,
        id: one.id,
        feed_id: feedId,
        raw_page_id: rawPageId,
        remote_key: one.remoteKey,
        reason: one.reason,
        body: one.body,
        fingerprint: one.fingerprint,
        seen_at: now,
      })),
    )
    .onConflict((conflict) => conflict.columns(['organization_id', 'feed_id', 'fingerprint']).doNothing())
    .returning('id')
    .execute()
  return rows.length
}

/** Forgets what a page could not be understood of, before it is read again. Answers how many there were. */
export async function deleteBadRecords(tx: Db, key: { organizationId: string; rawPageId: string }): Promise<number> {
  const rows = await tx
    .deleteFrom('bad_record')
    .where('organization_id', '=', key.organizationId)
    .where('raw_page_id', '=', key.rawPageId)
    .returning('id')
    .execute()
  return rows.length
}

export type RawPage = { id: string; feedId: string; readAt: Date; body: Buffer }

/** The next pages in the order they were read. */
export async function listRawPages(
  db: Db,
  key: { organizationId: string; after: string | null; limit: number },
): Promise<RawPage[]> {
  const rows = await db
    .selectFrom('raw_page')
    .select(['id', 'feed_id', 'read_at', 'body'])
    .where('organization_id', '=', key.organizationId)
    .$if(key.after !== null, (query) => query.where('id', '>', key.after ?? ''))
    .orderBy('id')
    .limit(key.limit)
    .execute()
  return rows.map((row) => ({ id: row.id, feedId: row.feed_id, readAt: row.read_at, body: row.body }))
}

/** Bad records of a connection, latest first, with the feed they came by. */
export async function listBadRecords(db: Db, key: { organizationId: string; connectionId: string; limit: number }) {
  return db
    .selectFrom('bad_record')
    .innerJoin('feed', (join) =>
      join.onRef('feed.organization_id', '=', 'bad_record.organization_id').onRef('feed.id', '=', 'bad_record.feed_id'),
    )
    .leftJoin('repository', (join) =>
      join
        .onRef('repository.organization_id', '=', 'feed.organization_id')
        .onRef('repository.id', '=', 'feed.repository_id'),
    )
    .select([
      'bad_record.id',
      'bad_record.remote_key',
      'bad_record.reason',
      'bad_record.seen_at',
      'feed.kind',
      'repository.workspace_slug',
      'repository.slug',
      sql<string>`left(bad_record.body, 2000)`.as('body'),
    ])
    .where('bad_record.organization_id', '=', key.organizationId)
    .where('feed.connection_id', '=', key.connectionId)
    .orderBy('bad_record.id', 'desc')
    .limit(key.limit)
    .execute()
}
