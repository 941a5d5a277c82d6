import { isAppError } from '../../lib/app-error.ts'
import { type DefectRow, listDefectsOfConnection, markReconciled, updateDefect } from '../../store/sync/defects.ts'
import { announce } from '../../store/sync/live-events.ts'
import { listLinksOfDefect } from '../../store/sync/message-links.ts'
import type { TrackerChange } from '../../trackers/tracker.ts'
import { itemRef, openTracker } from './open-tracker.ts'
import { receiveComment, withDefect } from './receive-comment.ts'
import { receiveItem } from './receive-item.ts'
import type { SyncDeps } from './sync-deps.ts'

export type ReconcileInput = {
  organizationId: string
  connectionId: string
  /** Looks at everything, and so also finds what was deleted without a trace. Left out: at the first look of a day (UTC). */
  full?: boolean
}
export type ReconcileOutcome = { items: number; repaired: number }

/** Milliseconds the window begins before the last look: the remote's clock is not ours. */
const overlapMs = 10 * 60_000

/**
 * Finds what webhooks lost: lists what changed since the last look, per repository, and takes it in as a webhook would.
 * What fails in one repository keeps no other from its turn; the first failure is thrown at the end.
 */
export async function reconcileConnection(deps: SyncDeps, input: ReconcileInput): Promise<ReconcileOutcome> {
  const outcome = { items: 0, repaired: 0 }
  const groups = Map.groupBy(
    await listDefectsOfConnection(deps.db, input),
    (defect) => `${defect.tracker} ${defect.repository_id}`,
  )
  const failures: unknown[] = []
  // Those who waited longest first: a round that ends early, at a limit of requests, is gone on with by the next one.
  for (const defects of [...groups.values()].toSorted((one, other) => oldestLook(one) - oldestLook(other))) {
    const at = deps.clock()
    try {
      const done = await reconcileGroup(deps, { defects, full: input.full ?? isFirstOfDay(defects, at) })
      outcome.repaired += done.repaired
      outcome.items += defects.length
      failures.push(...done.failed.values())
      const ids = defects.filter(({ id }) => !done.failed.has(id)).map(({ id }) => id)
      await markReconciled(deps.db, { organizationId: input.organizationId, ids, at })
    } catch (error) {
      if (await noteClosedDoor(deps, defects, error)) continue
      if (stopsAll(error)) throw error
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return outcome
}

function oldestLook(defects: readonly DefectRow[]): number {
  return Math.min(...defects.map((defect) => defect.reconciled_at?.getTime() ?? 0))
}

/** Failures of the connection, not of one repository or item: the next request would meet them too. */
function stopsAll(error: unknown): boolean {
  if (isAppError(error, 'remote_unavailable')) return error.meta?.['remote_status'] === undefined
  return (
    isAppError(error, 'remote_unauthorized') ||
    isAppError(error, 'remote_rate_limited') ||
    isAppError(error, 'conflict')
  )
}

function isFirstOfDay(defects: readonly DefectRow[], now: Date): boolean {
  const looks = defects.flatMap((defect) => (defect.reconciled_at === null ? [] : [defect.reconciled_at.getTime()]))
  return looks.length > 0 && new Date(Math.min(...looks)).toISOString().slice(0, 10) < now.toISOString().slice(0, 10)
}

async function reconcileGroup(
  deps: SyncDeps,
  { defects, full }: { defects: readonly DefectRow[]; full: boolean },
): Promise<{ repaired: number; failed: Map<string, unknown> }> {
  const failed = new Map<string, unknown>()
  const [first] = defects
  if (first === undefined) return { repaired: 0, failed }
  const oldest = Math.min(...defects.map((defect) => (defect.reconciled_at ?? defect.created_at).getTime()))
  const { open } = await openTracker(deps, { place: first, lane: 'bulk' })
  const byRemoteId = new Map(defects.map((defect) => [defect.remote_id, defect]))
  const since = new Date(oldest - overlapMs)
  const changes = await open.listChanges({ items: defects.map(itemRef), since, full })
  let repaired = 0
  for (const change of changes) {
    const defect = byRemoteId.get(change.remoteId)
    if (defect === undefined) continue
    try {
      if (await receive(deps, { defect, change })) repaired += 1
    } catch (error) {
      if (stopsAll(error)) throw error
      failed.set(defect.id, error)
    }
  }
  return { repaired, failed }
}

async function receive(
  deps: SyncDeps,
  { defect, change }: { defect: DefectRow; change: TrackerChange },
): Promise<boolean> {
  switch (change.kind) {
    case 'item': {
      const actor = { kind: 'remote' as const, accountUuid: null, name: 'Bitbucket' }
      const { item } = change
      const seen = { item, actor, isCertain: false }
      return (await withDefect(deps, defect, (now) => receiveItem(deps, { ...seen, defect: now }))).changed
    }
    case 'comment': {
      const { commentId, comment } = change
      return (await receiveComment(deps, { defect, commentId, seen: comment, lane: 'bulk' })).changed
    }
    case 'comments':
      return receiveAbsentComments(deps, { defect, commentIds: new Set(change.commentIds) })
    default:
      return change satisfies never
  }
}

/** Comments we know that a complete listing does not have: each is asked for once more before it counts as deleted. */
async function receiveAbsentComments(
  deps: SyncDeps,
  { defect, commentIds }: { defect: DefectRow; commentIds: ReadonlySet<string> },
): Promise<boolean> {
  const key = { organizationId: defect.organization_id, defectId: defect.id }
  let changed = false
  for (const { remote_comment_id: commentId, state } of await listLinksOfDefect(deps.db, key)) {
    if (commentId === null || state === 'removed' || commentIds.has(commentId)) continue
    changed = (await receiveComment(deps, { defect, commentId, lane: 'bulk' })).changed || changed
  }
  return changed
}

/** A repository that is closed to us, or a tracker that is gone, is written on its items; the others go on. */
async function noteClosedDoor(deps: SyncDeps, defects: readonly DefectRow[], error: unknown): Promise<boolean> {
  const isGone = isAppError(error, 'tracker_gone')
  if (!isGone && !isAppError(error, 'remote_forbidden') && !isAppError(error, 'remote_not_found')) return false
  const now = deps.clock()
  const link = isGone ? ('missing' as const) : ('forbidden' as const)
  await deps.db.transaction().execute(async (tx) => {
    for (const defect of defects) {
      if (defect.link === link) continue
      const key = { organizationId: defect.organization_id, id: defect.id, now }
      await updateDefect(tx, key, { link, linkReason: error.detail })
      const live = { kind: 'vulnerability' as const, vulnerability_id: defect.vulnerability_id }
      await announce(tx, defect.organization_id, [live])
    }
  })
  return true
}
