import { isAppError } from '../../lib/app-error.ts'
import { type DefectRow, listDefectsOfConnection, markReconciled, updateDefect } from '../../store/sync/defects.ts'
import { announce } from '../../store/sync/live-events.ts'
import { listLinksOfDefect } from '../../store/sync/message-links.ts'
import { insertReconciliation } from '../../store/sync/reconciliations.ts'
import type { TrackerChange } from '../../trackers/tracker.ts'
import { catchUpSummaries } from './commit-reports/catch-up-summaries.ts'
import { itemRoom } from './item-room.ts'
import type { ItemOutcome } from './merge-state.ts'
import { itemRef, openTracker } from './open-tracker.ts'
import { receiveComment, withDefect } from './receive-comment.ts'
import { receiveItem } from './receive-item.ts'
import { createFindings, type Findings } from './reconcile-findings.ts'
import { remoteTitle } from './remote-title.ts'
import type { SyncDeps } from './sync-deps.ts'

export type ReconcileInput = {
  organizationId: string
  connectionId: string
  /** Looks at everything, and so also finds what was deleted without a trace. Left out: at the first look of a day (UTC). */
  full?: boolean
  /** Who asked for it; left out for the schedule. */
  memberName?: string
}
export type ReconcileOutcome = { items: number; repaired: number }

/** Milliseconds the window begins before the last look: the remote's clock is not ours. */
const overlapMs = 10 * 60_000

/**
 * Finds what webhooks lost: lists what changed since the last look, per repository, and takes it in as a webhook would.
 * What fails in one repository keeps no other from its turn; the first failure is thrown at the end.
 */
export async function reconcileConnection(deps: SyncDeps, input: ReconcileInput): Promise<ReconcileOutcome> {
  const startedAt = deps.clock()
  const findings = createFindings()
  const tally = { items: 0, requests: 0, isFull: false }
  const onRequest = (): void => {
    tally.requests += 1
  }
  const counted: Counted = {
    ...deps,
    connect: (key) => deps.connect({ ...key, onRequest }),
    connectJira: (key) => deps.connectJira({ ...key, onRequest }),
    findings,
  }
  let failure: unknown
  try {
    return await compare(counted, input, tally)
  } catch (error) {
    failure = error
    throw error
  } finally {
    await record(deps, { input, startedAt, findings, failure, ...tally })
  }
}

type Counted = SyncDeps & { findings: Findings }
type Tally = { items: number; requests: number; isFull: boolean }
type Run = Tally & { input: ReconcileInput; startedAt: Date; findings: Findings; failure: unknown }

async function record(deps: SyncDeps, run: Run): Promise<void> {
  const { input, startedAt, findings, failure, items, requests, isFull } = run
  const { organizationId, connectionId, memberName = null } = input
  const { counts, differences } = findings
  const error =
    failure === undefined ? null : isAppError(failure) ? failure.detail : 'Something went wrong inside Weir.'
  await insertReconciliation(deps.db, {
    organization_id: organizationId,
    id: deps.newId(),
    connection_id: connectionId,
    member_name: memberName,
    is_full: isFull,
    items,
    requests,
    healed: counts.healed,
    conflicts: counts.conflict,
    needs_you: counts.needs_you,
    differences,
    error,
    started_at: startedAt,
    finished_at: deps.clock(),
  })
  if (memberName === null && differences.length === 0) return
  await announce(deps.db, organizationId, [{ kind: 'connection', connection_id: connectionId }])
}

async function compare(deps: Counted, input: ReconcileInput, tally: Tally): Promise<ReconcileOutcome> {
  const outcome = { items: 0, repaired: 0 }
  const groups = Map.groupBy(await listDefectsOfConnection(deps.db, input), (defect) => itemRoom(defect))
  const failures: unknown[] = []
  // Those who waited longest first: a round that ends early, at a limit of requests, is gone on with by the next one.
  for (const defects of [...groups.values()].toSorted((one, other) => oldestLook(one) - oldestLook(other))) {
    const at = deps.clock()
    try {
      const full = input.full ?? isFirstOfDay(defects, at)
      tally.isFull ||= full
      const done = await reconcileGroup(deps, { defects, full })
      outcome.repaired += done.repaired
      outcome.items += defects.length
      tally.items = outcome.items
      failures.push(...done.failed.values())
      const ids = defects.filter(({ id }) => !done.failed.has(id)).map(({ id }) => id)
      await markReconciled(deps.db, { organizationId: input.organizationId, ids, at })
    } catch (error) {
      if (await noteClosedDoor(deps, defects, error)) continue
      if (stopsAll(error)) throw error
      failures.push(error)
    }
  }
  if (tally.isFull || input.full === true) outcome.repaired += await catchUpSummaries(deps, input)
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
  deps: Counted,
  { defects, full }: { defects: readonly DefectRow[]; full: boolean },
): Promise<{ repaired: number; failed: Map<string, unknown> }> {
  const failed = new Map<string, unknown>()
  const [first] = defects
  if (first === undefined) return { repaired: 0, failed }
  const oldest = Math.min(...defects.map((defect) => (defect.reconciled_at ?? defect.created_at).getTime()))
  const { open } = await openTracker(deps, { place: first, lane: 'bulk' })
  const byRemoteId = new Map(defects.map((defect) => [defect.remote_id, defect]))
  const since = new Date(oldest - overlapMs)
  const askedAt = deps.clock()
  const changes = await open.listChanges({ items: defects.map(itemRef), since, full })
  let repaired = 0
  for (const change of changes) {
    const defect = byRemoteId.get(change.remoteId)
    if (defect === undefined) continue
    try {
      if (await receive(deps, { defect, change, askedAt })) repaired += 1
    } catch (error) {
      if (stopsAll(error)) throw error
      failed.set(defect.id, error)
      deps.findings.add(defect.vulnerability_id, 'needs_you', describeFailure(error))
    }
  }
  return { repaired, failed }
}

function describeFailure(error: unknown): string {
  return isAppError(error) ? error.detail : 'It could not be compared; the log has the details.'
}

async function receive(
  deps: Counted,
  { defect, change, askedAt }: { defect: DefectRow; change: TrackerChange; askedAt: Date },
): Promise<boolean> {
  switch (change.kind) {
    case 'item': {
      const actor = { kind: 'remote' as const, accountUuid: null, name: remoteTitle(defect) }
      const { item } = change
      const seen = { item, actor, isCertain: false, askedAt }
      const outcome = await withDefect(deps, defect, (now) => receiveItem(deps, { ...seen, defect: now }))
      return note(deps, defect, outcome)
    }
    case 'comment': {
      const { commentId, comment } = change
      return note(deps, defect, await receiveComment(deps, { defect, commentId, seen: comment, lane: 'bulk' }))
    }
    case 'comments':
      return receiveAbsentComments(deps, { defect, commentIds: new Set(change.commentIds) })
    default:
      return change satisfies never
  }
}

function note({ findings }: Counted, defect: DefectRow, outcome: ItemOutcome): boolean {
  if (outcome.changed) findings.add(defect.vulnerability_id, outcome.finding ?? 'healed', outcome.outcome)
  return outcome.changed
}

/** Comments we know that a complete listing does not have: each is asked for once more before it counts as deleted. */
async function receiveAbsentComments(
  deps: Counted,
  { defect, commentIds }: { defect: DefectRow; commentIds: ReadonlySet<string> },
): Promise<boolean> {
  const key = { organizationId: defect.organization_id, defectId: defect.id }
  let changed = false
  for (const { remote_comment_id: commentId, state } of await listLinksOfDefect(deps.db, key)) {
    if (commentId === null || state === 'removed' || commentIds.has(commentId)) continue
    changed = note(deps, defect, await receiveComment(deps, { defect, commentId, lane: 'bulk' })) || changed
  }
  return changed
}

/** A repository that is closed to us, or a tracker that is gone, is written on its items; the others go on. */
async function noteClosedDoor(deps: Counted, defects: readonly DefectRow[], error: unknown): Promise<boolean> {
  const isGone = isAppError(error, 'tracker_gone')
  if (!isGone && !isAppError(error, 'remote_forbidden') && !isAppError(error, 'remote_not_found')) return false
  const now = deps.clock()
  const link = isGone ? ('missing' as const) : ('forbidden' as const)
  await deps.db.transaction().execute(async (tx) => {
    for (const defect of defects) {
      // What is gone already is not there behind a closed door either, and was told.
      if (defect.link === link || defect.link === 'missing') continue
      deps.findings.add(defect.vulnerability_id, 'needs_you', error.detail)
      const key = { organizationId: defect.organization_id, id: defect.id, now }
      await updateDefect(tx, key, { link, linkReason: error.detail })
      const live = { kind: 'vulnerability' as const, vulnerability_id: defect.vulnerability_id }
      await announce(tx, defect.organization_id, [live])
    }
  })
  return true
}
