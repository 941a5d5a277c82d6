import type { BulkChange } from '../../../../contract/security/bulk-changes.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Db } from '../../../store/db.ts'
import { endBulkChange, fixUndone, insertBulkChange, lockBulkChange } from '../../../store/security/bulk-changes.ts'
import { announce } from '../../../store/sync/live-events.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'
import type { WriteDeps } from '../../sync/sync-deps.ts'
import { mayControl, refuseUndo } from './bulk-change-view.ts'
import type { Asker } from './bulk-request.ts'
import { startBulkChange } from './create-bulk-change.ts'
import { getBulkChange, requireFound } from './get-bulk-change.ts'
import { type StoredChange, storedChange, summarise } from './stored-change.ts'

type Input = { asker: Asker; auditor: AuditActor; id: string }

/** Stops a change of many behind the batch that runs now. What is done stays done. Throws `not_found`, `forbidden` or `conflict`. */
export async function cancelBulkChange(deps: WriteDeps, input: Input): Promise<BulkChange> {
  await deps.db.transaction().execute((tx) => cancel(deps, tx, input))
  return getBulkChange(deps, input)
}

async function cancel(deps: WriteDeps, tx: Db, { asker, auditor, id }: Input): Promise<void> {
  const { organizationId } = asker
  const row = requireFound(await lockBulkChange(tx, { organizationId, id }))
  if (!mayControl(row, asker)) throw new AppError('forbidden', `The role ${asker.role} cannot stop it. Ask a champion.`)
  if (row.state !== 'running') throw new AppError('conflict', 'It has ended already.')
  await endBulkChange(tx, { organizationId, id, now: deps.clock() }, { state: 'cancelled' })
  const left = row.total - row.changed - row.unchanged - row.refused
  await recordAudit(deps, tx, {
    organizationId,
    actor: auditor,
    action: 'bulk_change.cancelled',
    target: { kind: 'bulk_change', id },
    after: { left_as_they_were: left },
  })
  await announce(tx, organizationId, [{ kind: 'bulk_change', bulk_change_id: id }])
}

/** Takes a change of many back, as one of its own. Throws `not_found`, or `conflict` with what prevents it. */
export async function undoBulkChange(deps: WriteDeps, input: Input): Promise<BulkChange> {
  const undoId = deps.newId()
  await deps.db.transaction().execute((tx) => undo(deps, tx, { ...input, undoId }))
  return getBulkChange(deps, { asker: input.asker, id: undoId })
}

async function undo(
  deps: WriteDeps,
  tx: Db,
  { asker, auditor, id, undoId }: Input & { undoId: string },
): Promise<void> {
  const { organizationId, memberId, name, tokenId } = asker
  const row = requireFound(await lockBulkChange(tx, { organizationId, id }))
  const now = deps.clock()
  const reason = refuseUndo(row, asker, now)
  if (reason !== null) throw new AppError(mayControl(row, asker) ? 'conflict' : 'forbidden', reason)
  const change = toUndo(storedChange.parse(row.change))
  const kind = 'undo' as const
  const made = {
    organizationId,
    id: undoId,
    memberId,
    memberName: name,
    tokenId,
    kind,
    change,
    filters: null,
    undoes: id,
    now,
  }
  await insertBulkChange(tx, made)
  const total = await fixUndone(tx, { organizationId, id: undoId }, id)
  await startBulkChange(deps, tx, { organizationId, id: undoId, auditor, change, total, action: 'bulk_change.undone' })
}

function toUndo(change: StoredChange): Extract<StoredChange, { kind: 'undo' }> {
  if (change.kind === 'undo' || change.kind === 'send') throw new Error('It cannot be taken back.')
  return { kind: 'undo', of: summarise(change), undone_kind: change.kind }
}
