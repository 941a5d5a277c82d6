import type { PipelineResult } from '../model/pipelines.ts'
import type { Colleague, Staff } from './people.ts'

/** What happens in a repository, thought out in time before there is any git of it. Moments are seconds since 1970. */

export type Life = 'busy' | 'steady' | 'young' | 'dead'

export interface RepositoryPlan {
  slug: string
  name: string
  description: string
  projectIndex: number
  life: Life
  from: number
  /** The last pull request is opened before. */
  to: number
  /** The end of all history. */
  today: number
  staff: Staff
  team: readonly Colleague[]
  /** Everybody else, who now and then helps. */
  others: readonly Colleague[]
  /** How it gets to its users: with nearly every merge, in a daily or weekly round, or not at all (a library). */
  delivery: 'continuous' | 'rounds' | 'train' | 'library'
  strategy: Strategy
  /** Approvals it takes to merge. */
  approvals: number
  /** Minutes a pipeline takes; the median. */
  pipelineMinutes: number
  /** Pipelines of pull requests run on these, or on the branch. */
  hasPullRequestPipelines: boolean
}

export type Strategy = 'merge_commit' | 'squash' | 'fast_forward'

export type Kind = 'feature' | 'fix' | 'chore' | 'hotfix' | 'revert' | 'dependency'

export interface PlannedCommit {
  at: number
  author: Colleague
  message: string
  files: number
  /** Changed lines, in all its files together. */
  lines: number
  /** Of the git stream; set when it is written. */
  mark: number
}

/** A pipeline that a push or a person starts. */
export interface PlannedRun {
  at: number
  seconds: number
  result: PipelineResult
  by: Colleague
  isRerun: boolean
}

export interface Push {
  at: number
  commits: PlannedCommit[]
  runs: PlannedRun[]
}

export interface PlannedComment {
  kind: 'comment'
  at: number
  by: Colleague
  text: string
  parent: PlannedComment | null
  isInline: boolean
  resolved: { at: number; by: Colleague } | null
  task: { text: string; resolved: { at: number; by: Colleague } | null } | null
}

export type PlannedEvent =
  | PlannedComment
  | { kind: 'approval' | 'changes_requested'; at: number; by: Colleague }
  | { kind: 'push'; at: number; push: Push }
  | { kind: 'ready'; at: number }
  | { kind: 'retarget'; at: number; to: string }

export interface Outcome {
  state: 'MERGED' | 'DECLINED' | 'SUPERSEDED'
  at: number
  by: Colleague
  reason: string
}

export interface PlannedPullRequest {
  id: number
  kind: Kind
  author: Colleague
  title: string
  description: string
  branch: string
  openedAt: number
  /** null: never was a draft. */
  draftUntil: number | null
  reviewers: Colleague[]
  /** What was there when it was opened. */
  first: Push
  /** In time order, all before the outcome. */
  events: PlannedEvent[]
  /** null: open until today. */
  outcome: Outcome | null
  strategy: Strategy
  closesBranch: boolean
  /** The one it waits for, takes up again (both start at its branch), or takes back. */
  relation: { kind: 'stacked' | 'continues' | 'reverts'; other: PlannedPullRequest } | null
}

export function allPushes(pullRequest: PlannedPullRequest): Push[] {
  return [pullRequest.first, ...pullRequest.events.filter((event) => event.kind === 'push').map((event) => event.push)]
}
