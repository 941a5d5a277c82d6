import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { OperationLane, OperationRow } from './operations.ts'

export type WaitingSend = { lane: OperationLane; kind: OperationRow['kind']; tracker: string; count: number }

/** What waits to be sent over a connection, counted by lane, kind and tracker. */
export async function countWaitingSends(
  db: Db,
  key: { organizationId: string; connectionId: string },
): Promise<WaitingSend[]> {
  return db
    .selectFrom('operation')
    .innerJoin('defect', (join) =>
      join
        .onRef('defect.organization_id', '=', 'operation.organization_id')
        .onRef('defect.id', '=', 'operation.defect_id'),
    )
    .select(['operation.lane', 'operation.kind', 'defect.tracker', sql<number>`count(*)`.as('count')])
    .where('operation.organization_id', '=', key.organizationId)
    .where('operation.connection_id', '=', key.connectionId)
    .where('operation.state', 'in', ['queued', 'waiting'])
    .groupBy(['operation.lane', 'operation.kind', 'defect.tracker'])
    .execute()
}
