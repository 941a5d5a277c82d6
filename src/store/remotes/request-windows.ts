import { sql } from 'kysely'
import { rollingHour, type SpentWindow } from '../../domain/request-budget.ts'
import type { Db } from '../db.ts'
import type { RequestBudgetTable } from '../schema.gen.ts'
import type { ConnectionKey } from './connections.ts'

/**
 * What was counted in the rolling hour, all lanes together, oldest first. What lies beyond the next window was counted
 * by a clock far ahead and must not strand the connection.
 */
export async function listSpentWindows(db: Db, key: ConnectionKey & { now: Date }): Promise<SpentWindow[]> {
  const { since, until } = rollingHour(key.now)
  const rows = await db
    .selectFrom('request_budget')
    .select(['window_start', sql<number>`sum(spent)`.as('spent')])
    .where('organization_id', '=', key.organizationId)
    .where('connection_id', '=', key.connectionId)
    .where('window_start', '>=', since)
    .where('window_start', '<=', until)
    .groupBy('window_start')
    .orderBy('window_start')
    .execute()
  return rows.map((row) => ({ start: row.window_start, spent: row.spent }))
}

/** Requests of the rolling hour that were made for what webhooks told of. */
export async function countSpentByWebhooks(db: Db, key: ConnectionKey & { now: Date }): Promise<number> {
  const { since, until } = rollingHour(key.now)
  const row = await db
    .selectFrom('request_budget')
    .select(sql<number>`coalesce(sum(spent), 0)`.as('spent'))
    .where('organization_id', '=', key.organizationId)
    .where('connection_id', '=', key.connectionId)
    .where('lane', '=', 'webhook')
    .where('window_start', '>=', since)
    .where('window_start', '<=', until)
    .executeTakeFirstOrThrow()
  return row.spent
}

/** Counts requests before they are made; a negative count takes back what was reserved and not made. */
export async function addSpentRequests(
  tx: Db,
  key: ConnectionKey & { now: Date; lane: RequestBudgetTable['lane']; count: number },
): Promise<void> {
  await tx
    .insertInto('request_budget')
    .values({
      organization_id: key.organizationId,
      connection_id: key.connectionId,
      window_start: rollingHour(key.now).present,
      lane: key.lane,
      spent: key.count,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'connection_id', 'window_start', 'lane'])
        .doUpdateSet({ spent: sql`request_budget.spent + excluded.spent` }),
    )
    .execute()
}

/** One reservation at a time for a connection, whatever the process; until the transaction ends. */
export async function lockRequestWindows(tx: Db, key: ConnectionKey): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`request_budget ${key.connectionId}`}, 0))`.execute(tx)
}

/** Forgets windows that no rolling hour reaches any more. */
export async function deleteOldWindows(db: Db, input: { organizationId: string; before: Date }): Promise<void> {
  await db
    .deleteFrom('request_budget')
    .where('organization_id', '=', input.organizationId)
    .where('window_start', '<', input.before)
    .execute()
}
