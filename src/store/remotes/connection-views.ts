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
  operations_failed: number
  deliveries_failed: number
  /** Live items, and routes, that lead to a tracker the host has withdrawn. */
  withdrawn_items: number
  withdrawn_routes: number
}

/** Its test did not arrive, and nothing has since. */
const isLost = sql`(w.test_outcome is not distinct from 'lost' and coalesce(w.last_delivery_at, '-infinity') < w.tested_at)`
const isBroken = sql`(w.health not in ('ok', 'pending', 'removed') or (w.health = 'ok' and ${isLost}))`

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
        and w.health = 'ok' and not ${isLost})`.as('webhooks_ok'),
      sql<number>`(select count(*) from webhook w where w.organization_id = c.organization_id and w.connection_id = c.id
        and w.health <> 'removed')`.as('webhooks_total'),
      sql<number>`(select count(*) from webhook w where w.organization_id = c.organization_id and w.connection_id = c.id
        and ${isBroken})`.as('webhooks_broken'),
      sql<string | null>`(select case when w.health = 'ok' then w.test_note else w.health_reason end from webhook w
        where w.organization_id = c.organization_id and w.connection_id = c.id and ${isBroken} order by w.id limit 1)`.as(
        'webhook_problem',
      ),
      sql<number>`(select count(*) from operation o where o.organization_id = c.organization_id and o.connection_id = c.id
        and o.state in ('queued', 'waiting'))`.as('operations_waiting'),
      sql<number>`(select count(*) from operation o where o.organization_id = c.organization_id and o.connection_id = c.id
        and o.state = 'failed') + (select count(*) from commit_report k
        join asset a on a.organization_id = k.organization_id and a.id = k.asset_id
        join repository r on r.organization_id = a.organization_id and r.id = a.repository_id
        where k.organization_id = c.organization_id and r.connection_id = c.id and k.state = 'failed')`.as(
        'operations_failed',
      ),
      sql<number>`(select count(*) from delivery d where d.organization_id = c.organization_id and d.connection_id = c.id
        and d.state = 'failed')`.as('deliveries_failed'),
      sql<number>`(select count(*) from defect x where c.issues_gone_at is not null and x.organization_id = c.organization_id
        and x.connection_id = c.id and x.tracker = 'bitbucket-issues' and x.ended_at is null)`.as('withdrawn_items'),
      sql<number>`(select count(*) from route t where c.issues_gone_at is not null and t.organization_id = c.organization_id
        and t.tracker = 'bitbucket-issues' and (t.asset_id is null or exists (select from asset a
          join repository r on r.organization_id = a.organization_id and r.id = a.repository_id
          where a.organization_id = t.organization_id and a.id = t.asset_id and r.connection_id = c.id)))`.as(
        'withdrawn_routes',
      ),
    ])
    .where('c.organization_id', '=', organizationId)
    .orderBy('c.id')
    .limit(page.limit + 1)
  if (page.after !== null) query = query.where('c.id', '>', page.after)
  if (connectionId !== undefined) query = query.where('c.id', '=', connectionId)
  const rows = await query.execute()
  return rows.map(({ sealed_credential: _sealed, ...row }) => row)
}
