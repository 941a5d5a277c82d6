import type { Change, ChangeRequest } from '../../../../contract/security/bulk-changes.ts'
import type { Actor } from '../../../domain/actor.ts'
import { isPermitted, type Permission } from '../../../domain/permissions.ts'
import { listMoves, type MoveActor, statuses } from '../../../domain/status.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Db } from '../../../store/db.ts'
import type { BulkChangeKind, BulkTarget } from '../../../store/security/bulk-changes.ts'
import { findAssignable } from '../../../store/security/vulnerability-edits.ts'
import { getTracker } from '../../../trackers/registry.ts'
import type { Authenticated } from '../../access/authenticate.ts'
import { toMoveActor } from '../vulnerabilities/get-vulnerability.ts'
import type { StoredChange } from './stored-change.ts'

/** Who asks for a change of many. */
export type Asker = Pick<Authenticated, 'organizationId' | 'memberId' | 'name' | 'role' | 'scopes' | 'tokenId'>

export function actorOf({ memberId, name, tokenId }: Asker): Actor & { kind: 'member' } {
  return { kind: 'member', memberId, name, tokenId }
}

export function toTarget({ ids, filters }: Pick<ChangeRequest, 'ids' | 'filters'>): BulkTarget {
  return ids === undefined ? { kind: 'filters', filters: filters ?? {} } : { kind: 'ids', ids: [...new Set(ids)] }
}

/** The permission of the same change of one vulnerability. */
export function permissionFor(kind: Exclude<BulkChangeKind, 'undo'>): Permission {
  switch (kind) {
    case 'move':
      return 'vulnerability.work'
    case 'assign':
    case 'tags':
    case 'severity':
      return 'vulnerability.decide'
    case 'send':
      return 'defect.send'
  }
}

/** Throws `forbidden` where the asker could not make this change of a single one either; answers as whom they move. */
export function requirePermitted(asker: Pick<Asker, 'role' | 'scopes'>, change: Change): MoveActor {
  const moveActor = toMoveActor(asker.role)
  if (moveActor === undefined || !isPermitted(asker, permissionFor(change.kind)))
    throw new AppError('forbidden', `The role ${asker.role}, or the API token, does not allow this. Ask a champion.`)
  if (change.kind === 'move' && !isEverAllowed(change.to, moveActor))
    throw new AppError(
      'forbidden',
      `The role ${asker.role} moves nothing to "${change.to.replaceAll('_', ' ')}". Ask a champion.`,
    )
  return moveActor
}

/** Whether there is any status from which they may move something there. */
export function isEverAllowed(to: string, moveActor: MoveActor): boolean {
  return statuses.some((from) => listMoves(from, moveActor).some((move) => move.to === to))
}

/** The change as it is kept. Throws `validation_failed` for a day that has passed, an unknown assignee or tracker, or no tags. */
export async function toStored(
  deps: { clock: Clock },
  db: Db,
  { organizationId, change }: { organizationId: string; change: Change },
): Promise<Exclude<StoredChange, { kind: 'undo' }>> {
  switch (change.kind) {
    case 'move':
      requireLater(deps.clock(), change.accepted_until)
      return { ...change, reason: change.reason || null, accepted_until: change.accepted_until ?? null }
    case 'assign': {
      const { assignee_id } = change
      const found = assignee_id === null ? null : await findAssignable(db, { organizationId, id: assignee_id })
      if (found === undefined)
        throw new AppError('validation_failed', 'assignee_id: there is no active member with this id.')
      return { kind: 'assign', assignee_id, assignee_name: found?.name ?? null }
    }
    case 'tags':
      return requireTags({ kind: 'tags', add: [...new Set(change.add)], remove: [...new Set(change.remove)] })
    case 'severity':
      return change
    case 'send':
      if (change.tracker !== undefined) getTracker(change.tracker)
      return { kind: 'send', tracker: change.tracker ?? null }
  }
}

function requireLater(now: Date, day: string | undefined): void {
  if (day !== undefined && day <= now.toISOString().slice(0, 10))
    throw new AppError(
      'validation_failed',
      'accepted_until: choose a day after today, when the risk is looked at again.',
    )
}

function requireTags(change: Extract<StoredChange, { kind: 'tags' }>) {
  if (change.add.length + change.remove.length === 0)
    throw new AppError('validation_failed', 'Say which tags to add or to remove.')
  if (change.add.some((tag) => change.remove.includes(tag)))
    throw new AppError('validation_failed', 'A tag is either added or removed.')
  return change
}
