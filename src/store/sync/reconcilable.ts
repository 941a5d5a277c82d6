import type { Db } from '../db.ts'
import { isNotPaused } from '../remotes/pause.ts'

export type ConnectionKey = { organizationId: string; connectionId: string }

/** Connections that can work and hold live items nobody has looked at since `before`. Crosses organizations, for the sweep. */
export async function listConnectionsToReconcile(
  db: Db,
  input: { before: Date; now: Date; limit: number },
): Promise<ConnectionKey[]> {
  const rows = await db
    .selectFrom('connection')
    .select(['connection.organization_id', 'connection.id'])
    .where('connection.state', 'in', ['active', 'limited', 'unreachable'])
    .where(isNotPaused(input.now))
    .where((where) =>
      where.exists(
        where
          .selectFrom('defect')
          .select('defect.id')
          .whereRef('defect.organization_id', '=', 'connection.organization_id')
          .whereRef('defect.connection_id', '=', 'connection.id')
          .where('defect.ended_at', 'is', null)
          .where('defect.remote_id', 'is not', null)
          .where((which) =>
            which.or([which('defect.reconciled_at', 'is', null), which('defect.reconciled_at', '<', input.before)]),
          ),
      ),
    )
    .orderBy('connection.id')
    .limit(input.limit)
    .execute()
  return rows.map((row) => ({ organizationId: row.organization_id, connectionId: row.id }))
}
