import type { Actor } from '../../domain/actor.ts'
import type { RequestLane } from '../../domain/request-budget.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import type { RepositoryRow } from '../../store/remotes/repositories.ts'
import { type DefectRow, findDefect } from '../../store/sync/defects.ts'
import { isDue } from '../../store/sync/due.ts'
import { listOpenOperations } from '../../store/sync/operations.ts'
import { getTracker } from '../../trackers/registry.ts'
import type { Fetched, FetchedComment, TrackerComment } from '../../trackers/tracker.ts'
import { gatherFiles } from './attachments/gather-files.ts'
import { listShownFiles } from './attachments/list-shown-files.ts'
import { receiveFiles } from './attachments/receive-files.ts'
import { readInstance } from './instance.ts'
import { isOwnAsWritten, isStateKnown } from './is-known.ts'
import type { ItemOutcome } from './merge-state.ts'
import { itemRef, openTracker } from './open-tracker.ts'
import { receiveItem } from './receive-item.ts'
import { type CommentOutcome, recordComment } from './record-comment.ts'
import { remoteTitle } from './remote-title.ts'
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
  /** The item's, where it was read a moment ago. */
  repository?: RepositoryRow
  commentId: string
  lane: RequestLane
  /** As a listing showed it; left out, it is fetched as it is now. */
  seen?: Fetched<TrackerComment>
  /** As a webhook says: of when the text is it speaks of. What is known to be ours and no older is not fetched. */
  toldOf?: Date | null
  /** The remote said in so many words that somebody deleted it. */
  isCertain?: boolean
  also?: (tx: Db, outcome: CommentOutcome) => Promise<void>
}

/** Takes in one comment of a thread: new, edited, deleted, or our own. */
export async function receiveComment(deps: SyncDeps, input: ReceiveComment): Promise<ItemOutcome> {
  const instance = await deps.remember('instance', () => readInstance(deps.db))
  return withDefect(deps, input.defect, async (defect) => {
    const { commentId, lane, toldOf = null, repository } = input
    if (toldOf !== null && (await isOwnAsWritten(deps.db, { defect, commentId, toldOf }))) {
      const outcome = { changed: false, outcome: 'Nothing new: our own comment came back.' }
      await deps.db.transaction().execute(async (tx) => input.also?.(tx, outcome))
      return outcome
    }
    const fetched = input.seen ?? (await fetchComment(deps, { defect, repository, commentId, lane }))
    if (fetched.kind === 'item_deleted' && input.isCertain !== true)
      return receiveAbsentItem(deps, { defect, also: input.also })
    const comment = fetched.kind === 'item_deleted' ? { kind: 'deleted' as const } : fetched
    // A listing tells of the files itself.
    const files = input.seen === undefined ? await listShownFiles(deps, { defect, comment, lane }) : undefined
    return deps.db.transaction().execute(async (tx) => {
      const said = await recordComment(deps, tx, { defect, commentId, comment, instance })
      const came = files === undefined ? undefined : await receiveFiles(deps, tx, { defect, files })
      const outcome = came === undefined ? said : { changed: true, outcome: came }
      if (outcome.changed && hasFiles(defect)) await gatherFiles(tx, { defect, commentId })
      await input.also?.(tx, outcome)
      return outcome
    })
  })
}

/** Nobody took back what was said in it: that stays here, as with every item that is gone. */
async function receiveAbsentItem(
  deps: SyncDeps,
  { defect, also }: { defect: DefectRow; also: ReceiveComment['also'] },
): Promise<ItemOutcome> {
  const actor = { kind: 'remote' as const, accountUuid: null, name: remoteTitle(defect) }
  const seen = { defect, item: { kind: 'deleted' as const }, actor, isCertain: false }
  return receiveItem(deps, { ...seen, ...(also !== undefined && { also }) })
}

function hasFiles({ tracker }: DefectRow): boolean {
  return getTracker(tracker).capabilities.files
}

type Fetching = Pick<ReceiveComment, 'defect' | 'commentId' | 'lane'> & { repository: RepositoryRow | undefined }

async function fetchComment(
  deps: SyncDeps,
  { defect, repository, commentId, lane }: Fetching,
): Promise<FetchedComment> {
  const { open } = await openTracker(deps, { place: defect, repository, lane })
  return open.fetchComment({ item: itemRef(defect), commentId })
}

export type ReceiveState = {
  defect: DefectRow
  actor: Actor
  lane: RequestLane
  /** The remote said in so many words that somebody deleted it. */
  isCertain: boolean
  /** The state a webhook tells of, in the remote's words. What is agreed on already is not fetched. */
  told?: string | null
  also?: (tx: Db, outcome: ItemOutcome) => Promise<void>
}

/** Fetches an item as it is now and merges its state. */
export async function receiveState(deps: SyncDeps, input: ReceiveState): Promise<ItemOutcome> {
  return withDefect(deps, input.defect, async (defect) => {
    const { told = null } = input
    if (told !== null && isStateKnown(defect, told)) {
      const outcome = { changed: false, outcome: `Nothing new: the item is ${told}.` }
      await deps.db.transaction().execute(async (tx) => input.also?.(tx, outcome))
      return outcome
    }
    const { open } = await openTracker(deps, { place: defect, lane: input.lane })
    const item = await open.fetchItem(itemRef(defect))
    const { actor, isCertain, also } = input
    return receiveItem(deps, { defect, item, actor, isCertain, ...(also !== undefined && { also }) })
  })
}
