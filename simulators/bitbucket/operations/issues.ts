import { atLeast } from '../auth/permission.ts'
import {
  type Issue,
  type IssueChange,
  issueKinds,
  issuePriorities,
  issueStates,
  type TrackerPart,
  type TrackerPartKind,
} from '../model/issue-tracker.ts'
import type { Comment, Permission, Person, Repository } from '../model.ts'
import { badRequest, forbidden, notFound } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { assertNoSpam } from './assert-no-spam.ts'
import { newComment } from './issue-comments.ts'
import type { Acting } from './pull-requests.ts'
import { raiseIssueEvent } from './raise-issue-event.ts'

/** Somebody at work in a tracker, with what they may do in its repository. */
export interface InTracker extends Acting {
  permission: Permission
}

export interface OnIssue extends InTracker {
  issue: Issue
}

/** What is undefined stays as it is; null takes it away. Parts go by name. */
export interface IssueEdit {
  title?: string | undefined
  raw?: string | undefined
  state?: string | undefined
  kind?: string | undefined
  priority?: string | undefined
  assignee?: Person | null | undefined
  component?: string | null | undefined
  milestone?: string | null | undefined
  version?: string | null | undefined
}

const longestTitle = 255

function choose<T extends string>(field: string, value: string, choices: readonly T[]): T {
  const found = choices.find((one) => one === value)
  if (found === undefined) throw badRequest('Bad request', { [field]: [`"${value}" is not a valid choice.`] })
  return found
}

function choosePart(
  { tracker }: Repository,
  kind: TrackerPartKind,
  name: string | null | undefined,
): TrackerPart | null | undefined {
  if (name === undefined || name === null) return name
  const found = tracker[kind].find((one) => one.name === name)
  if (found === undefined) throw badRequest('Bad request', { [kind]: [`There is no ${kind} called "${name}".`] })
  return found
}

function checkTitle(title: string): string {
  if (title.trim() === '') throw badRequest('Bad request', { title: ['This field may not be blank.'] })
  if (title.length > longestTitle)
    throw badRequest('Bad request', { title: [`Ensure this value has at most ${longestTitle} characters.`] })
  return title.trim()
}

export function getIssue(repository: Repository, id: string): Issue {
  const found = repository.issues.find((one) => String(one.id) === id)
  if (found === undefined) throw notFound('Issue not found.')
  return found
}

/** Whoever may write, and those an issue is about: who reported it and who it was given to. */
export function mayEditIssue({ permission, actor, issue }: OnIssue): boolean {
  return atLeast(permission, 'write') || [issue.reporter, issue.assignee].some((one) => one?.uuid === actor.uuid)
}

export function createIssue(sim: Sim, acting: Acting, input: IssueEdit): Issue {
  const { repository, actor } = acting
  const { tracker } = repository
  const { defaults } = tracker
  if (input.title === undefined) throw badRequest('Bad request', { title: ['This field is required.'] })
  assertNoSpam(sim, input.title, input.raw)
  const date = sim.now()
  const issue: Issue = {
    id: Math.max(tracker.lastIssueId, repository.issues.at(-1)?.id ?? 0) + 1,
    title: checkTitle(input.title),
    raw: input.raw ?? '',
    state: choose('state', input.state ?? 'new', issueStates),
    kind: choose('kind', input.kind ?? defaults.kind, issueKinds),
    priority: choose('priority', input.priority ?? 'major', issuePriorities),
    reporter: actor,
    assignee: input.assignee === undefined ? defaults.assignee : input.assignee,
    component: choosePart(repository, 'component', input.component) ?? given(input.component, defaults.component),
    milestone: choosePart(repository, 'milestone', input.milestone) ?? given(input.milestone, defaults.milestone),
    version: choosePart(repository, 'version', input.version) ?? given(input.version, defaults.version),
    createdOn: date,
    updatedOn: date,
    editedOn: null,
    contentUpdatedOn: date,
    comments: [],
    changes: [],
    attachments: [],
    voters: [],
    watchers: [actor],
  }
  tracker.lastIssueId = issue.id
  repository.issues.push(issue)
  raiseIssueEvent(sim, { ...acting, issue }, { key: 'created' })
  return issue
}

/** The default, unless the issue was said to have none. */
function given(wanted: string | null | undefined, usual: TrackerPart | null): TrackerPart | null {
  return wanted === undefined ? usual : null
}

type Edited = Pick<
  Issue,
  'title' | 'raw' | 'state' | 'kind' | 'priority' | 'assignee' | 'component' | 'milestone' | 'version'
>

/** What an issue is after an edit, every value checked. */
function edited(repository: Repository, issue: Issue, edit: IssueEdit): Edited {
  const part = (kind: TrackerPartKind) => {
    const chosen = choosePart(repository, kind, edit[kind])
    return chosen === undefined ? issue[kind] : chosen
  }
  return {
    title: edit.title === undefined ? issue.title : checkTitle(edit.title),
    raw: edit.raw ?? issue.raw,
    state: choose('state', edit.state ?? issue.state, issueStates),
    kind: choose('kind', edit.kind ?? issue.kind, issueKinds),
    priority: choose('priority', edit.priority ?? issue.priority, issuePriorities),
    assignee: edit.assignee === undefined ? issue.assignee : edit.assignee,
    component: part('component'),
    milestone: part('milestone'),
    version: part('version'),
  }
}

function differences(issue: Edited, now: Edited): IssueChange['changes'] {
  const texts = (one: Edited): Record<string, string> => ({
    state: one.state,
    kind: one.kind,
    priority: one.priority,
    title: one.title,
    content: one.raw,
    assignee: one.assignee?.username ?? '',
    assignee_account_id: one.assignee?.accountId ?? '',
    component: one.component?.name ?? '',
    milestone: one.milestone?.name ?? '',
    version: one.version?.name ?? '',
  })
  const [before, after] = [texts(issue), texts(now)]
  return Object.fromEntries(
    Object.entries(after)
      .map(([field, value]) => [field, { old: before[field] ?? '', new: value }] as const)
      .filter(([, { old, new: value }]) => old !== value),
  )
}

/**
 * Every edit writes an immutable change and a comment with the same id, whose text is null unless a message came along.
 * States follow no order: any may follow any.
 */
export function changeIssue(sim: Sim, on: OnIssue, input: { edit: IssueEdit; message: string | null }): IssueChange {
  const { repository, issue, actor } = on
  if (!mayEditIssue(on)) throw forbidden('You do not have permission to change this issue.')
  assertNoSpam(sim, input.edit.title, input.edit.raw, input.message ?? undefined)
  const now = edited(repository, issue, input.edit)
  const changes = differences(issue, now)
  const date = sim.now()
  const change: IssueChange = { id: sim.newId(), person: actor, createdOn: date, changes, raw: input.message }
  const comment: Comment = newComment({ id: change.id, author: actor, raw: input.message, date })
  Object.assign(issue, now, { updatedOn: date })
  if (changes['content'] !== undefined) issue.contentUpdatedOn = date
  if (changes['content'] !== undefined || changes['title'] !== undefined) issue.editedOn = date
  issue.changes.push(change)
  issue.comments.push(comment)
  raiseIssueEvent(sim, on, { key: 'updated', change, comment })
  return change
}

/** An edit that leaves everything as it was writes nothing. */
export function updateIssue(sim: Sim, on: OnIssue, edit: IssueEdit): void {
  const isSame = Object.keys(differences(on.issue, edited(on.repository, on.issue, edit))).length === 0
  if (isSame && mayEditIssue(on)) return
  changeIssue(sim, on, { edit, message: null })
}

export function deleteIssue({ repository, issue, permission }: OnIssue): void {
  if (!atLeast(permission, 'write')) throw forbidden('You do not have permission to delete this issue.')
  repository.issues = repository.issues.filter((one) => one !== issue)
}
