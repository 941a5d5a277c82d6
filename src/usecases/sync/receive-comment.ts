import type { RequestLane } from '../../bitbucket/budget.ts'
import type { Actor } from '../../domain/actor.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import { type DefectRow, findDefect } from '../../store/sync/defects.ts'
import { isDue } from '../../store/sync/due.ts'
import { listOpenOperations } from '../../store/sync/operations.ts'
import type { Fetched, TrackerComment } from '../../trackers/tracker.ts'
import { readInstance } from './instance.ts'
import { itemRef, openTracker } from './open-tracker.ts'
import { type ItemOutcome, receiveItem } from './receive-item.ts'
import { type CommentOutcome, recordComment } from './record-comment.ts'
import { defectLock, type SyncDeps } from './sync-deps.ts'

/** Milliseconds to wait for whoever works on the same item; a slow remote holds it for one time limit at most. */
const lockWaitMs = 30_000

/** Runs `work` as the only one who touches this item, with the defect as it is then. */
export async function withDefect<Value>(
  deps: SyncDeps,
  defect: DefectRow,
  work: (defect: DefectRow) => Promise<Value>,
): Promise<Value> {
  const key = { organizationId: defect.organization_id, defectId: defect.id }
  try {
    const outcome = await deps.locks.withLock(defectLock(key), lockWaitMs, async () =>
      work((await findDefect(deps.db, { organizationId: key.organizationId, id: key.defectId })) ?? defect),
    )
    if (outcome.kind === 'ran') return outcome.value
  } finally {
    await wakePush(deps, key)
  }
  throw new AppError('unavailable', 'Another worker is busy with this item. It is tried again in a moment.')
}

/** A push that came while the item was locked has left again: what somebody wrote meanwhile would wait for the next sweep. */
async function wakePush(deps: SyncDeps, key: { organizationId: string; defectId: string }): Promise<void> {
  const now = deps.clock()
  const open = await listOpenOperations(deps.db, key)
  if (open.some((one) => one.state !== 'failed' && isDue(one.next_attempt_at, now)))
    await deps.enqueue(deps.db, [{ name: 'push-defect', data: key, lane: 'person' }])
}

export type ReceiveComment = {
  defect: DefectRow
  commentId: string
  lane: RequestLane
  /** As a listing showed it; left out, it is fetched as it is now. */
  seen?: Fetched<TrackerComment>
  also?: (tx: Db, outcome: CommentOutcome) => Promise<void>
}

/** Takes in one comment of a thread: new, edited, deleted, or our own. */
export async function receiveComment(deps: SyncDeps, input: ReceiveComment): Promise<CommentOutcome> {
  const instance = await readInstance(deps.db)
  return withDefect(deps, input.defect, async (defect) => {
    const { commentId, lane } = input
    const comment = input.seen ?? (await fetchComment(deps, { defect, commentId, lane }))
    return deps.db.transaction().execute(async (tx) => {
      const outcome = await recordComment(deps, tx, { defect, commentId, comment, instance })
      await input.also?.(tx, outcome)
      return outcome
    })
  })
}

async function fetchComment(
  deps: SyncDeps,
  { defect, commentId, lane }: { defect: DefectRow; commentId: string; lane: RequestLane },
): Promise<Fetched<TrackerComment>> {
  const { open } = await openTracker(deps, { place: defect, lane })
  return open.fetchComment({ item: itemRef(defect), commentId })
}

export type ReceiveState = {
  defect: DefectRow
  actor: Actor
  lane: RequestLane
  /** The remote said in so many words that somebody deleted it. */
  isCertain: boolean
  also?: (tx: Db, outcome: ItemOutcome) => Promise<void>
}

/** Fetches an item as it is now and merges its state. */
export async function receiveState(deps: SyncDeps, input: ReceiveState): Promise<ItemOutcome> {
  return withDefect(deps, input.defect, async (defect) => {
    const { open } = await openTracker(deps, { place: defect, lane: input.lane })
    const item = await open.fetchItem(itemRef(defect))
    const { actor, isCertain, also } = input
    return receiveItem(deps, { defect, item, actor, isCertain, ...(also !== undefined && { also }) })
  })
}
