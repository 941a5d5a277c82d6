import { tryMerge } from '../git/conflicts.ts'
import { countBehind } from '../git/refs.ts'
import { type BranchRestriction, type RestrictionKind, restrictionKinds } from '../model/administration.ts'
import type { CommitStatus, Person, PullRequest, Repository } from '../model.ts'
import type { Sim } from '../state.ts'
import { effectiveReviewers } from './default-reviewers.ts'
import { hasSourceBranch, sourceOf } from './pull-request-source.ts'
import type { OnPullRequest } from './pull-requests.ts'
import { restrictionsOn } from './restrictions-on.ts'

export interface MergeCheck {
  type: 'pullrequest_state_check' | 'current_user_permission_check' | 'git_mergeability_check' | 'standard_merge_check'
  passed: boolean
  /** A check that is not required warns and stops nobody. */
  required: boolean
  reason: string
  /** What was looked at: a state, or the kind of restriction. */
  state?: string
  /** Why the merge is refused, in a sentence. */
  refusal: string
}

function approvals(pullRequest: PullRequest, among?: readonly Person[]): number {
  const counts = (person: Person) => among === undefined || among.some((one) => one.uuid === person.uuid)
  return pullRequest.participants.filter((one) => one.approved && counts(one.person)).length
}

interface PlacedStatus {
  repository: Repository
  status: CommitStatus
}

/** The builds of the source's last commit that belong to the pull request: those told to the destination, and to a fork. */
export function statusesOf(sim: Sim, on: { repository: Repository; pullRequest: PullRequest }): PlacedStatus[] {
  const { sourceHash, sourceBranch } = on.pullRequest
  const source = sourceOf(sim, on)
  const places = source === undefined || source === on.repository ? [on.repository] : [on.repository, source]
  return places.flatMap((repository) =>
    repository.statuses
      .filter((one) => one.hash === sourceHash && (one.refname === null || one.refname === sourceBranch))
      .map((status) => ({ repository, status })),
  )
}

type Checked = OnPullRequest & { sim: Sim }

interface Rule {
  /** What is missing for a merge; undefined when nothing is. */
  failure: (on: Checked, value: number) => string | undefined | Promise<string | undefined>
}

const rules: Partial<Record<RestrictionKind, Rule>> = {
  require_approvals_to_merge: {
    failure: ({ pullRequest }, value) =>
      approvals(pullRequest) < value ? `at least ${value} approvals are required` : undefined,
  },
  require_default_reviewer_approvals_to_merge: {
    failure: ({ pullRequest, repository }, value) =>
      approvals(
        pullRequest,
        effectiveReviewers(repository).map(({ person }) => person),
      ) < value
        ? `at least ${value} approvals from default reviewers are required`
        : undefined,
  },
  require_no_changes_requested: {
    failure: ({ pullRequest }) =>
      pullRequest.participants.some((one) => one.state === 'changes_requested')
        ? 'changes are requested by a reviewer'
        : undefined,
  },
  require_tasks_to_be_completed: {
    failure: ({ pullRequest }) =>
      pullRequest.tasks.some((one) => one.state === 'UNRESOLVED') ? 'there are unresolved tasks' : undefined,
  },
  require_all_comments_resolved: {
    failure: ({ pullRequest }) =>
      pullRequest.comments.some(
        (one) => one.parentId === null && one.inline !== null && !one.deleted && one.resolution === null,
      )
        ? 'there are unresolved comments'
        : undefined,
  },
  require_passing_builds_to_merge: {
    failure: (on, value) => {
      const builds = statusesOf(on.sim, on)
      const passed = builds.filter(({ status }) => status.state === 'SUCCESSFUL').length
      return passed < Math.max(1, value) || passed < builds.length ? 'not all builds have passed' : undefined
    },
  },
  require_commits_behind: {
    failure: async ({ pullRequest, repository }, value) => {
      const { sourceHash, destinationHash } = pullRequest
      const behind = await countBehind(repository.directory, { source: sourceHash, destination: destinationHash })
      return behind > value ? `the source branch is ${behind} commits behind the destination` : undefined
    },
  },
}

async function standardCheck(
  on: Checked,
  input: { rule: Rule; restriction: BranchRestriction; required: boolean },
): Promise<MergeCheck> {
  const { rule, restriction, required } = input
  const failure = await rule.failure(on, restriction.value ?? 1)
  return {
    type: 'standard_merge_check',
    passed: failure === undefined,
    required,
    state: restriction.kind,
    reason: failure ?? 'passed',
    refusal: `You can't merge until all merge checks have passed: ${failure ?? ''}.`,
  }
}

/** Who may merge, by the restrictions of the destination; nobody is named where everybody who writes may. */
function mayMerge({ repository, pullRequest, actor }: OnPullRequest): boolean {
  const restrictions = restrictionsOn(repository, pullRequest.destinationBranch, 'restrict_merges')
  return restrictions.every(
    ({ users, groups }) =>
      users.some((one) => one.uuid === actor.uuid) ||
      groups.some((group) => group.members.some((one) => one.uuid === actor.uuid)),
  )
}

function stateCheck({ pullRequest }: OnPullRequest): MergeCheck {
  const { state, draft } = pullRequest
  return {
    type: 'pullrequest_state_check',
    passed: state === 'OPEN' && !draft,
    required: true,
    state: draft && state === 'OPEN' ? 'DRAFT' : state,
    reason: draft && state === 'OPEN' ? 'draft' : state.toLowerCase(),
    refusal: "You can't merge a draft pull request.",
  }
}

async function gitCheck({ sim, ...on }: Checked): Promise<MergeCheck> {
  const { repository, pullRequest } = on
  const { sourceHash, destinationHash, sourceBranch } = pullRequest
  const check = { type: 'git_mergeability_check', required: true } as const
  if (!(await hasSourceBranch(sim, on))) {
    const refusal = `You can't merge: the source branch ${sourceBranch} does not exist any more.`
    return { ...check, passed: false, reason: 'source_branch_deleted', refusal }
  }
  const merged = await tryMerge(repository.directory, { source: sourceHash, destination: destinationHash })
  const isClean = merged !== undefined && merged.conflicts.length === 0
  const refusal = "You can't merge until you resolve all merge conflicts."
  return { ...check, passed: isClean, reason: isClean ? 'clean' : 'conflicts', refusal }
}

/** Everything that decides whether this person can merge the pull request now. */
export async function mergeChecks(sim: Sim, on: OnPullRequest, mayWrite: boolean): Promise<MergeCheck[]> {
  const restrictions = (kind: RestrictionKind) => restrictionsOn(on.repository, on.pullRequest.destinationBranch, kind)
  const required = sim.switches.mergeChecks === 'enforced' || restrictions('enforce_merge_checks').length > 0
  const isAllowed = mayWrite && mayMerge(on)
  const permission: MergeCheck = {
    type: 'current_user_permission_check',
    passed: isAllowed,
    required: true,
    reason: isAllowed ? 'allowed' : 'not_allowed',
    refusal: 'You do not have permission to merge to this branch.',
  }
  const standard: MergeCheck[] = []
  for (const kind of restrictionKinds) {
    const rule = rules[kind]
    if (rule === undefined) continue
    for (const restriction of restrictions(kind))
      standard.push(await standardCheck({ ...on, sim }, { rule, restriction, required }))
  }
  return [stateCheck(on), permission, await gitCheck({ ...on, sim }), ...standard]
}
