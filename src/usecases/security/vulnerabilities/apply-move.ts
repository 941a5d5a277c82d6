import type { Actor } from '../../../domain/actor.ts'
import { announcedAtStart } from '../../../domain/sla/judge-acceptance.ts'
import { judgeMove, type MoveActor, type MoveNeed, type Status } from '../../../domain/status.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import {
  lockVulnerabilities,
  type StatusChange,
  type VulnerabilityState,
  writeStatuses,
} from '../../../store/security/vulnerabilities.ts'
import { insertVulnerabilityEvents } from '../../../store/security/vulnerability-events.ts'
import type { Enqueue } from '../../../store/sync/jobs.ts'
import { announce } from '../../../store/sync/live-events.ts'
import { queueStatePushes } from '../../../store/sync/queue-state-pushes.ts'
import { retellCommits } from '../../sync/commit-reports/retell-commits.ts'
import { listFollowing, listFollowingBack, moveSurvivors } from '../regrouping/follow-merged.ts'
import { findToday, followMoves } from './follow-moves.ts'

export type Move = {
  vulnerabilityId: string
  to: Status
  reason?: string | null
  /** Calendar date, `2027-01-31`. */
  acceptedUntil?: string | null
  importId?: string | null
}

export type MoveOutcome =
  | { kind: 'moved' }
  | { kind: 'unchanged' }
  | { kind: 'refused'; from: Status; allowed: Status[] }
  | { kind: 'incomplete'; missing: MoveNeed[] }
  | { kind: 'not_found' }

export type MoveDeps = { newId: NewId; clock: Clock; enqueue: Enqueue }
export type MovesInput = {
  organizationId: string
  moves: readonly Move[]
  actor: Actor
  moveActor: MoveActor
  /** The change of many these moves are a part of. */
  bulkChangeId?: string
}

/** Open pages hear of at most this many vulnerabilities one by one; a bigger change is announced as its import, a change of many as itself. */
const mostAnnounced = 200

/**
 * The one place that changes a status: judges each move by the table, writes it with its history, queues what the items
 * in trackers must learn and tells open pages. Rows stay locked until the transaction ends. One move a vulnerability.
 */
export async function applyMoves(
  deps: MoveDeps,
  tx: Db,
  input: MovesInput,
): Promise<{ vulnerabilityId: string; outcome: MoveOutcome }[]> {
  const { organizationId, actor, moveActor, bulkChangeId = null } = input
  const isRemote = moveActor === 'remote' || moveActor === 'route'
  const moves = isRemote ? await moveSurvivors(tx, organizationId, input.moves) : input.moves
  const states = await lockVulnerabilities(
    tx,
    organizationId,
    moves.map((move) => move.vulnerabilityId),
  )
  const results = moves.map((move) => {
    const state = states.get(move.vulnerabilityId)
    return { move, state, outcome: judge(move, state, moveActor) }
  })
  const moved = results.flatMap(({ move, state, outcome }) =>
    outcome.kind === 'moved' && state !== undefined ? [{ move, state }] : [],
  )
  const whole = [...moved, ...(await listFollowing(tx, organizationId, moved))]
  await writeMoves(deps, tx, { organizationId, actor, kind: 'status', bulkChangeId, moved: whole })
  return results.map(({ move, outcome }, index) => {
    return { vulnerabilityId: input.moves[index]?.vulnerabilityId ?? move.vulnerabilityId, outcome }
  })
}

/** What a status was before an import or a change of many. */
export type Restore = {
  vulnerabilityId: string
  status: Status
  statusReason: string | null
  acceptedUntil: string | null
  fixedAt: string | null
}

/** What is undone: an import, a change of many by the one that takes it back, or a merge. */
type Undone = { importId: string } | { bulkChangeId: string; undoes: string } | { regroupingId: string }

/** Takes statuses back to what they were before, past the table: undoing is no move. Nothing but undoing may call it. */
export async function restoreStatuses(
  deps: MoveDeps,
  tx: Db,
  input: Undone & { organizationId: string; actor: Actor; reason: string; restores: readonly Restore[] },
): Promise<void> {
  const importId = 'importId' in input ? input.importId : null
  const bulkChangeId = 'bulkChangeId' in input ? input.bulkChangeId : null
  const restores = [...input.restores, ...(await listFollowingBack(tx, input))]
  const states = await lockVulnerabilities(
    tx,
    input.organizationId,
    restores.map((item) => item.vulnerabilityId),
  )
  const moved = restores.flatMap((item) => {
    const state = states.get(item.vulnerabilityId)
    const { vulnerabilityId, status: to, fixedAt } = item
    const isSo =
      state?.status === to && state.acceptedUntil === item.acceptedUntil && state.statusReason === item.statusReason
    if (state === undefined || isSo) return []
    const move = { vulnerabilityId, to, reason: input.reason, importId }
    return [{ move, state, exact: { reason: item.statusReason, acceptedUntil: item.acceptedUntil, fixedAt } }]
  })
  const kind = bulkChangeId !== null ? 'bulk_undone' : importId !== null ? 'import_undone' : 'merge_undone'
  const { organizationId, actor } = input
  await writeMoves(deps, tx, { organizationId, actor, kind, bulkChangeId, moved })
}

function judge(move: Move, state: VulnerabilityState | undefined, moveActor: MoveActor): MoveOutcome {
  if (state === undefined) return { kind: 'not_found' }
  // Only the one that stands for all is worked on.
  if (state.mergedInto !== null) return { kind: 'refused', from: state.status, allowed: [] }
  // What a person wrote down no scan judges, though its findings may have been merged into it.
  if (moveActor === 'scan' && state.source === 'person') return { kind: 'refused', from: state.status, allowed: [] }
  const { to, reason, acceptedUntil } = move
  const verdict = judgeMove({
    from: state.status,
    to,
    actor: moveActor,
    reason: reason ?? null,
    acceptedUntil: acceptedUntil ?? null,
  })
  switch (verdict.kind) {
    case 'allowed':
      return isSame(move, state) ? { kind: 'unchanged' } : { kind: 'moved' }
    case 'unchanged':
      return { kind: 'unchanged' }
    case 'refused':
      return { kind: 'refused', from: state.status, allowed: verdict.allowed }
    case 'incomplete':
      return { kind: 'incomplete', missing: verdict.missing }
  }
}

/** Accepted again until the same day, for the same reason. */
function isSame({ to, reason, acceptedUntil }: Move, state: VulnerabilityState): boolean {
  return to === state.status && acceptedUntil === state.acceptedUntil && reason?.trim() === state.statusReason
}

type Exact = { reason: string | null; acceptedUntil: string | null; fixedAt: string | null }
type Moved = { move: Move; state: VulnerabilityState; exact?: Exact }
type Writes = {
  organizationId: string
  actor: Actor
  kind: 'status' | 'import_undone' | 'bulk_undone' | 'merge_undone'
  bulkChangeId: string | null
  moved: readonly Moved[]
}

async function writeMoves(deps: MoveDeps, tx: Db, writes: Writes): Promise<void> {
  const { organizationId, actor, kind, bulkChangeId, moved } = writes
  if (moved.length === 0) return
  const now = deps.clock()
  const accepts = moved.some(({ move }) => move.to === 'risk_accepted')
  const today = accepts ? await findToday(tx, { organizationId, now }) : null
  await writeStatuses(
    tx,
    { organizationId, now },
    moved.map((item) => toChange(item, { now, today })),
  )
  const importId = moved[0]?.move.importId ?? null
  const events = moved.map(({ move, state }) => ({
    id: deps.newId(),
    vulnerability_id: move.vulnerabilityId,
    kind,
    reason: move.reason?.trim() || null,
    before: { status: state.status, ...(state.acceptedUntil ? { accepted_until: state.acceptedUntil } : {}) },
    after: { status: move.to, ...(move.acceptedUntil ? { accepted_until: move.acceptedUntil } : {}) },
  }))
  await insertVulnerabilityEvents(tx, { organizationId, actor, importId, bulkChangeId, now }, events)
  const vulnerabilityIds = moved.map(({ move }) => move.vulnerabilityId)
  await queueStatePushes(deps, tx, { organizationId, vulnerabilityIds, cause: actor })
  // An import tells of its own commit.
  if (kind !== 'status' || importId === null) await retellCommits(deps, tx, { organizationId, vulnerabilityIds, now })
  const changed = moved.map(({ move: { vulnerabilityId, to }, state: { status: from } }) => ({
    vulnerabilityId,
    from,
    to,
  }))
  const settled = await followMoves(tx, { organizationId, changed, now })
  const live = bulkChangeId === null ? vulnerabilityIds.slice(0, mostAnnounced) : []
  await announce(tx, organizationId, [
    ...live.map((id) => ({ kind: 'vulnerability' as const, vulnerability_id: id })),
    ...(settled > 0 ? [{ kind: 'notification' as const }] : []),
  ])
}

function toChange({ move, state, exact }: Moved, { now, today }: { now: Date; today: string | null }): StatusChange {
  const fixedAt = move.to === 'fixed' ? now.toISOString() : null
  const given = move.to === 'risk_accepted' ? (move.acceptedUntil ?? null) : null
  const acceptedUntil = exact === undefined ? given : exact.acceptedUntil
  const isTimed = acceptedUntil !== null && today !== null
  return {
    id: state.id,
    status: move.to,
    status_reason: exact === undefined ? move.reason?.trim() || null : exact.reason,
    accepted_until: acceptedUntil,
    acceptance_announced: isTimed ? announcedAtStart({ acceptedUntil, today }) : 'none',
    fixed_at: exact === undefined ? fixedAt : exact.fixedAt,
  }
}
