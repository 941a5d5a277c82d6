import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { RequestBudgetTable } from '../schema.gen.ts'
import type { ConnectionKey } from './connections.ts'

/** Length of a counting window. The rolling hour is taken as the present window and the twelve before it: never too little. */
export const windowMs = 5 * 60_000

function windowStart(now: Date): Date {
  return new Date(Math.floor(now.getTime() / windowMs) * windowMs)
}

/**
 * Requests counted in the rolling hour, all lanes together. The next window counts too, for processes whose clocks
 * differ a little; what lies beyond was counted by a clock far ahead and must not strand the connection.
 */
export async function countSpentRequests(db: Db, key: ConnectionKey & { now: Date }): Promise<number> {
  const present = windowStart(key.now).getTime()
  const [since, until] = [new Date(present - 3_600_000), new Date(present + windowMs)]
  const row = await db
    .selectFrom('request_budget')
    .select(sql<number>`coalesce(sum(spent), 0)`.as('spent'))
    .where('organization_id', '=', key.organizationId)
    .where('connection_id', '=', key.connectionId)
    .where('window_start', '>=', since)
    .where('window_start', '<=', until)
    .executeTakeFirstOrThrow()
  return row.spent
}

/** Counts requests before they are made. */
export async function addSpentRequests(
  tx: Db,
  key: ConnectionKey & { now: Date; lane: RequestBudgetTable['lane']; count: number },
): Promise<void> {
  await tx
    .insertInto('request_budget')
    .values({
      organization_id: key.organizationId,
      connection_id: key.connectionId,
      window_start: windowStart(key.now),
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
