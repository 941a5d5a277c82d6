import type { BusinessClock } from './business-hours.ts'
import type { PullRequestTimestamps } from './find-timestamps.ts'

/** Seconds of each phase; null where one of its ends did not happen or lies before the other. Never 0 for the unknown. */
export type FlowPhases = {
  coding: number | null
  draft: number | null
  pickup: number | null
  review: number | null
  mergeWait: number | null
  /** From ready to merged: what pickup, review and merge wait add up to. */
  cycle: number | null
  hasNegativeSpan: boolean
}

/** Seconds from merge to production and from first commit to production, null while it is not there. */
export type DeployPhases = { deploy: number | null; lead: number | null; hasNegativeSpan: boolean }

/** Measures the phases of a pull request. `wasDraft` is null where nothing tells, and so is the draft's time then. */
export function measurePhases(at: PullRequestTimestamps, wasDraft: boolean | null): FlowPhases {
  const { firstCommitAt, openedAt, readyAt, firstReviewAt, firstApprovalAt, mergedAt } = at
  const spans = {
    coding: span(firstCommitAt, readyAt),
    draft: wasDraft === null ? null : span(openedAt, readyAt),
    pickup: span(readyAt, firstReviewAt),
    review: span(firstReviewAt, firstApprovalAt),
    mergeWait: span(readyAt === null ? null : (firstApprovalAt ?? firstReviewAt ?? readyAt), mergedAt),
    cycle: span(readyAt, mergedAt),
  }
  return { ...keepPositive(spans), hasNegativeSpan: hasNegative(spans) }
}

/** Measures the way into production. `deployedAt`: end of the first successful production deployment that contains it. */
export function measureDeployPhases(at: {
  firstCommitAt: number | null
  mergedAt: number | null
  deployedAt: number | null
}): DeployPhases {
  const spans = { deploy: span(at.mergedAt, at.deployedAt), lead: span(at.firstCommitAt, at.deployedAt) }
  return { ...keepPositive(spans), hasNegativeSpan: hasNegative(spans) }
}

/**
 * The same phases in business hours. None but where the plain one is known: a phase of no business hours is 0, of an unknown
 * end null.
 */
export function measureBusinessPhases(
  at: PullRequestTimestamps,
  phases: Omit<FlowPhases, 'hasNegativeSpan'>,
  clock: BusinessClock,
): Omit<FlowPhases, 'hasNegativeSpan'> {
  const { firstCommitAt, openedAt, readyAt, firstReviewAt, firstApprovalAt, mergedAt } = at
  const within = (plain: Span, from: Span, to: Span) => (plain === null ? null : measureWithin(clock, from, to))
  return {
    coding: within(phases.coding, firstCommitAt, readyAt),
    draft: within(phases.draft, openedAt, readyAt),
    pickup: within(phases.pickup, readyAt, firstReviewAt),
    review: within(phases.review, firstReviewAt, firstApprovalAt),
    mergeWait: within(phases.mergeWait, firstApprovalAt ?? firstReviewAt ?? readyAt, mergedAt),
    cycle: within(phases.cycle, readyAt, mergedAt),
  }
}

/** The way into production in business hours; null where the plain one is. */
export function measureBusinessDeployPhases(
  at: { firstCommitAt: number | null; mergedAt: number | null; deployedAt: number | null },
  phases: Omit<DeployPhases, 'hasNegativeSpan'>,
  clock: BusinessClock,
): Omit<DeployPhases, 'hasNegativeSpan'> {
  return {
    deploy: phases.deploy === null ? null : measureWithin(clock, at.mergedAt, at.deployedAt),
    lead: phases.lead === null ? null : measureWithin(clock, at.firstCommitAt, at.deployedAt),
  }
}

/** Whole seconds, as all durations are. */
function measureWithin(clock: BusinessClock, from: Span, to: Span): Span {
  if (from === null || to === null) return null
  const seconds = clock(new Date(from * 1000), new Date(to * 1000))
  return seconds === null ? null : Math.round(seconds)
}

export type Span = number | null

/** Seconds from one moment to another; negative where they are the other way round. */
export function span(from: Span, to: Span): Span {
  return from === null || to === null ? null : to - from
}

export function hasNegative(spans: Readonly<Record<string, Span>>): boolean {
  return Object.values(spans).some((seconds) => seconds !== null && seconds < 0)
}

/** Without those that ended before they began. */
export function keepPositive<Key extends string>(spans: Record<Key, Span>): Record<Key, Span> {
  const kept = { ...spans }
  for (const key in kept) if ((kept[key] ?? 0) < 0) kept[key] = null
  return kept
}
