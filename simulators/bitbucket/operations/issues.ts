import {
  type Comment,
  type Issue,
  type IssueChange,
  issueKinds,
  issuePriorities,
  issueStates,
  type Person,
  type Repository,
} from '../model.ts'
import { renderComment } from '../render/comment.ts'
import { renderIssue } from '../render/issue.ts'
import { badRequest, forbidden, notFound } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { raiseEvent } from '../webhooks/raise-event.ts'
import { readCommentText } from './comment-text.ts'
import type { Acting } from './pull-requests.ts'

export interface OnIssue extends Acting {
  issue: Issue
}

export interface IssueEdit {
  title?: string | undefined
  raw?: string | undefined
  state?: string | undefined
  kind?: string | undefined
  priority?: string | undefined
  /** null takes the assignee away. */
  assignee?: Person | null | undefined
}

function choose<T extends string>(field: string, value: string, choices: readonly T[]): T {
  const found = choices.find((one) => one === value)
  if (found === undefined) throw badRequest('Bad request', { [field]: [`"${value}" is not a valid choice.`] })
  return found
}

export function getIssue(repository: Repository, id: string): Issue {
  const found = repository.issues.find((one) => String(one.id) === id)
  if (found === undefined) throw notFound('Issue not found.')
  return found
}

function raise(sim: Sim, on: OnIssue, event: { key: string; change?: IssueChange; comment?: Comment }): void {
  const place = { sim, repository: on.repository }
  raiseEvent(sim, {
    event: `issue:${event.key}`,
    repository: on.repository,
    actor: on.actor,
    payload: {
      issue: renderIssue(place, on.issue),
      ...(event.change === undefined ? {} : { changes: toPayloadChanges(event.change) }),
      ...(event.comment === undefined
        ? {}
        : { comment: renderComment(place, { kind: 'issue', issue: on.issue }, event.comment) }),
    },
  })
}

/** In payloads the state's change is called `status`. */
function toPayloadChanges(change: IssueChange): Record<string, { old: string; new: string }> {
  const { state, ...rest } = change.changes
  return { ...rest, ...(state === undefined ? {} : { state, status: state }) }
}

export function createIssue(sim: Sim, acting: Acting, input: IssueEdit): Issue {
  const title = input.title?.trim() ?? ''
  if (title === '') throw badRequest('Bad request', { title: ['This field is required.'] })
  if (title.length > 255) throw badRequest('Bad request', { title: ['Ensure this value has at most 255 characters.'] })
  const date = sim.now()
  const issue: Issue = {
    id: Math.max(0, ...acting.repository.issues.map((one) => one.id)) + 1,
    title,
    raw: input.raw ?? '',
    state: choose('state', input.state ?? 'new', issueStates),
    kind: choose('kind', input.kind ?? 'bug', issueKinds),
    priority: choose('priority', input.priority ?? 'major', issuePriorities),
    reporter: acting.actor,
    assignee: input.assignee ?? null,
    createdOn: date,
    updatedOn: date,
    editedOn: null,
    comments: [],
    changes: [],
  }
  acting.repository.issues.push(issue)
  raise(sim, { ...acting, issue }, { key: 'created' })
  return issue
}

function applyEdit(issue: Issue, edit: IssueEdit): IssueChange['changes'] {
  const changes: IssueChange['changes'] = {}
  const note = (field: string, old: string, now: string) => {
    if (old !== now) changes[field] = { old, new: now }
  }
  // All values are checked before any of them is taken.
  const state = choose('state', edit.state ?? issue.state, issueStates)
  const kind = choose('kind', edit.kind ?? issue.kind, issueKinds)
  const priority = choose('priority', edit.priority ?? issue.priority, issuePriorities)
  if (edit.title !== undefined && edit.title.trim() === '')
    throw badRequest('Bad request', { title: ['This field may not be blank.'] })
  note('state', issue.state, state)
  note('kind', issue.kind, kind)
  note('priority', issue.priority, priority)
  note('title', issue.title, edit.title ?? issue.title)
  note('content', issue.raw, edit.raw ?? issue.raw)
  if (edit.assignee !== undefined) {
    note('assignee', issue.assignee?.displayName ?? '', edit.assignee?.displayName ?? '')
    note('assignee_account_id', issue.assignee?.accountId ?? '', edit.assignee?.accountId ?? '')
    issue.assignee = edit.assignee
  }
  Object.assign(issue, { state, kind, priority, title: edit.title ?? issue.title, raw: edit.raw ?? issue.raw })
  return changes
}

/** Every edit writes an immutable change and a comment with the same id, whose text is null unless a message came along. */
export function updateIssue(sim: Sim, on: OnIssue, input: { edit: IssueEdit; message: string | null }): IssueChange {
  const { issue, actor } = on
  const changes = applyEdit(issue, input.edit)
  const date = sim.now()
  const change: IssueChange = { id: sim.newId(), person: actor, createdOn: date, changes, raw: input.message }
  const comment: Comment = {
    id: change.id,
    author: actor,
    raw: input.message,
    createdOn: date,
    updatedOn: date,
    deleted: false,
    pending: false,
    parentId: null,
    inline: null,
    resolution: null,
  }
  issue.updatedOn = date
  if (changes['content'] !== undefined || changes['title'] !== undefined) issue.editedOn = date
  issue.changes.push(change)
  issue.comments.push(comment)
  raise(sim, on, { key: 'updated', change, comment })
  return change
}

export function deleteIssue(on: OnIssue): void {
  on.repository.issues = on.repository.issues.filter((one) => one !== on.issue)
}

export function getIssueComment(issue: Issue, id: string): Comment {
  const found = issue.comments.find((one) => String(one.id) === id && !one.deleted)
  if (found === undefined) throw notFound(id)
  return found
}

export function createIssueComment(sim: Sim, on: OnIssue, raw: string | undefined): Comment {
  const date = sim.now()
  const comment: Comment = {
    id: sim.newId(),
    author: on.actor,
    raw: readCommentText(raw),
    createdOn: date,
    updatedOn: date,
    deleted: false,
    pending: false,
    parentId: null,
    inline: null,
    resolution: null,
  }
  on.issue.comments.push(comment)
  on.issue.updatedOn = date
  raise(sim, on, { key: 'comment_created', comment })
  return comment
}

/** Edits and deletions of issue comments never had a webhook: a poller finds them. */
export function updateIssueComment(
  sim: Sim,
  on: OnIssue,
  input: { comment: Comment; raw: string | undefined },
): Comment {
  const { comment } = input
  if (comment.author.uuid !== on.actor.uuid) throw forbidden('You are not allowed to change this comment.')
  comment.raw = readCommentText(input.raw)
  comment.updatedOn = sim.now()
  on.issue.updatedOn = comment.updatedOn
  return comment
}

export function deleteIssueComment(sim: Sim, on: OnIssue, comment: Comment): void {
  if (comment.author.uuid !== on.actor.uuid) throw forbidden('You are not allowed to delete this comment.')
  comment.deleted = true
  on.issue.updatedOn = sim.now()
}
