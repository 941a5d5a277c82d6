import { sql } from 'kysely'
import type { Db } from '../db.ts'

type Latest = { at: Date; error: string | null }

/** The mail of an organization that was sent last, or the last one with which something was wrong, given up or not. */
export async function findLatestMail(
  db: Db,
  { organizationId, state }: { organizationId: string; state: 'sent' | 'troubled' },
): Promise<Latest | undefined> {
  const wanted = state === 'sent' ? sql`state = 'sent'` : sql`error is not null and state in ('queued', 'failed')`
  const at = state === 'sent' ? sql`ended_at` : sql`coalesce(ended_at, created_at)`
  const { rows } = await sql<Latest>`
    select ${at} as at, error from outgoing_call
    where organization_id = ${organizationId}::uuid and channel = 'email' and ${wanted}
    order by 1 desc limit 1`.execute(db)
  return rows[0]
}

/** Mails that are made and not sent yet. */
export async function countWaitingMail(db: Db, organizationId: string): Promise<number> {
  const row = await db
    .selectFrom('outgoing_call')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('organization_id', '=', organizationId)
    .where('channel', '=', 'email')
    .where('state', '=', 'queued')
    .executeTakeFirstOrThrow()
  return row.count
}
