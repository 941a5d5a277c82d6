/**
 * The one table of status moves. `by` says whose decision a move may be: a person, a scan (import), or the remote
 * item (a developer closing or reopening it), or what a route says the state of an item means, or the system's when a date
 * has passed. `needs` names what the person must
 * give with it.
 */
export const statuses = [
  'created',
  'identified',
  'in_progress',
  'awaiting_validation',
  'fixed',
  'risk_accepted',
  'false_positive',
  'suppressed',
] as const
export type Status = (typeof statuses)[number]

export type MoveActor = 'champion' | 'developer' | 'scan' | 'remote' | 'route' | 'system'
export type MoveNeed = 'reason' | 'accepted_until'
export type Move = {
  readonly to: Status
  readonly by: readonly MoveActor[]
  readonly needs: readonly MoveNeed[]
}

const decide = ['champion'] as const
const work = ['champion', 'developer'] as const

const toIdentified: Move = { to: 'identified', by: [...decide, 'route'], needs: [] }
const toAccepted: Move = { to: 'risk_accepted', by: decide, needs: ['reason', 'accepted_until'] }
const toFalsePositive: Move = { to: 'false_positive', by: decide, needs: ['reason'] }
const toFixed: Move = { to: 'fixed', by: ['champion', 'scan', 'route'], needs: [] }
const toSuppressed: Move = { to: 'suppressed', by: ['scan'], needs: [] }
const reopened: Move = { to: 'identified', by: ['champion', 'scan', 'remote', 'route'], needs: ['reason'] }

const moves: Record<Status, readonly Move[]> = {
  created: [
    { to: 'identified', by: ['champion', 'scan', 'route'], needs: [] },
    { to: 'in_progress', by: [...work, 'remote', 'route'], needs: [] },
    { to: 'awaiting_validation', by: [...work, 'remote', 'route'], needs: [] },
    toFixed,
    toAccepted,
    toFalsePositive,
    toSuppressed,
  ],
  identified: [
    { to: 'in_progress', by: [...work, 'remote', 'route'], needs: [] },
    { to: 'awaiting_validation', by: [...work, 'remote', 'route'], needs: [] },
    toFixed,
    toAccepted,
    toFalsePositive,
    toSuppressed,
  ],
  in_progress: [
    toIdentified,
    { to: 'awaiting_validation', by: [...work, 'remote', 'route'], needs: [] },
    toFixed,
    toAccepted,
    toFalsePositive,
    toSuppressed,
  ],
  awaiting_validation: [
    { to: 'in_progress', by: [...work, 'remote', 'route'], needs: [] },
    { to: 'identified', by: ['champion', 'scan', 'remote', 'route'], needs: [] },
    toFixed,
    toAccepted,
    toFalsePositive,
    toSuppressed,
  ],
  fixed: [reopened],
  // Accepted again: until another day, for another reason.
  risk_accepted: [toAccepted, { to: 'identified', by: [...decide, 'system'], needs: ['reason'] }, toFalsePositive],
  false_positive: [{ to: 'identified', by: decide, needs: ['reason'] }, toAccepted],
  suppressed: [{ to: 'identified', by: ['champion', 'scan'], needs: [] }, toAccepted, toFalsePositive],
}

/** A vulnerability that still asks for work. */
export function isOpen(status: Status): boolean {
  return status === 'created' || status === 'identified' || status === 'in_progress' || status === 'awaiting_validation'
}

/** A vulnerability whose deadline counts: not fixed, and not set aside. */
export function isTracked(status: Status): boolean {
  return status !== 'fixed' && status !== 'false_positive' && status !== 'suppressed'
}

/** The moves `actor` may make from `from`, in menu order. */
export function listMoves(from: Status, actor: MoveActor): Move[] {
  return moves[from].filter((move) => move.by.includes(actor))
}

export type MoveRequest = {
  from: Status
  to: Status
  actor: MoveActor
  reason?: string | null
  acceptedUntil?: string | null
}
export type MoveVerdict =
  | { kind: 'allowed' }
  | { kind: 'unchanged' }
  | { kind: 'refused'; allowed: Status[] }
  | { kind: 'incomplete'; missing: MoveNeed[] }

/** Judges one move. A scan or the remote needs no reason of its own: what it saw is the reason. */
export function judgeMove({ from, to, actor, reason, acceptedUntil }: MoveRequest): MoveVerdict {
  const allowed = listMoves(from, actor)
  const move = allowed.find((candidate) => candidate.to === to)
  if (from === to && move === undefined) return { kind: 'unchanged' }
  if (move === undefined) return { kind: 'refused', allowed: allowed.map((candidate) => candidate.to) }
  if (actor === 'scan' || actor === 'remote' || actor === 'route') return { kind: 'allowed' }
  const given: Record<MoveNeed, boolean> = { reason: Boolean(reason?.trim()), accepted_until: Boolean(acceptedUntil) }
  const missing = move.needs.filter((need) => !given[need])
  return missing.length > 0 ? { kind: 'incomplete', missing } : { kind: 'allowed' }
}
