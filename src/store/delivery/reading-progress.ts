import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { ConnectionKey } from '../remotes/connections.ts'
import type { FeedTable } from '../schema.gen.ts'
import type { FeedRow } from './feeds.ts'

export type FeedTotals = {
  kind: FeedTable['kind']
  state: FeedRow['state']
  missing_scope: string | null
  feeds: number
  records: number
  bad: number
  requests: number
  /** Pages still to read where that is known, and feeds where it is not. */
  pages_left: number
  unknown: number
  /** Of those that were read as a whole. */
  average_pages: number | null
}

/** Sums over a connection's feeds, by kind, state and missing scope. */
export async function sumFeeds(db: Db, key: ConnectionKey & { now: Date }): Promise<FeedTotals[]> {
  const isDue = sql`(f.state = 'reading' or f.wakes > f.wakes_seen or (f.state in ('waiting', 'failed', 'fresh') and f.next_attempt_at <= ${key.now}))`
  const found = await sql<FeedTotals>`
    select f.kind, f.state, f.missing_scope, count(*)::integer as feeds,
      sum(f.records_read)::integer as records, sum(f.records_bad)::integer as bad, sum(f.requests_spent)::integer as requests,
      coalesce(sum(greatest(case when f.state = 'reading' then f.pages_expected - f.pages_read end, 1)) filter (
        where f.state = 'reading' and f.pages_expected is not null), 0)::integer
        + count(*) filter (where f.completed_at is not null and f.state <> 'reading' and ${isDue})::integer as pages_left,
      count(*) filter (where ${isDue} and (f.completed_at is null or f.state = 'reading')
        and (f.state <> 'reading' or f.pages_expected is null))::integer as unknown,
      avg(f.pages_read) filter (where f.completed_at is not null and f.pass = 'full')::float8 as average_pages
    from feed f
    left join repository r on r.organization_id = f.organization_id and r.id = f.repository_id
    where f.organization_id = ${key.organizationId}::uuid and f.connection_id = ${key.connectionId}::uuid
      and f.kind <> 'commits' and (f.repository_id is null or r.state in ('here', 'renamed'))
    group by f.kind, f.state, f.missing_scope`.execute(db)
  return found.rows
}

/** Repositories that have feeds, and those of which everything that may be read was read once. */
export async function countReadRepositories(db: Db, key: ConnectionKey): Promise<{ all: number; read: number }> {
  const found = await sql<{ all: number; read: number }>`
    select count(*)::integer as all, count(*) filter (where is_read)::integer as read from (
      select bool_and(f.completed_at is not null or f.state in ('forbidden', 'off')) as is_read
      from feed f
      join repository r on r.organization_id = f.organization_id and r.id = f.repository_id
      where f.organization_id = ${key.organizationId}::uuid and f.connection_id = ${key.connectionId}::uuid
        and f.kind <> 'commits' and r.state in ('here', 'renamed')
      group by f.repository_id) one`.execute(db)
  return found.rows[0] ?? { all: 0, read: 0 }
}

export type FeedOfRepository = FeedRow & {
  full_name: string | null
  web_url: string | null
  /** Of commits, once the repository was fetched. */
  clone: { bytes: number; git_operations: number; is_partial: boolean } | null
}

/** Feeds of the first repositories: what needs somebody, what is being read, what waits, then the rest by name. */
export async function listFeedsOfRepositories(
  db: Db,
  key: ConnectionKey & { limit: number },
): Promise<FeedOfRepository[]> {
  const found = await sql<FeedOfRepository>`
    with ranked as (
      select f.repository_id, min(case f.state when 'failed' then 0 when 'reading' then 1 when 'forbidden' then 2
        when 'waiting' then 3 else 4 end) as rank, min(r.workspace_slug || '/' || r.slug) as full_name, min(r.web_url) as web_url
      from feed f
      left join repository r on r.organization_id = f.organization_id and r.id = f.repository_id
      where f.organization_id = ${key.organizationId}::uuid and f.connection_id = ${key.connectionId}::uuid
        and (f.repository_id is null or r.state in ('here', 'renamed'))
      group by f.repository_id
      order by 2, 3 nulls first
      limit ${key.limit})
    select f.*, ranked.full_name, ranked.web_url, case when m.repository_id is not null then json_build_object(
      'bytes', m.size_bytes, 'git_operations', m.operations, 'is_partial', m.is_partial) end as clone
    from ranked
    join feed f on f.organization_id = ${key.organizationId}::uuid and f.connection_id = ${key.connectionId}::uuid
      and f.repository_id is not distinct from ranked.repository_id
    left join git_mirror m on f.kind = 'commits' and m.organization_id = f.organization_id
      and m.repository_id = f.repository_id
    order by ranked.rank, ranked.full_name nulls first, f.kind`.execute(db)
  return found.rows
}

/** The live connections with Bitbucket, by name. */
export async function findConnectionsToRead(
  db: Db,
  organizationId: string,
): Promise<{ connectionId: string; name: string }[]> {
  const rows = await db
    .selectFrom('connection')
    .select(['id', 'name'])
    .where('organization_id', '=', organizationId)
    .where('kind', '=', 'bitbucket')
    .where('state', '<>', 'disconnected')
    .orderBy('name')
    .orderBy('id')
    .execute()
  return rows.map(({ id, name }) => ({ connectionId: id, name }))
}
