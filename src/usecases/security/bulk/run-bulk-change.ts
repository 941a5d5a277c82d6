import type { MoveActor } from '../../../domain/status.ts'
import type { Db } from '../../../store/db.ts'
import {
  listWaitingItems,
  type SettledItem,
  settleItems,
  type WaitingItem,
} from '../../../store/security/bulk-change-items.ts'
import { addToCounts, type BulkChangeRow, endBulkChange, lockBulkChange } from '../../../store/security/bulk-changes.ts'
import { announce } from '../../../store/sync/live-events.ts'
import { recordAudit } from '../../access/audit.ts'
import type { WriteDeps } from '../../sync/sync-deps.ts'
import { judgeStarter } from './judge-starter.ts'
import { performBatch } from './perform-batch.ts'
import { type StoredChange, storedChange } from './stored-change.ts'
import { undoBatch } from './undo-batch.ts'

export type BulkDeps = WriteDeps
type Key = { organizationId: string; bulkChangeId: string }

/** Few enough that nobody waits for their locks. */
const batchSize = 200
/** Open pages hear of progress this often; each batch alone would have them fetch all the time. */
const toldEveryMs = 700

/**
 * Works on a bulk change until nothing of it waits any more. Each batch is a transaction that also notes what came of it:
 * whoever dies in between, and whoever runs it twice, leaves each vulnerability changed once.
 */
export async function runBulkChange(deps: BulkDeps, key: Key): Promise<void> {
  let toldAtMs = 0
  let isEnded = false
  while (!isEnded) {
    isEnded = await deps.db.transaction().execute((tx) => runBatch(deps, tx, key))
    const nowMs = performance.now()
    if (!isEnded && nowMs - toldAtMs < toldEveryMs) continue
    toldAtMs = nowMs
    await announce(deps.db, key.organizationId, [{ kind: 'bulk_change', bulk_change_id: key.bulkChangeId }])
  }
}

/** Answers true when there was nothing left to do. */
export async function runBatch(deps: BulkDeps, tx: Db, { organizationId, bulkChangeId }: Key): Promise<boolean> {
  const row = await lockBulkChange(tx, { organizationId, id: bulkChangeId })
  if (row?.state !== 'running') return true
  const items = await listWaitingItems(tx, { organizationId, bulkChangeId }, batchSize)
  const key = { organizationId, id: bulkChangeId, now: deps.clock() }
  if (items.length === 0) {
    await endBulkChange(tx, key, { state: 'done' })
    return true
  }
  const change = storedChange.parse(row.change)
  const standing = await judgeStarter(deps, tx, row, change)
  if (standing.kind === 'may_not') {
    await stop(deps, tx, row, standing.reason)
    return true
  }
  const settled = await workOn(deps, tx, { row, change, moveActor: standing.moveActor }, items)
  await settleItems(tx, { organizationId, bulkChangeId }, settled)
  const countOf = (state: SettledItem['state']) => settled.filter((item) => item.state === state).length
  const counts = { changed: countOf('changed'), unchanged: countOf('unchanged'), refused: countOf('refused') }
  await addToCounts(tx, key, counts)
  return false
}

/** What was done stays, and can be taken back; the rest is left as it is. */
async function stop(deps: BulkDeps, tx: Db, row: BulkChangeRow, reason: string): Promise<void> {
  const { organization_id: organizationId, id } = row
  await endBulkChange(tx, { organizationId, id, now: deps.clock() }, { state: 'cancelled', stopReason: reason })
  const left = row.total - row.changed - row.unchanged - row.refused
  await recordAudit(deps, tx, {
    organizationId,
    actor: { kind: 'system', name: 'Weir' },
    action: 'bulk_change.stopped',
    target: { kind: 'bulk_change', id },
    after: { summary: reason, left_as_they_were: left },
  })
}

type Work = { row: BulkChangeRow; change: StoredChange; moveActor: MoveActor }

async function workOn(
  deps: BulkDeps,
  tx: Db,
  { row, change, moveActor }: Work,
  items: readonly WaitingItem[],
): Promise<SettledItem[]> {
  const { organization_id: organizationId, id: bulkChangeId, member_id: memberId, token_id: tokenId } = row
  const actor = { kind: 'member' as const, memberId, name: row.member_name, tokenId }
  const shared = { organizationId, bulkChangeId, actor }
  if (change.kind !== 'undo') return performBatch(deps, tx, { ...shared, moveActor, change }, items)
  if (row.undoes === null) throw new Error('An undo names what it takes back.')
  return undoBatch(deps, tx, { ...shared, undoes: row.undoes, change }, items)
}
