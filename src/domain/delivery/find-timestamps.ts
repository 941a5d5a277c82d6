import { explainMoments } from './explain/explain-moments.ts'
import type { Note } from './explain/reason.ts'
import { findEnd, type PullRequestEnd } from './find-end.ts'
import { findReady } from './find-ready.ts'
import { listReviews, type Review } from './list-reviews.ts'
import type { FigureFlag, PullRequestFacts } from './pull-request-facts.ts'

/** The moments the figures of a pull request are made of: whole seconds since 1970, null for what did not happen. */
export type PullRequestTimestamps = {
  firstCommitAt: number | null
  openedAt: number
  readyAt: number | null
  firstReviewAt: number | null
  firstApprovalAt: number | null
  lastApprovalAt: number | null
  mergedAt: number | null
  closedAt: number | null
}

export type TimedPullRequest = {
  timestamps: PullRequestTimestamps
  end: PullRequestEnd
  reviews: readonly Review[]
  /** Whether it ever was a draft; null where nothing tells. */
  wasDraft: boolean | null
  flags: FigureFlag[]
}

/** Works out the moments of a pull request from what happened, in whatever order it is told; `note` hears why. */
export function findTimestamps(facts: PullRequestFacts, note?: Note): TimedPullRequest {
  const end = findEnd(facts)
  const { reviews, hasUnknownReviewer, hasApprovalFromParticipants } = listReviews(facts, end.endedAt, note)
  const readiness = findReady(facts, { reviewedAt: reviews.map(({ at }) => at), endedAt: end.endedAt })
  const { readyAt, wasDraft } = readiness
  // A review before the pull request was ready counts from the moment it was; of a draft that is still one, not yet.
  const fromReady = (at: number | undefined) => (at === undefined || readyAt === null ? null : Math.max(at, readyAt))
  const approvals = reviews.filter(({ kind }) => kind === 'approval').map(({ at }) => at)
  const { openedAt } = facts
  const flagged: [FigureFlag, boolean][] = [
    ['approximate_end', end.isApproximate],
    ['approval_from_participants', hasApprovalFromParticipants],
    ['commit_after_open', facts.firstCommitAt !== null && facts.firstCommitAt > openedAt],
    ['draft_unknown', wasDraft === null],
    ['review_before_ready', reviews.some(({ at }) => readyAt !== null && at < readyAt)],
    ['stale_commit', facts.hasStaleCommit],
    ['unknown_author', facts.author === null],
    ['unknown_reviewer', hasUnknownReviewer],
  ]
  const timestamps = {
    firstCommitAt: facts.firstCommitAt === null ? null : Math.min(facts.firstCommitAt, openedAt),
    openedAt,
    readyAt,
    firstReviewAt: fromReady(reviews[0]?.at),
    firstApprovalAt: fromReady(approvals[0]),
    lastApprovalAt: fromReady(approvals.at(-1)),
    mergedAt: end.mergedAt,
    closedAt: end.closedAt,
  }
  if (note !== undefined) explainMoments({ facts, timestamps, end, readiness, reviews }, note)
  return {
    timestamps,
    end,
    reviews,
    wasDraft,
    flags: flagged.flatMap(([flag, isSet]) => (isSet ? [flag] : [])),
  }
}
