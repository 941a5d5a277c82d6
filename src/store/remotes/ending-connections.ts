import type { Db } from '../db.ts'
import type { ConnectionKey } from './connections.ts'

/** Connections in use whose credential ends between two times. Crosses organizations, for the sweep. */
export async function listEndingConnections(
  db: Db,
  input: { from: Date; until: Date; limit: number },
): Promise<(ConnectionKey & { expiresAt: Date | null; warnedDays: number | null })[]> {
  const rows = await db
    .selectFrom('connection')
    .select(['organization_id', 'id', 'expires_at', 'expiry_warned_days'])
    .where('expires_at', '>', input.from)
    .where('expires_at', '<=', input.until)
    .where('state', '!=', 'disconnected')
    .orderBy('expires_at')
    .limit(input.limit)
    .execute()
  return rows.map((row) => ({
    organizationId: row.organization_id,
    connectionId: row.id,
    expiresAt: row.expires_at,
    warnedDays: row.expiry_warned_days,
  }))
}
