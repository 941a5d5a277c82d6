import { sql } from 'kysely'
import type { Db } from '../db.ts'

/** Channel of PostgreSQL's NOTIFY that makes every web process look again whether its open streams are still allowed. */
export const accessChannel = 'weir_access'

/** Says that roles, logins or tokens of the organization changed, when the transaction commits. */
export async function announceAccessChange(tx: Db, organizationId: string): Promise<void> {
  await sql`select pg_notify(${accessChannel}, ${organizationId})`.execute(tx)
}
