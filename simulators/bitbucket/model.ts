import type { WebhookAction } from '../shared/fault-plan.ts'
import type { JsonObject } from '../shared/json.ts'
import type { DeliveryState } from '../shared/outbox.ts'
import type { Group, ProjectAdministration, RepositoryAdministration } from './model/administration.ts'
import type { Issue, IssueTracker } from './model/issue-tracker.ts'
import type { Deployment, Environment, Pipeline, PipelinesConfig } from './model/pipelines.ts'

/** What the simulated Bitbucket remembers. Plain mutable records; identity is the UUID (with braces). */
export type Mode = '2026' | 'legacy'
export type Permission = 'none' | 'read' | 'write' | 'admin'
export type WorkspaceRole = 'owner' | 'create-project' | 'collaborator' | 'member'

export interface Person {
  kind: 'user' | 'app_user'
  uuid: string
  accountId: string
  username: string
  displayName: string
  email: string
  /** Web login only; the API never accepts it. */
  password: string
  role: string
  createdOn: string
  /** Nobody: shown as null. */
  isDeleted?: boolean
}

export interface Project extends ProjectAdministration {
  uuid: string
  key: string
  name: string
  description: string
  isPrivate: boolean
  createdOn: string
  updatedOn: string
}

export interface Workspace {
  uuid: string
  slug: string
  name: string
  createdOn: string
  members: { person: Person; role: WorkspaceRole }[]
  groups: Group[]
  projects: Project[]
}

export interface Inline {
  path: string
  from: number | null
  to: number | null
  startFrom: number | null
  startTo: number | null
  outdated: boolean
  /** Where the branches of the pull request stood when it was written. */
  sourceHash?: string
  destinationHash?: string
}

export interface Comment {
  id: number
  author: Person
  /** null: an issue change that carried no text. */
  raw: string | null
  createdOn: string
  updatedOn: string
  deleted: boolean
  pending: boolean
  parentId: number | null
  inline: Inline | null
  resolution: { person: Person; createdOn: string } | null
}

export interface CommitComment extends Comment {
  hash: string
}

export interface Task {
  id: number
  raw: string
  state: 'RESOLVED' | 'UNRESOLVED'
  creator: Person
  createdOn: string
  updatedOn: string
  resolvedOn: string | null
  resolvedBy: Person | null
  commentId: number | null
  pending: boolean
}

export interface Participant {
  person: Person
  role: 'PARTICIPANT' | 'REVIEWER'
  approved: boolean
  state: 'approved' | 'changes_requested' | null
  participatedOn: string | null
}

type PullRequestState = 'OPEN' | 'MERGED' | 'DECLINED' | 'SUPERSEDED'

export type Activity =
  | { kind: 'comment'; date: string; commentId: number }
  | { kind: 'approval'; date: string; person: Person }
  | { kind: 'changes_requested'; date: string; person: Person }
  | {
      kind: 'update'
      date: string
      person: Person
      state: PullRequestState
      title: string
      description: string
      reason: string
      sourceHash: string
      destinationHash: string
      changes: Record<string, { old: string; new: string }>
      /** As it was then; left out where it is as now. */
      draft?: boolean
      destinationBranch?: string
    }

export interface PullRequest {
  id: number
  title: string
  description: string
  state: PullRequestState
  draft: boolean
  author: Person
  /** UUID of the fork it comes from, which may be deleted by now; left out where it comes from its own repository. */
  sourceRepository?: string
  sourceBranch: string
  /** Full hashes; the API shows twelve characters of them. */
  sourceHash: string
  destinationBranch: string
  destinationHash: string
  mergeCommit: string | null
  closedBy: Person | null
  reason: string
  closeSourceBranch: boolean
  reviewers: Person[]
  participants: Participant[]
  comments: Comment[]
  tasks: Task[]
  activity: Activity[]
  createdOn: string
  updatedOn: string
}

/** Somebody approves of a commit. */
export interface CommitApproval {
  hash: string
  person: Person
  date: string
}

/** A merge that somebody asked for and does not wait for. */
export interface MergeTask {
  id: string
  repositoryUuid: string
  pullRequestId: number
  person: Person
  /** How many more questions are answered with PENDING. */
  pendingPolls: number
  /** Never rejects: what went wrong, or nothing. */
  failure: Promise<Error | undefined>
}

export interface CommitStatus {
  hash: string
  key: string
  state: 'SUCCESSFUL' | 'FAILED' | 'INPROGRESS' | 'STOPPED'
  url: string
  name: string
  description: string
  refname: string | null
  createdOn: string
  updatedOn: string
}

export interface Report {
  hash: string
  uuid: string
  externalId: string
  fields: JsonObject
  annotations: Annotation[]
  createdOn: string
  updatedOn: string
}

export interface Annotation {
  uuid: string
  externalId: string
  fields: JsonObject
  createdOn: string
  updatedOn: string
}

export interface Repository extends RepositoryAdministration {
  uuid: string
  slug: string
  name: string
  description: string
  workspace: Workspace
  project: Project
  isPrivate: boolean
  language: string
  hasIssues: boolean
  mainBranch: string | null
  size: number
  createdOn: string
  updatedOn: string
  /** Folder of the bare git repository. */
  directory: string
  formerSlugs: string[]
  permissions: Map<string, Permission>
  pullRequests: PullRequest[]
  issues: Issue[]
  tracker: IssueTracker
  commitComments: CommitComment[]
  commitApprovals: CommitApproval[]
  statuses: CommitStatus[]
  reports: Report[]
  environments: Environment[]
  /** Oldest first, as everything here. */
  pipelines: Pipeline[]
  deployments: Deployment[]
  pipelinesConfig: PipelinesConfig
}

export interface Hook {
  uuid: string
  url: string
  description: string
  active: boolean
  events: string[]
  secret: string | null
  /** The one before, for deliveries that are still signed with it. */
  previousSecret?: string | null
  skipCertVerification: boolean
  /** Since when requests are kept for people to look at and send again; null: they are not. */
  historySince: string | null
  subject: { kind: 'repository'; repository: Repository } | { kind: 'workspace'; workspace: Workspace }
  createdAt: string
}

export interface Delivery {
  uuid: string
  hookUuid: string
  event: string
  url: string
  body: string
  headers: Record<string, string>
  createdOn: string
  state: DeliveryState
  /** The fault that was planned for it. */
  fault: WebhookAction['kind'] | null
  attempts: { number: number; status: number | null; error: string | null; durationMs: number }[]
}

type CredentialKind = 'api_token' | 'access_token' | 'oauth' | 'app_password'

export interface Credential {
  kind: CredentialKind
  token: string
  person: Person
  scopes: string[]
  /** Milliseconds since 1970, or null for never. */
  expiresAt: number | null
  revoked: boolean
  /**
   * What it is limited to; null for everything the person may see. An access token has every right there, an API token
   * made for one workspace no more than its person.
   */
  resource: { kind: 'workspace' | 'project' | 'repository'; uuid: string } | null
  /** OAuth: the consumer's key. Its calls share one rate limit. */
  consumerKey: string | null
}

export interface Consumer {
  key: string
  secret: string
  name: string
  callbackUrl: string
  scopes: string[]
  isPrivate: boolean
  workspace: Workspace
  bot: Person
}

export interface RequestRecord {
  method: string
  /** With the query, as asked for. */
  path: string
  status: number
  credential: CredentialKind | 'anonymous' | 'invalid'
  username: string | null
  at: string
  /** The fault that struck it. */
  fault: string | null
}
