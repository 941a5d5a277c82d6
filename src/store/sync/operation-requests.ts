import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { OperationRow } from './operations.ts'

/** Adds what one attempt made. */
export async function addOperationRequests(
  db: Db,
  key: { organizationId: string; id: string; requests: number },
): Promise<void> {
  await db
    .updateTable('operation')
    .set((set) => ({ requests: set('requests', '+', key.requests) }))
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

/** What operations of one kind took on average lately, and of how many that is. */
export type RequestAverage = { kind: OperationRow['kind']; tracker: string; average: number; count: number }

/** Among so many that ended last, whatever the connection: how far back is looked. */
const lookedAt = 1000

/** Requests that operations of a connection took, by kind and tracker, among the latest that were carried out. */
export async function averageRequests(
  db: Db,
  key: { organizationId: string; connectionId: string },
): Promise<RequestAverage[]> {
  const latest = db
    .selectFrom('operation')
    .select(['connection_id', 'defect_id', 'kind', 'requests'])
    .where('organization_id', '=', key.organizationId)
    .where('state', '=', 'done')
    .where('requests', '>', 0)
    .orderBy('finished_at', 'desc')
    .limit(lookedAt)
    .as('latest')
  return db
    .selectFrom(latest)
    .innerJoin('defect', 'defect.id', 'latest.defect_id')
    .select([
      'latest.kind',
      'defect.tracker',
      sql<number>`avg(latest.requests)::float8`.as('average'),
      sql<number>`count(*)`.as('count'),
    ])
    .where('defect.organization_id', '=', key.organizationId)
    .where('latest.connection_id', '=', key.connectionId)
    .groupBy(['latest.kind', 'defect.tracker'])
    .execute()
}
