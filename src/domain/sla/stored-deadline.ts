import type { SlaRules, SlaSubject } from './judge-sla.ts'
import type { Deadline } from './sla-clock.ts'

/** A deadline as it is kept: it stays true as time goes by. `pausedAt` is since when its clock stands still, if it does. */
export type StoredDeadline = Deadline & { days: number; pausedAt: Date | null }

/**
 * The deadline of something by the table, whatever its status says about tracking it; null where there is no level or no
 * table. While the clock stands still it is the deadline as it was when it stopped.
 */
export function toStoredDeadline(subject: SlaSubject, rules: SlaRules): StoredDeadline | null {
  const { severity, businessImpact, createdAt, fixedAt, status } = subject
  const days = rules.table?.[severity][businessImpact] ?? null
  if (days === null) return null
  const spans = rules.pausesWhileAccepted ? subject.accepted : []
  const until = status === 'fixed' ? fixedAt : null
  const end = (to: Date) => (until !== null && to > until ? until : to)
  const pauses = spans.flatMap(({ from, to }) => (to === null ? [] : [{ from, to: end(to) }]))
  const last = status === 'fixed' ? undefined : spans.find(({ to }) => to === null)
  return { days, pausedAt: last?.from ?? null, ...rules.clock({ createdAt, days, pauses }) }
}
