import type { Actor } from '../../domain/actor.ts'
import { judgeMove, type MoveActor, type MoveNeed, type Status } from '../../domain/status.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../../store/db.ts'
import {
  lockVulnerabilities,
  type StatusChange,
  type VulnerabilityState,
  writeStatuses,
} from '../../store/security/vulnerabilities.ts'
import { insertVulnerabilityEvents } from '../../store/security/vulnerability-events.ts'
import type { Enqueue } from '../../store/sync/jobs.ts'
import { announce } from '../../store/sync/live-events.ts'
import { settleCalls } from '../../store/sync/notifications.ts'
import { queueStatePushes } from '../../store/sync/queue-state-pushes.ts'

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
export type MovesInput = { organizationId: string; moves: readonly Move[]; actor: Actor; moveActor: MoveActor }

/** Open pages hear of at most this many vulnerabilities one by one; a bigger change is announced as its import. */
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
  const { organizationId, moves, actor, moveActor } = input
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
  await writeMoves(deps, tx, { organizationId, actor, kind: 'status', moved })
  return results.map(({ move, outcome }) => ({ vulnerabilityId: move.vulnerabilityId, outcome }))
}

/** What a status was before an import changed it. */
export type Restore = {
  vulnerabilityId: string
  status: Status
  statusReason: string | null
  acceptedUntil: string | null
  fixedAt: string | null
}

/** Takes statuses back to what they were before an import, past the table: undoing is no move. Nothing else may call it. */
export async function restoreStatuses(
  deps: MoveDeps,
  tx: Db,
  input: { organizationId: string; actor: Actor; importId: string; reason: string; restores: readonly Restore[] },
): Promise<void> {
  const states = await lockVulnerabilities(
    tx,
    input.organizationId,
    input.restores.map((item) => item.vulnerabilityId),
  )
  const moved = input.restores.flatMap((item) => {
    const state = states.get(item.vulnerabilityId)
    const { vulnerabilityId, status: to, fixedAt } = item
    if (state === undefined || state.status === to) return []
    const move = { vulnerabilityId, to, reason: input.reason, importId: input.importId }
    return [{ move, state, exact: { reason: item.statusReason, acceptedUntil: item.acceptedUntil, fixedAt } }]
  })
  await writeMoves(deps, tx, { organizationId: input.organizationId, actor: input.actor, kind: 'import_undone', moved })
}

function judge(move: Move, state: VulnerabilityState | undefined, moveActor: MoveActor): MoveOutcome {
  if (state === undefined) return { kind: 'not_found' }
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
      return { kind: 'moved' }
    case 'unchanged':
      return { kind: 'unchanged' }
    case 'refused':
      return { kind: 'refused', from: state.status, allowed: verdict.allowed }
    case 'incomplete':
      return { kind: 'incomplete', missing: verdict.missing }
  }
}

type Exact = { reason: string | null; acceptedUntil: string | null; fixedAt: string | null }
type Moved = { move: Move; state: VulnerabilityState; exact?: Exact }
type Writes = { organizationId: string; actor: Actor; kind: 'status' | 'import_undone'; moved: readonly Moved[] }

async function writeMoves(deps: MoveDeps, tx: Db, { organizationId, actor, kind, moved }: Writes): Promise<void> {
  if (moved.length === 0) return
  const now = deps.clock()
  await writeStatuses(
    tx,
    { organizationId, now },
    moved.map((item) => toChange(item, now)),
  )
  const importId = moved[0]?.move.importId ?? null
  const events = moved.map(({ move, state }) => ({
    id: deps.newId(),
    vulnerability_id: move.vulnerabilityId,
    kind,
    reason: move.reason?.trim() || null,
    before: { status: state.status },
    after: { status: move.to, ...(move.acceptedUntil ? { accepted_until: move.acceptedUntil } : {}) },
  }))
  await insertVulnerabilityEvents(tx, { organizationId, actor, importId, now }, events)
  const vulnerabilityIds = moved.map(({ move }) => move.vulnerabilityId)
  await queueStatePushes(deps, tx, { organizationId, vulnerabilityIds, cause: actor })
  // A call to look at a status is about the status before.
  const kinds = ['awaiting_validation', 'reopened'] as const
  const settled = await settleCalls(tx, { organizationId, vulnerabilityIds, kinds, now })
  const live = vulnerabilityIds.slice(0, mostAnnounced)
  await announce(tx, organizationId, [
    ...live.map((id) => ({ kind: 'vulnerability' as const, vulnerability_id: id })),
    ...(settled > 0 ? [{ kind: 'notification' as const }] : []),
  ])
}

function toChange({ move, state, exact }: Moved, now: Date): StatusChange {
  const fixedAt = move.to === 'fixed' ? now.toISOString() : null
  return {
    id: state.id,
    status: move.to,
    status_reason: exact === undefined ? move.reason?.trim() || null : exact.reason,
    accepted_until:
      exact === undefined ? (move.to === 'risk_accepted' ? (move.acceptedUntil ?? null) : null) : exact.acceptedUntil,
    fixed_at: exact === undefined ? fixedAt : exact.fixedAt,
  }
}
