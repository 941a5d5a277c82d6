import type { Db } from '../db.ts'

/**
 * Takes what stands before a person's words out of the slower lanes: the words cannot leave before their item is made.
 * What failed for another reason than the requests of the hour keeps its pause.
 */
export async function hastenOperations(
  tx: Db,
  key: { organizationId: string; defectId: string; now: Date },
): Promise<void> {
  await tx
    .updateTable('operation')
    .set({ lane: 'person', next_attempt_at: key.now })
    .where('organization_id', '=', key.organizationId)
    .where('defect_id', '=', key.defectId)
    .where('state', '=', 'queued')
    .where('lane', '!=', 'person')
    .where((where) => where.or([where('attempts', '=', 0), where('error_code', '=', 'remote_rate_limited')]))
    .execute()
}
