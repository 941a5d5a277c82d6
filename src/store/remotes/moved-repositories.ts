import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { ConnectionKey } from './connections.ts'

/** A repository whose workspace another connection is of. */
export type MovedRepository = { id: string; remote_uuid: string; workspace_uuid: string; to_connection_id: string }

/** Repositories of a connection that are assets and lie in a workspace of another one of the same host, at most 100. */
export async function listMovedRepositories(db: Db, key: ConnectionKey): Promise<MovedRepository[]> {
  const found = await sql<MovedRepository>`
    select r.id, r.remote_uuid, r.workspace_uuid, there.id as to_connection_id
    from repository r
    join connection c on c.organization_id = r.organization_id and c.id = r.connection_id
    join lateral (select o.id from connection o
      where o.organization_id = c.organization_id and o.kind = c.kind and o.api_url = c.api_url and o.id <> c.id
        and o.workspace_uuid = r.workspace_uuid and o.state <> 'disconnected' order by o.id limit 1) as there on true
    where r.organization_id = ${key.organizationId}::uuid and r.connection_id = ${key.connectionId}::uuid
      and r.workspace_uuid <> c.workspace_uuid and r.state = 'here'
      and exists (select from asset a where a.organization_id = r.organization_id and a.repository_id = r.id
        and a.archived_at is null)
    order by r.id limit 100`.execute(db)
  return found.rows
}
