import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { ConnectionKey } from './connections.ts'

/**
 * Ends set-ups that say they run while the queue holds no job for them any more: it failed for good, or was lost. The
 * state and its job are written in one transaction, so the one is never seen without the other. Crosses organizations.
 */
export async function failSetUpsWithoutJob(db: Db, input: { now: Date; error: string }): Promise<ConnectionKey[]> {
  const ended = await sql<ConnectionKey>`
    update connection c set setup_progress = c.setup_progress || jsonb_build_object('state', 'failed', 'error', ${input.error}::text),
      updated_at = ${input.now}
    where c.setup_progress ->> 'state' = 'running' and not exists (
      select from pgboss.job j where j.name = 'set-up-repositories' and j.state in ('created', 'retry', 'active')
        and j.data ->> 'connectionId' = c.id::text)
    returning c.organization_id as "organizationId", c.id as "connectionId"`.execute(db)
  return ended.rows
}
