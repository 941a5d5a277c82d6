import { isPermitted } from '../../../domain/permissions.ts'
import { findMember } from '../../../store/access/members.ts'
import type { Db } from '../../../store/db.ts'
import {
  listWaitingItems,
  type SettledItem,
  settleItems,
  type WaitingItem,
} from '../../../store/security/bulk-change-items.ts'
import { addToCounts, type BulkChangeRow, endBulkChange, lockBulkChange } from '../../../store/security/bulk-changes.ts'
import { announce } from '../../../store/sync/live-events.ts'
import type { WriteDeps } from '../../sync/sync-deps.ts'
import { toMoveActor } from '../vulnerabilities/get-vulnerability.ts'
import { permissionFor } from './bulk-request.ts'
import { performBatch } from './perform-batch.ts'
import { storedChange } from './stored-change.ts'
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
    await endBulkChange(tx, key, 'done')
    return true
  }
  const settled = await workOn(deps, tx, row, items)
  await settleItems(tx, { organizationId, bulkChangeId }, settled)
  const countOf = (state: SettledItem['state']) => settled.filter((item) => item.state === state).length
  const counts = { changed: countOf('changed'), unchanged: countOf('unchanged'), refused: countOf('refused') }
  await addToCounts(tx, key, counts)
  return false
}

async function workOn(
  deps: BulkDeps,
  tx: Db,
  row: BulkChangeRow,
  items: readonly WaitingItem[],
): Promise<SettledItem[]> {
  const { organization_id: organizationId, id: bulkChangeId, member_id: memberId, token_id: tokenId } = row
  const change = storedChange.parse(row.change)
  const member = await findMember(tx, organizationId, memberId)
  // A role may be taken away, or a member disabled, while thousands still wait.
  const role = member === undefined || member.disabledAt !== null ? 'viewer' : member.role
  const moveActor = toMoveActor(role)
  const permission = permissionFor(change.kind === 'undo' ? change.undone_kind : change.kind)
  if (moveActor === undefined || !isPermitted({ role, scopes: null }, permission)) {
    const reason = `${row.member_name} may no longer change this.`
    return items.map((item) => ({ vulnerability_id: item.vulnerabilityId, state: 'refused', reason, before: null }))
  }
  const actor = { kind: 'member' as const, memberId, name: row.member_name, tokenId }
  const shared = { organizationId, bulkChangeId, actor }
  if (change.kind !== 'undo') return performBatch(deps, tx, { ...shared, moveActor, change }, items)
  if (row.undoes === null) throw new Error('An undo names what it takes back.')
  return undoBatch(deps, tx, { ...shared, undoes: row.undoes, change }, items)
}
