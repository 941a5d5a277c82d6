import { sql } from 'kysely'
import type { LiveEvent } from '../../domain/live-event.ts'
import type { Db } from '../db.ts'

/** Channel of PostgreSQL's NOTIFY that wakes every web process. */
export const liveChannel = 'weir_live'

/** Tells open pages of the organization what changed, when the transaction commits. */
export async function announce(tx: Db, organizationId: string, events: readonly LiveEvent[]): Promise<void> {
  if (events.length === 0) return
  const payloads = events.map((event) => JSON.stringify({ organization_id: organizationId, event }))
  await sql`select pg_notify(${liveChannel}, payload) from unnest(${payloads}::text[]) as payload`.execute(tx)
}
