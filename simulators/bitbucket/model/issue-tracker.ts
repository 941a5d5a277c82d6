import type { Comment, Person } from '../model.ts'

/** A repository's issue tracker, as legacy hosts have it. */

export const issueStates = [
  'submitted',
  'new',
  'open',
  'resolved',
  'on hold',
  'invalid',
  'duplicate',
  'wontfix',
  'closed',
] as const
/** Where an issue is done with. */
export const closedIssueStates: readonly string[] = ['resolved', 'invalid', 'duplicate', 'wontfix', 'closed']
export const issueKinds = ['bug', 'enhancement', 'proposal', 'task'] as const
/** From the least to the most urgent: the order `q` and `sort` go by. */
export const issuePriorities = ['trivial', 'minor', 'major', 'critical', 'blocker'] as const

export type IssueKind = (typeof issueKinds)[number]

/** What issues are sorted into: a component, a milestone or a version. */
export interface TrackerPart {
  id: number
  name: string
}

export const trackerPartKinds = ['component', 'milestone', 'version'] as const
export type TrackerPartKind = (typeof trackerPartKinds)[number]

export interface IssueChange {
  id: number
  person: Person
  createdOn: string
  /** Texts as they were at the time, whatever becomes of the people and parts they name. */
  changes: Record<string, { old: string; new: string }>
  raw: string | null
}

export interface IssueAttachment {
  name: string
  contentType: string
  bytes: Buffer
  uploader: Person | null
}

export interface Issue {
  id: number
  title: string
  raw: string
  state: (typeof issueStates)[number]
  kind: IssueKind
  priority: (typeof issuePriorities)[number]
  /** null: imported, and nobody here is the one who reported it. */
  reporter: Person | null
  assignee: Person | null
  component: TrackerPart | null
  milestone: TrackerPart | null
  version: TrackerPart | null
  createdOn: string
  updatedOn: string
  editedOn: string | null
  contentUpdatedOn: string
  comments: Comment[]
  changes: IssueChange[]
  /** In the order of their upload. */
  attachments: IssueAttachment[]
  voters: Person[]
  watchers: Person[]
}

/** What a new issue gets unless it says otherwise. */
export interface IssueDefaults {
  kind: IssueKind
  assignee: Person | null
  component: TrackerPart | null
  milestone: TrackerPart | null
  version: TrackerPart | null
}

export interface IssueJob {
  id: string
  /** Milliseconds since 1970, by the simulator's clock. */
  startedAt: number
  total: number
  /** An import whose archive could not be read. */
  failed: boolean
}

export interface IssueTracker {
  component: TrackerPart[]
  milestone: TrackerPart[]
  version: TrackerPart[]
  defaults: IssueDefaults
  /** Numbers of deleted issues are not given again. */
  lastIssueId: number
  exports: (IssueJob & { archive: Buffer })[]
  lastImport: IssueJob | null
}

/** The tracker of a new repository. */
export function newTracker(): IssueTracker {
  return {
    component: [],
    milestone: [],
    version: [],
    defaults: { kind: 'bug', assignee: null, component: null, milestone: null, version: null },
    lastIssueId: 0,
    exports: [],
    lastImport: null,
  }
}
