import type { Permission, Person, Repository } from '../model.ts'

/** People of a workspace who get the same rights. There is no call of the API 2.0 that makes one. */
export interface Group {
  slug: string
  name: string
  members: Person[]
}

export type ProjectPermission = 'read' | 'write' | 'create-repo' | 'admin'

export const restrictionKinds = [
  'push',
  'delete',
  'force',
  'restrict_merges',
  'require_tasks_to_be_completed',
  'require_approvals_to_merge',
  'require_review_group_approvals_to_merge',
  'require_default_reviewer_approvals_to_merge',
  'require_no_changes_requested',
  'require_passing_builds_to_merge',
  'require_commits_behind',
  'reset_pullrequest_approvals_on_change',
  'smart_reset_pullrequest_approvals',
  'reset_pullrequest_changes_requested_on_change',
  'require_all_dependencies_merged',
  'enforce_merge_checks',
  'allow_auto_merge_when_builds_pass',
  'require_all_comments_resolved',
] as const
export type RestrictionKind = (typeof restrictionKinds)[number]

export const branchKinds = ['release', 'hotfix', 'feature', 'bugfix'] as const
export type BranchKind = (typeof branchKinds)[number]
export const branchTypes = ['production', 'development', ...branchKinds] as const
type BranchType = (typeof branchTypes)[number]

/** Which branches a restriction is about: `*` in a glob stands for any characters. */
export type BranchMatch = { kind: 'glob'; pattern: string } | { kind: 'branching_model'; branchType: BranchType }

export interface BranchRestriction {
  id: number
  kind: RestrictionKind
  match: BranchMatch
  /** What it counts: approvals, builds, commits. */
  value: number | null
  /** Those it does not bind; of `push` and `restrict_merges` only. */
  users: Person[]
  groups: Group[]
}

export interface TargetBranch {
  /** null while it is the main branch, or none at all. */
  name: string | null
  useMainBranch: boolean
}

export interface BranchingModel {
  development: TargetBranch
  production: TargetBranch & { enabled: boolean }
  branchTypes: { kind: BranchKind; prefix: string; enabled: boolean }[]
  defaultBranchDeletion: boolean
}

export interface DeployKey {
  id: number
  /** Type and key, without the comment. */
  key: string
  comment: string
  label: string
  createdOn: string
  createdBy: Person
}

/** A file offered for download. */
export interface Artifact {
  name: string
  contentType: string
  content: Buffer
  downloads: number
  person: Person
  createdOn: string
}

export const forkPolicies = ['allow_forks', 'no_public_forks', 'no_forks'] as const

/** What a repository's administrators decide. */
export interface RepositoryAdministration {
  parent: Repository | null
  website: string | null
  forkPolicy: (typeof forkPolicies)[number]
  /** Slug of a group → what it may do. */
  groupPermissions: Map<string, Permission>
  restrictions: BranchRestriction[]
  branchingModel: BranchingModel
  /** true: the repository's own setting counts, not its project's. */
  overrides: { default_merge_strategy: boolean; branching_model: boolean }
  defaultReviewers: Person[]
  deployKeys: DeployKey[]
  artifacts: Artifact[]
  watchers: Person[]
}

/** What a project's administrators decide. */
export interface ProjectAdministration {
  /** UUID of a person → what they may do in all the project's repositories. */
  userPermissions: Map<string, ProjectPermission>
  groupPermissions: Map<string, ProjectPermission>
  branchingModel: BranchingModel
  defaultReviewers: Person[]
  deployKeys: DeployKey[]
}
