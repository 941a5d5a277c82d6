import type { Db } from '../db.ts'

/** Whether the last wish to change the state of an item was refused by its remote: asked again, it would be refused again. */
export async function wasStatePushRefused(db: Db, key: { organizationId: string; defectId: string }): Promise<boolean> {
  const last = await db
    .selectFrom('operation')
    .select(['state', 'error_code'])
    .where('organization_id', '=', key.organizationId)
    .where('defect_id', '=', key.defectId)
    .where('kind', '=', 'push_state')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last?.state === 'failed' && last.error_code === 'remote_refused'
}
