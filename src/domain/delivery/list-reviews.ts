import type { Note } from './explain/reason.ts'
import type { Actor, PullRequestEvent, PullRequestEventKind, PullRequestFacts } from './pull-request-facts.ts'

/** What somebody who is neither the author nor a program said about a pull request before it ended. */
export type Review = { kind: 'comment' | 'approval' | 'changes_requested'; at: number; by: Actor | null }

/** Reviews, earliest first, and what had to be guessed about who gave them. */
export type Reviews = { reviews: Review[]; hasUnknownReviewer: boolean; hasApprovalFromParticipants: boolean }

const ranks = { comment: 0, changes_requested: 1, approval: 2 } as const

/**
 * Lists what counts as a review: comments that still stand, approvals and requested changes, not after the end (`endedAt`
 * in whole seconds, null while open), by anybody but the author and programs. Where the remote names nobody any more, it
 * was somebody else than an author it still names; where it names neither, nobody can tell, and it does not count.
 */
export function listReviews(facts: PullRequestFacts, endedAt: number | null, note?: Note): Reviews {
  const told = facts.events.flatMap((event) =>
    isReviewKind(event.kind) ? [{ ...event, kind: event.kind, event }] : [],
  )
  const approved = new Set(
    told.flatMap(({ kind, by, isDeleted }) => (kind === 'approval' && by !== null && !isDeleted ? [by.id] : [])),
  )
  const untold = facts.approvals.filter(({ by }) => !approved.has(by.id))
  const asReviews = untold.map((event) => ({ ...event, kind: 'approval' as const, isDeleted: false, event }))
  const judged = [...told, ...asReviews].map((one) => {
    return { one, rule: judgeReview(one, { author: facts.author, endedAt }) }
  })
  for (const { one, rule } of judged) note?.({ about: 'event', rule, at: one.at, by: one.by, event: one.event })
  const reviews = judged
    .flatMap(({ one: { kind, at, by }, rule }) => (rule === 'review_counts' ? [{ kind, at, by }] : []))
    .toSorted(inOrder)
  return {
    reviews,
    hasUnknownReviewer: judged.some(
      ({ one, rule }) => one.by === null && (rule === 'review_counts' || rule === 'review_by_nobody_known'),
    ),
    hasApprovalFromParticipants: untold.some(({ by, at }) =>
      reviews.some((one) => one.kind === 'approval' && one.by?.id === by.id && one.at === at),
    ),
  }
}

/** Whether something said is a review, and why not. */
export type ReviewRule =
  | 'review_counts'
  | 'review_deleted'
  | 'review_after_end'
  | 'review_by_author'
  | 'review_by_program'
  | 'review_by_nobody_known'

function judgeReview(
  { at, by, isDeleted }: Pick<PullRequestEvent, 'at' | 'by' | 'isDeleted'>,
  { author, endedAt }: { author: Actor | null; endedAt: number | null },
): ReviewRule {
  if (isDeleted) return 'review_deleted'
  if (endedAt !== null && at > endedAt) return 'review_after_end'
  if (by === null) return author === null ? 'review_by_nobody_known' : 'review_counts'
  if (by.isBot) return 'review_by_program'
  return by.id === author?.id ? 'review_by_author' : 'review_counts'
}

/** Orders what happened by its moment, and within a moment always alike. */
function inOrder(a: Review, b: Review): number {
  return a.at - b.at || ranks[a.kind] - ranks[b.kind] || (a.by?.id ?? '').localeCompare(b.by?.id ?? '')
}

function isReviewKind(kind: PullRequestEventKind): kind is Review['kind'] {
  return kind === 'comment' || kind === 'approval' || kind === 'changes_requested'
}
