import type { Actor, PullRequestEventKind, PullRequestFacts } from './pull-request-facts.ts'

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
export function listReviews(facts: PullRequestFacts, endedAt: number | null): Reviews {
  const told = facts.events.flatMap(({ kind, at, by, isDeleted }) =>
    isReviewKind(kind) && !isDeleted ? [{ kind, at, by }] : [],
  )
  const approved = new Set(told.flatMap(({ kind, by }) => (kind === 'approval' && by !== null ? [by.id] : [])))
  const untold = facts.approvals.filter(({ by }) => !approved.has(by.id))
  const all = [...told, ...untold.map(({ by, at }) => ({ kind: 'approval' as const, at, by }))]
  const inTime = all.filter(({ at }) => endedAt === null || at <= endedAt)
  const reviews = inTime.filter(({ by }) => isReviewer(by, facts.author)).toSorted(inOrder)
  return {
    reviews,
    hasUnknownReviewer: inTime.some(({ by }) => by === null),
    hasApprovalFromParticipants: untold.some(({ by, at }) =>
      reviews.some((one) => one.kind === 'approval' && one.by?.id === by.id && one.at === at),
    ),
  }
}

/** Orders what happened by its moment, and within a moment always alike. */
function inOrder(a: Review, b: Review): number {
  return a.at - b.at || ranks[a.kind] - ranks[b.kind] || (a.by?.id ?? '').localeCompare(b.by?.id ?? '')
}

function isReviewKind(kind: PullRequestEventKind): kind is Review['kind'] {
  return kind === 'comment' || kind === 'approval' || kind === 'changes_requested'
}

function isReviewer(by: Actor | null, author: Actor | null): boolean {
  if (by === null) return author !== null
  return !by.isBot && by.id !== author?.id
}
