import type { Db } from '../../store/db.ts'
import type { DefectRow } from '../../store/sync/defects.ts'
import { announce } from '../../store/sync/live-events.ts'
import { finishOperation, type OperationRow } from '../../store/sync/operations.ts'

/** One operation on one item, being carried out; `lost`: the item's lock went, so nothing more may be created. */
export type Performing = { operation: OperationRow; defect: DefectRow; lost: AbortSignal }

/** Ends an operation that needs nothing more, with the reason people read in the log. */
export async function endOperation(
  tx: Db,
  { operation, now }: { operation: OperationRow; now: Date },
  end: { state: 'done' | 'cancelled'; note?: string },
): Promise<void> {
  const organizationId = operation.organization_id
  await finishOperation(tx, { organizationId, id: operation.id, now }, end)
  await announce(tx, organizationId, [{ kind: 'delivery' }])
}
