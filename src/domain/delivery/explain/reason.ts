import type { EndRule } from '../find-end.ts'
import type { ReadyRule } from '../find-ready.ts'
import type { ReviewRule } from '../list-reviews.ts'
import type { Actor, PullRequestEvent } from '../pull-request-facts.ts'

/** The moments of a pull request that have a rule. */
export const momentNames = [
  'first_commit_at',
  'opened_at',
  'ready_at',
  'first_review_at',
  'first_approval_at',
  'last_approval_at',
  'merged_at',
  'closed_at',
] as const
export type MomentName = (typeof momentNames)[number]

export type CommitRule = 'commit_first' | 'commit_clamped_to_opening' | 'commit_unknown'
export type ChosenRule =
  | 'chosen_first'
  | 'chosen_last'
  | 'chosen_from_ready'
  | 'chosen_none'
  | 'chosen_not_ready'
  | 'chosen_did_not_happen'
export type MomentRule = CommitRule | ChosenRule | EndRule | ReadyRule | 'opened'

/** Of an approval that only the participants tell of there is no event. */
export type JudgedEvent = PullRequestEvent | { by: Actor; at: number }

/** Why a figure came about: what an event counts as, or which rule chose a moment. Moments in whole seconds since 1970. */
export type Reason =
  | { about: 'event'; rule: ReviewRule; at: number; by: Actor | null; event: JudgedEvent }
  | { about: MomentName; rule: MomentRule; at: number | null; by: Actor | null; what: string | null }

/** Hears the reasons while figures are worked out. Nothing may depend on whether anybody listens. */
export type Note = (reason: Reason) => void
