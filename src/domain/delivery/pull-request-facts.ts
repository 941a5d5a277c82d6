/** Whoever did something, after merges of accounts: one id a person, and whether a program has the account. */
export type Actor = { id: string; isBot: boolean }

export const pullRequestStates = ['open', 'merged', 'declined', 'superseded'] as const
export type PullRequestState = (typeof pullRequestStates)[number]

export type PullRequestEventKind =
  | 'opened'
  | 'ready'
  | 'drafted'
  | 'commit_pushed'
  | 'comment'
  | 'task'
  | 'approval'
  | 'approval_removed'
  | 'changes_requested'
  | 'changes_request_removed'
  | 'merged'
  | 'declined'
  | 'superseded'
  | 'reopened'
  | 'edited'

/** Something that happened to a pull request. `at` in whole seconds since 1970; `by` is null where the remote names nobody. */
export type PullRequestEvent = {
  kind: PullRequestEventKind
  at: number
  by: Actor | null
  /** Of a comment: it is gone. */
  isDeleted: boolean
}

/** All that is known of one pull request. Moments are whole seconds since 1970, in UTC. Events come in any order. */
export type PullRequestFacts = {
  state: PullRequestState
  isDraft: boolean
  author: Actor | null
  closedById: string | null
  openedAt: number
  remoteUpdatedAt: number
  /** As the pull request itself says, where no event does. */
  mergedAt: number | null
  closedAt: number | null
  /** Earliest author date of its own commits; null until the clone was asked. */
  firstCommitAt: number | null
  /** One of its commits is more than 60 days older than the next. */
  hasStaleCommit: boolean
  /** Added and removed, without ignored paths; null until the clone was asked. */
  changedLines: number | null
  events: readonly PullRequestEvent[]
  /** Who approved as the pull request itself says: what counts where no event tells of it. */
  approvals: readonly { by: Actor; at: number }[]
  /** Why a person or a rule keeps it out of the figures. */
  excludedReason: string | null
}

/** What a reader of a figure has to know about how it came about. */
export const figureFlags = [
  'approximate_end',
  'approval_from_participants',
  'batch_merge',
  'commit_after_open',
  'draft_unknown',
  'negative_span',
  'review_before_ready',
  'stale_commit',
  'unknown_author',
  'unknown_reviewer',
] as const
export type FigureFlag = (typeof figureFlags)[number]
