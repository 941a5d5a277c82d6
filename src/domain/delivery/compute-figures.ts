import { countRounds } from './count-rounds.ts'
import type { Note } from './explain/reason.ts'
import { findTimestamps, type PullRequestTimestamps, type TimedPullRequest } from './find-timestamps.ts'
import { type FlowPhases, measurePhases } from './measure-phases.ts'
import type { Actor, FigureFlag, PullRequestFacts, PullRequestState } from './pull-request-facts.ts'

/** Goes up whenever the same facts give other figures; every pull request of an older version is worked out anew. */
export const figuresVersion = 2

/** One reviewer's part in a pull request. Moments in whole seconds since 1970; `by` null: nobody knows who. */
export type ReviewerFigures = { by: string | null; firstAt: number; approvedAt: number | null; count: number }

/** Every figure of one pull request. Durations in seconds, moments in whole seconds since 1970. */
export type PullRequestFigures = {
  state: PullRequestState
  timestamps: PullRequestTimestamps
  endedAt: number | null
  phases: Omit<FlowPhases, 'hasNegativeSpan'>
  changedLines: number | null
  /** Comments, approvals and requested changes by others. */
  reviewCount: number
  /** Those that say something: comments and requested changes. */
  feedbackCount: number
  firstFeedbackAt: number | null
  answeredAfter: number | null
  rounds: number
  /** Whether its author merged it; null where one of both is unknown, or it was not merged. */
  isSelfMerged: boolean | null
  /** The author's approval is the only one. */
  isSelfApprovedOnly: boolean
  /** More than 200 lines, approved within five minutes of ready, and not before; null while the lines are unknown. */
  isFlashReviewed: boolean | null
  lastActivityAt: number
  reviewers: ReviewerFigures[]
  /** Why it is in no figure: a person's or a rule's words, or `bot_author`. */
  leftOut: string | null
  /** Why it is in no figure of time up to the merge: the same, or `negative_span`. */
  spanLeftOut: string | null
  flags: FigureFlag[]
}

/**
 * Works out all figures of a pull request from its facts. The order of events has no effect; nothing unknown becomes 0.
 * `note` hears the rule behind each moment and each event, and changes nothing.
 */
export function computeFigures(facts: PullRequestFacts, note?: Note): PullRequestFigures {
  const timed = findTimestamps(facts, note)
  const { timestamps, end, reviews } = timed
  const { hasNegativeSpan, ...phases } = measurePhases(timestamps, timed.wasDraft)
  const inTime = facts.events.filter(({ at }) => end.endedAt === null || at <= end.endedAt)
  const pushes = inTime.filter(({ kind }) => kind === 'commit_pushed').map(({ at }) => at)
  const feedback = reviews.filter(({ kind }) => kind !== 'approval')
  const leftOut = facts.excludedReason ?? (facts.author?.isBot === true ? 'bot_author' : null)
  return {
    state: end.state,
    timestamps,
    endedAt: end.endedAt,
    phases,
    changedLines: facts.changedLines,
    reviewCount: reviews.length,
    feedbackCount: feedback.length,
    firstFeedbackAt: feedback[0]?.at ?? null,
    ...countRounds(reviews, pushes),
    isSelfMerged: judgeSelfMerge(facts, end.state),
    isSelfApprovedOnly: isSelfApprovedOnly(facts, timed),
    isFlashReviewed: judgeFlashReview(facts, timed),
    lastActivityAt: Math.max(facts.openedAt, ...inTime.filter(({ by }) => by?.isBot !== true).map(({ at }) => at)),
    reviewers: listReviewers(timed),
    leftOut,
    spanLeftOut: leftOut ?? (hasNegativeSpan ? 'negative_span' : null),
    flags: [...timed.flags, ...(hasNegativeSpan ? (['negative_span'] as const) : [])].toSorted(),
  }
}

function judgeSelfMerge({ author, closedById }: PullRequestFacts, state: PullRequestState): boolean | null {
  if (state !== 'merged' || author === null || closedById === null) return null
  return author.id === closedById
}

function isSelfApprovedOnly(facts: PullRequestFacts, { reviews, end }: TimedPullRequest): boolean {
  const { author, events, approvals } = facts
  if (author === null || reviews.some(({ kind }) => kind === 'approval')) return false
  const isOwn = ({ by, at }: { by: Actor | null; at: number }) =>
    by?.id === author.id && (end.endedAt === null || at <= end.endedAt)
  return events.some((event) => event.kind === 'approval' && isOwn(event)) || approvals.some(isOwn)
}

/** Larger than this, and sooner than this, nobody has read what they approve. Lines and seconds. */
const flash = { lines: 200, seconds: 300 }

function judgeFlashReview(
  { changedLines }: PullRequestFacts,
  { reviews, timestamps }: TimedPullRequest,
): boolean | null {
  const { readyAt } = timestamps
  const first = reviews.find(({ kind }) => kind === 'approval')
  if (first === undefined || readyAt === null || first.at < readyAt || first.at - readyAt >= flash.seconds) return false
  return changedLines === null ? null : changedLines > flash.lines
}

function listReviewers({ reviews }: TimedPullRequest): ReviewerFigures[] {
  return [...Map.groupBy(reviews, ({ by }) => by?.id ?? null)].map(([by, given]) => ({
    by,
    firstAt: Math.min(...given.map(({ at }) => at)),
    approvedAt: given.find(({ kind }) => kind === 'approval')?.at ?? null,
    count: given.length,
  }))
}
