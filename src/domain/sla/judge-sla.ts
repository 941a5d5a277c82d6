import type { BusinessImpact } from '../business-impact.ts'
import type { Severity } from '../severity.ts'
import type { Status } from '../status.ts'
import type { Deadline, SlaClock } from './sla-clock.ts'
import type { SlaTable } from './sla-table.ts'
import { toStoredDeadline } from './stored-deadline.ts'

/** A half-open range of time; without an end it lasts. */
export type AcceptedSpan = { from: Date; to: Date | null }

/** What a deadline depends on. `businessImpact` is the asset's. */
export type SlaSubject = {
  severity: Severity
  businessImpact: BusinessImpact
  status: Status
  createdAt: Date
  fixedAt: Date | null
  /** When its risk was accepted. */
  accepted: readonly AcceptedSpan[]
}

/** What an organization decided; `table` is null as long as it has decided nothing. */
export type SlaRules = {
  table: SlaTable | null
  clock: SlaClock
  pausesWhileAccepted: boolean
}

/** Where something can stand against its deadline. */
export const slaStates = ['on_track', 'approaching', 'breached', 'resolved', 'not_tracked', 'not_set'] as const
export type SlaState = (typeof slaStates)[number]

type Term = Deadline & { days: number }

/**
 * Where something stands against its deadline. While it is paused its state is the one in which it was paused, and the
 * deadline the one that would hold if the pause ended now, so that it moves along.
 */
export type SlaVerdict =
  | { state: 'not_set' }
  | { state: 'not_tracked'; why: 'no_level' | 'false_positive' | 'suppressed' }
  | (Term & { state: 'resolved'; isLate: boolean })
  | (Term & { state: 'on_track' | 'approaching' | 'breached'; isPaused: boolean })

/** Judges one vulnerability by the table and the facts of now: a new severity or business impact counts from creation on. */
export function judgeSla(subject: SlaSubject, rules: SlaRules, now: Date): SlaVerdict {
  const { status } = subject
  if (rules.table === null) return { state: 'not_set' }
  if (status === 'false_positive' || status === 'suppressed') return { state: 'not_tracked', why: status }
  const stored = toStoredDeadline(subject, rules)
  if (stored === null) return { state: 'not_tracked', why: 'no_level' }
  const { pausedAt, ...term } = stored
  if (status === 'fixed') return { state: 'resolved', isLate: (subject.fixedAt ?? now) >= term.dueAt, ...term }
  if (pausedAt === null) return { state: stateAt(term, now), isPaused: false, ...term }
  return { state: stateAt(term, pausedAt), isPaused: true, ...moveAlong(subject, rules, { pausedAt, now }) }
}

/** The deadline of something paused, were the pause to end now. */
function moveAlong(subject: SlaSubject, rules: SlaRules, { pausedAt, now }: { pausedAt: Date; now: Date }): Term {
  const accepted = subject.accepted.map((span) => ({
    from: span.from,
    to: span.to ?? (now < pausedAt ? pausedAt : now),
  }))
  const { pausedAt: _, ...term } = toStoredDeadline({ ...subject, accepted }, rules) ?? notPossible()
  return term
}

function notPossible(): never {
  throw new Error('What is paused has a level.')
}

function stateAt({ approachesAt, dueAt }: Deadline, now: Date): 'on_track' | 'approaching' | 'breached' {
  if (now >= dueAt) return 'breached'
  return now >= approachesAt ? 'approaching' : 'on_track'
}
