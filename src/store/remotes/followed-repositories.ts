import { sql } from 'kysely'
import type { Db } from '../db.ts'

export type FollowedState =
  | 'gone'
  | 'forbidden'
  | 'no_webhook'
  | 'moved'
  | 'arrived'
  | 'handed_over'
  | 'renamed'
  | 'archived'
  | 'ok'

type FollowedRow = {
  id: string
  name: string
  full_name: string
  web_url: string
  state: Exclude<FollowedState, 'ok'>
  former_name: string | null
  renamed_at: Date | null
  /** When the remote was asked last. */
  looked_at: Date
  asset_id: string
  asset_name: string
  /** Name of another connection of the workspace it is in now. */
  connection_there: string | null
}

type Key = { organizationId: string; connectionId: string; renamedSince: Date }

/** Repositories of a connection that are assets, each with the worst that is to be said of it, and those another one follows now. */
const followed = ({ organizationId, connectionId, renamedSince }: Key) => sql`
  select r.id, r.name, r.workspace_slug || '/' || r.slug as full_name, r.web_url, r.former_name, r.renamed_at,
    r.updated_at as looked_at, a.id as asset_id, a.name as asset_name,
    (select o.name from connection o where o.organization_id = c.organization_id and o.kind = c.kind and o.api_url = c.api_url
      and o.id <> c.id and o.workspace_uuid = r.workspace_uuid and o.state <> 'disconnected' order by o.id limit 1) as connection_there,
    case
      when a.archived_at is not null then 'archived'
      when r.state in ('gone', 'forbidden') then r.state
      when r.workspace_uuid <> c.workspace_uuid then 'moved'
      when not exists (select from webhook w where w.organization_id = r.organization_id and w.connection_id = c.id
        and w.health = 'ok' and (w.subject = 'workspace' or w.repository_id = r.id)) then 'no_webhook'
      when r.renamed_at >= ${renamedSince}::timestamptz and exists (select from connection o
        where o.organization_id = c.organization_id and o.api_url = c.api_url and o.id <> c.id
          and o.workspace_slug = split_part(r.former_name, '/', 1)) then 'arrived'
      when r.renamed_at >= ${renamedSince}::timestamptz then 'renamed'
      else 'ok' end as state
  from repository r
  join connection c on c.organization_id = r.organization_id and c.id = r.connection_id
  join asset a on a.organization_id = r.organization_id and a.repository_id = r.id
  where r.organization_id = ${organizationId}::uuid and r.connection_id = ${connectionId}::uuid
    -- An asset that was archived and made anew is the new one.
    and (a.archived_at is null or not exists (select from asset b where b.organization_id = a.organization_id
      and b.repository_id = a.repository_id and (b.archived_at is null or (b.archived_at, b.id) > (a.archived_at, a.id))))
  union all
  select r.id, r.name, r.workspace_slug || '/' || r.slug, r.web_url, r.former_name, r.renamed_at, r.updated_at, a.id, a.name,
    there.name, 'handed_over'
  from connection c
  join repository r on r.organization_id = c.organization_id and r.connection_id <> c.id
    and r.renamed_at >= ${renamedSince}::timestamptz and split_part(r.former_name, '/', 1) = c.workspace_slug
  join connection there on there.organization_id = r.organization_id and there.id = r.connection_id
    and there.api_url = c.api_url and there.workspace_uuid <> c.workspace_uuid
  join asset a on a.organization_id = r.organization_id and a.repository_id = r.id and a.archived_at is null
  where c.organization_id = ${organizationId}::uuid and c.id = ${connectionId}::uuid`

/** How many are in each state; states without any are left out. */
export async function countFollowed(db: Db, key: Key): Promise<{ state: FollowedState; count: number }[]> {
  const found = await sql<{ state: FollowedState; count: number }>`
    select state, count(*)::integer as count from (${followed(key)}) as f group by state`.execute(db)
  return found.rows
}

/** Those of which something is to be said, the worst first, at most `limit`. */
export async function listTroubledRepositories(db: Db, { limit, ...key }: Key & { limit: number }) {
  const found = await sql<FollowedRow>`
    select * from (${followed(key)}) as f where state <> 'ok'
    order by array_position(array['gone', 'forbidden', 'moved', 'no_webhook', 'arrived', 'handed_over', 'renamed', 'archived'], state), full_name, id
    limit ${limit}`.execute(db)
  return found.rows
}
