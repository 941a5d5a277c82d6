import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { PageRequest } from '../page.ts'
import type { ConnectionRow } from './connections.ts'

/** A connection with what hangs on it, counted. */
export type CountedConnection = ConnectionRow & {
  repositories: number
  assets: number
  webhooks_ok: number
  webhooks_total: number
  /** Those that were refused, are gone, or are not as they should be. */
  webhooks_broken: number
  /** What is wrong with the oldest of them. */
  webhook_problem: string | null
  operations_waiting: number
}

/** Connections with their counts, by id; one when `connectionId` is given. One more than `limit`. */
export async function listCountedConnections(
  db: Db,
  input: { organizationId: string; connectionId?: string; page: PageRequest },
): Promise<CountedConnection[]> {
  const { organizationId, connectionId, page } = input
  let query = db
    .selectFrom('connection as c')
    .selectAll('c')
    .select([
      sql<number>`(select count(*) from repository r where r.organization_id = c.organization_id and r.connection_id = c.id)`.as(
        'repositories',
      ),
      sql<number>`(select count(*) from asset a join repository r on r.organization_id = a.organization_id and r.id = a.repository_id
        where r.organization_id = c.organization_id and r.connection_id = c.id and a.archived_at is null)`.as('assets'),
      sql<number>`(select count(*) from webhook w where w.organization_id = c.organization_id and w.connection_id = c.id
        and w.health = 'ok')`.as('webhooks_ok'),
      sql<number>`(select count(*) from webhook w where w.organization_id = c.organization_id and w.connection_id = c.id
        and w.health <> 'removed')`.as('webhooks_total'),
      sql<number>`(select count(*) from webhook w where w.organization_id = c.organization_id and w.connection_id = c.id
        and w.health not in ('ok', 'pending', 'removed'))`.as('webhooks_broken'),
      sql<string | null>`(select w.health_reason from webhook w where w.organization_id = c.organization_id
        and w.connection_id = c.id and w.health not in ('ok', 'pending', 'removed') order by w.id limit 1)`.as(
        'webhook_problem',
      ),
      sql<number>`(select count(*) from operation o where o.organization_id = c.organization_id and o.connection_id = c.id
        and o.state in ('queued', 'waiting'))`.as('operations_waiting'),
    ])
    .where('c.organization_id', '=', organizationId)
    .orderBy('c.id')
    .limit(page.limit + 1)
  if (page.after !== null) query = query.where('c.id', '>', page.after)
  if (connectionId !== undefined) query = query.where('c.id', '=', connectionId)
  const rows = await query.execute()
  return rows.map(({ sealed_credential: _sealed, ...row }) => row)
}
