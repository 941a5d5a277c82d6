import { hasNegative, keepPositive, span } from '../measure-phases.ts'

/** Moments of the way, of the last pull request needed. Whole seconds since 1970; null: not yet, or not at all. */
export type FixMoments = {
  openedAt: number
  triagedAt: number | null
  prOpenedAt: number | null
  firstReviewAt: number | null
  firstApprovalAt: number | null
  mergedAt: number | null
  deployedAt: number | null
}

/** Seconds of each stage; null where its end did not happen. Those that are not null add up to `lead`. */
export type FixStages = {
  triage: number | null
  toPr: number | null
  pickup: number | null
  review: number | null
  mergeWait: number | null
  deploy: number | null
  /** From found to fixed in production. */
  lead: number | null
  hasNegativeSpan: boolean
  /** Nobody had looked at it when its pull request was opened: the time until then is the pull request's. */
  isTriagedLate: boolean
}

/**
 * Measures the stages. Each begins where the one before it that did happen ended, so that they add up; a negative one is
 * null, and told.
 */
export function measureStages(at: FixMoments): FixStages {
  const { openedAt, prOpenedAt, firstReviewAt, firstApprovalAt, mergedAt, deployedAt } = at
  const isTriagedLate = at.triagedAt !== null && prOpenedAt !== null && at.triagedAt > prOpenedAt
  const triagedAt = isTriagedLate ? null : at.triagedAt
  const spans = {
    triage: span(openedAt, triagedAt),
    toPr: span(triagedAt ?? openedAt, prOpenedAt),
    pickup: span(prOpenedAt, firstReviewAt),
    review: span(firstReviewAt ?? prOpenedAt, firstApprovalAt),
    mergeWait: span(firstApprovalAt ?? firstReviewAt ?? prOpenedAt, mergedAt),
    deploy: span(mergedAt, deployedAt),
    lead: span(openedAt, deployedAt),
  }
  return { ...keepPositive(spans), hasNegativeSpan: hasNegative(spans), isTriagedLate }
}
