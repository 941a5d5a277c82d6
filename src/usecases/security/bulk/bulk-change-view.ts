import type { BulkChange } from '../../../../contract/security/bulk-changes.ts'
import { isPermitted } from '../../../domain/permissions.ts'
import { retentionMs } from '../../../domain/retention.ts'
import { listMoves, statuses } from '../../../domain/status.ts'
import type { BulkChangeRow } from '../../../store/security/bulk-changes.ts'
import { type Asker, permissionFor } from './bulk-request.ts'
import { reasonOf, type StoredChange, storedChange, summarise } from './stored-change.ts'

export const undoWithinDays = 7

/** A bulk change as the API shows it to whoever asks. */
export function toBulkChangeView(row: BulkChangeRow, asker: Asker, now: Date): BulkChange {
  const change = storedChange.parse(row.change)
  const reason = refuseUndo(row, asker, now)
  return {
    id: row.id,
    kind: row.kind,
    summary: summarise(change),
    reason: reasonOf(change),
    state: row.state,
    stop_reason: row.stop_reason,
    total: row.total,
    changed: row.changed,
    unchanged: row.unchanged,
    refused: row.refused,
    member: { id: row.member_id, name: row.member_name },
    undoes: row.undoes,
    undone_by: row.undone_by,
    undo: { available: reason === null, reason, until: undoUntil(row)?.toISOString() ?? null },
    items_kept: areItemsKept(row, now),
    created_at: row.created_at.toISOString(),
    finished_at: row.finished_at?.toISOString() ?? null,
  }
}

/** From that day on they may go at any time. */
function areItemsKept({ finished_at, items_kept }: BulkChangeRow, now: Date): boolean {
  return items_kept && (finished_at === null || finished_at.getTime() + retentionMs.bulkItem > now.getTime())
}

function undoUntil({ finished_at }: BulkChangeRow): Date | null {
  return finished_at === null ? null : new Date(finished_at.getTime() + undoWithinDays * 24 * 3600 * 1000)
}

/** Why this one cannot be taken back by whoever asks, in a sentence; null when it can. */
export function refuseUndo(row: BulkChangeRow, asker: Asker, now: Date): string | null {
  if (row.kind === 'undo') return 'It took another change back; change them again.'
  if (row.kind === 'send') return 'What was sent stays with the developers.'
  if (row.state === 'running') return 'It is still running. Stop it first.'
  if (row.undone_by !== null) return 'It was taken back already.'
  if (row.changed === 0) return 'It changed nothing.'
  const until = undoUntil(row)
  if (until !== null && until <= now) return `It ended more than ${undoWithinDays} days ago.`
  return mayControl(row, asker) ? null : `The role ${asker.role} cannot take it back.`
}

/** Champions stop and take back anybody's change, developers their own, as far as they could make it. */
export function mayControl(row: BulkChangeRow, asker: Asker): boolean {
  const change = storedChange.parse(row.change)
  if (!isPermitted(asker, permissionFor(change.kind === 'undo' ? 'move' : change.kind))) return false
  if (isPermitted(asker, 'vulnerability.decide')) return true
  return row.member_id === asker.memberId && isDevelopersMove(change)
}

function isDevelopersMove(change: StoredChange): boolean {
  if (change.kind === 'undo') return true
  return (
    change.kind === 'move' &&
    statuses.some((from) => listMoves(from, 'developer').some((move) => move.to === change.to))
  )
}
