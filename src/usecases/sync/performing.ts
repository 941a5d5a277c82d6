import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../../store/db.ts'
import type { DefectRow } from '../../store/sync/defects.ts'
import { announce } from '../../store/sync/live-events.ts'
import { settleCalls } from '../../store/sync/notifications.ts'
import { finishOperation, type OperationRow } from '../../store/sync/operations.ts'
import { isFailureTold, recordTimeline } from '../../store/sync/timeline.ts'

/** One operation on one item, being carried out; `lost`: the item's lock went, so nothing more may be created. */
export type Performing = { operation: OperationRow; defect: DefectRow; lost: AbortSignal }

type Ending = { operation: OperationRow; now: Date; state: 'done' | 'cancelled'; note?: string }

/** Ends an operation that needs nothing more, with the reason people read in the log. */
export async function endOperation(deps: { newId: NewId }, tx: Db, ending: Ending): Promise<void> {
  const { operation, now, ...end } = ending
  const organizationId = operation.organization_id
  await finishOperation(tx, { organizationId, id: operation.id, now }, end)
  if (operation.attempts > 1) await tellRecovery(deps, tx, ending)
  await announce(tx, organizationId, [{ kind: 'delivery' }])
}

/** Whoever was called because it failed reads that it no longer does, and need not look. */
async function tellRecovery(deps: { newId: NewId }, tx: Db, { operation, now, state }: Ending): Promise<void> {
  const { organization_id: organizationId, vulnerability_id: vulnerabilityId, defect_id: defectId } = operation
  const settled = await settleCalls(tx, {
    organizationId,
    vulnerabilityIds: [vulnerabilityId],
    kinds: ['sync_failed'],
    messageId: operation.message_id,
    now,
  })
  if (settled > 0) await announce(tx, organizationId, [{ kind: 'notification' }])
  if (state !== 'done' || !(await isFailureTold(tx, { organizationId, vulnerabilityId, operationId: operation.id })))
    return
  const actor = { kind: 'system' as const, name: 'Weir' }
  const entry = { vulnerabilityId, kind: 'sync_recovered' as const, actor, defectId }
  await recordTimeline(deps, tx, { organizationId, now, entries: [entry] })
  await announce(tx, organizationId, [{ kind: 'vulnerability', vulnerability_id: vulnerabilityId }])
}
