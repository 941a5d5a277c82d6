import type { ReviewRule } from '../list-reviews.ts'
import type { FigureFlag } from '../pull-request-facts.ts'
import type { MomentRule } from './reason.ts'

/** What each rule says, to stand behind what happened. */
export const reviewRuleWords: Record<ReviewRule, string> = {
  review_counts: 'counts as a review',
  review_deleted: 'does not count: it was deleted',
  review_after_end: 'does not count: it came after the pull request had ended',
  review_by_author: 'does not count: it is the author’s own',
  review_by_program: 'does not count: a program has this account',
  review_by_nobody_known:
    'does not count: neither its author nor the pull request’s is known, so it may be the same person',
}

/** Why a moment is the one it is. `{what}` and `{by}` stand for what chose it and whose it was. */
export const momentRuleWords: Record<MomentRule, string> = {
  commit_first: 'the earliest author date of its own commits',
  commit_clamped_to_opening: 'its first commit is later than its opening, so the opening counts',
  commit_unknown: 'no commits of it are known: nobody has asked the clone, or the clone lacks them',
  opened: 'when it was opened',
  ready_draft_still: 'it is still a draft',
  ready_at_opening: 'nothing tells of a draft, so it asked for a review from its opening on',
  ready_by_event: 'the last change from draft to ready before the first review',
  ready_since_opening: 'it became a draft only later, so it was ready from its opening on',
  chosen_first: 'the first {what} that counts, of {by}',
  chosen_last: 'the last {what} that counts, of {by}',
  chosen_from_ready: 'the {what} of {by} came before the pull request was ready and counts from then on',
  chosen_none: 'none that counts',
  chosen_not_ready: 'the {what} of {by} was given to a draft that is not ready yet',
  chosen_did_not_happen: 'it ended otherwise',
  end_still_open: 'it is open',
  end_by_event: 'the event of its end',
  end_by_itself: 'no event tells of its end; the pull request itself says when',
  end_by_last_change: 'nothing tells when it ended; the remote’s last change stands for it',
}

export const flagWords: Record<FigureFlag, string> = {
  approximate_end: 'when it ended is not exactly known',
  approval_from_participants: 'an approval is known from the list of participants only',
  batch_merge: 'it shares its merge commit with another pull request',
  commit_after_open: 'its first commit is later than its opening',
  draft_unknown: 'nothing tells whether it was a draft',
  negative_span: 'it ended before it began by the clocks that told of it',
  review_before_ready: 'a review came before it was ready',
  stale_commit: 'one of its commits is more than 60 days older than the next',
  unknown_author: 'nobody knows its author any more',
  unknown_reviewer: 'nobody knows one of its reviewers any more',
}

/** Why something is in no figure. A reason without words here is a person’s own. */
export const leftOutWords: Readonly<Record<string, string>> = {
  bot_author: 'a program opened it',
  negative_span: 'it ended before it began by the clocks that told of it',
  batch_merge: 'it shares its merge commit with another pull request, whose change counts for both',
  superseded: 'it was superseded',
  too_many_lines: 'it changed more than 10,000 lines or 300 files',
  too_slow_to_blame: 'tracing its lines took too long',
  files_missing: 'former versions of its files are not in the copy of the repository on disk',
}
