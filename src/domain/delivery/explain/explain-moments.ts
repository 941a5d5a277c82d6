import type { PullRequestEnd } from '../find-end.ts'
import type { Readiness } from '../find-ready.ts'
import type { PullRequestTimestamps } from '../find-timestamps.ts'
import type { Review } from '../list-reviews.ts'
import type { PullRequestFacts } from '../pull-request-facts.ts'
import type { ChosenRule, CommitRule, MomentName, Note } from './reason.ts'

type Worked = {
  facts: PullRequestFacts
  timestamps: PullRequestTimestamps
  end: PullRequestEnd
  readiness: Readiness
  reviews: readonly Review[]
}

/** Tells of each moment of a pull request the rule that chose it. Called where they are chosen, with what chose them. */
export function explainMoments({ facts, timestamps: at, end, readiness, reviews }: Worked, note: Note): void {
  const approvals = reviews.filter(({ kind }) => kind === 'approval')
  note({ about: 'first_commit_at', rule: ruleOfCommit(facts), at: at.firstCommitAt, by: null, what: null })
  note({ about: 'opened_at', rule: 'opened', at: at.openedAt, by: facts.author, what: null })
  note({ about: 'ready_at', rule: readiness.rule, at: at.readyAt, by: null, what: null })
  const chosen: [MomentName, Review | undefined, number | null, ChosenRule][] = [
    ['first_review_at', reviews[0], at.firstReviewAt, 'chosen_first'],
    ['first_approval_at', approvals[0], at.firstApprovalAt, 'chosen_first'],
    ['last_approval_at', approvals.at(-1), at.lastApprovalAt, 'chosen_last'],
  ]
  for (const [about, review, moment, rule] of chosen)
    note({
      about,
      rule: ruleOfChosen(review, moment, rule),
      at: moment,
      by: review?.by ?? null,
      what: review?.kind ?? null,
    })
  for (const [about, moment] of [
    ['merged_at', at.mergedAt],
    ['closed_at', at.closedAt],
  ] as const) {
    const isElse = moment === null && end.state !== 'open'
    note({ about, rule: isElse ? 'chosen_did_not_happen' : end.rule, at: moment, by: null, what: null })
  }
}

function ruleOfCommit({ firstCommitAt, openedAt }: PullRequestFacts): CommitRule {
  if (firstCommitAt === null) return 'commit_unknown'
  return firstCommitAt > openedAt ? 'commit_clamped_to_opening' : 'commit_first'
}

function ruleOfChosen(review: Review | undefined, moment: number | null, rule: ChosenRule): ChosenRule {
  if (review === undefined) return 'chosen_none'
  if (moment === null) return 'chosen_not_ready'
  return moment > review.at ? 'chosen_from_ready' : rule
}
