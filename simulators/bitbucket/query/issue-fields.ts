import type { Json } from '../../shared/json.ts'
import { type Issue, type IssueChange, trackerPartKinds } from '../model/issue-tracker.ts'
import type { Comment, Person } from '../model.ts'

/** What `q` and `sort` may name in the tracker's listings, with readers that save rendering a whole list. */

type Quick<Item> = Record<string, (item: Item) => Json>

function accountReaders<Item>(name: string, read: (item: Item) => Person | null): Quick<Item> {
  return {
    // Only ever compared with null.
    [name]: (item) => read(item)?.uuid ?? null,
    [`${name}.uuid`]: (item) => read(item)?.uuid ?? null,
    [`${name}.account_id`]: (item) => read(item)?.accountId ?? null,
    [`${name}.nickname`]: (item) => read(item)?.displayName ?? null,
    [`${name}.display_name`]: (item) => read(item)?.displayName ?? null,
  }
}

/** `component = "UI"` means its name, as the remote's manual writes it. */
const partReaders: Quick<Issue> = Object.fromEntries(
  trackerPartKinds.flatMap((kind) => [
    [kind, (issue: Issue) => issue[kind]?.name ?? null],
    [`${kind}.name`, (issue: Issue) => issue[kind]?.name ?? null],
    [`${kind}.id`, (issue: Issue) => issue[kind]?.id ?? null],
  ]),
)

export const quickIssue: Quick<Issue> = {
  id: (issue) => issue.id,
  title: (issue) => issue.title,
  'content.raw': (issue) => issue.raw,
  state: (issue) => issue.state,
  kind: (issue) => issue.kind,
  priority: (issue) => issue.priority,
  created_on: (issue) => issue.createdOn,
  updated_on: (issue) => issue.updatedOn,
  edited_on: (issue) => issue.editedOn,
  votes: (issue) => issue.voters.length,
  watches: (issue) => issue.watchers.length,
  ...accountReaders<Issue>('reporter', (issue) => issue.reporter),
  ...accountReaders<Issue>('assignee', (issue) => issue.assignee),
  ...partReaders,
}

export const issueFields = [
  ...Object.keys(quickIssue),
  'type',
  'content.markup',
  'content.html',
  'repository.uuid',
  'repository.name',
  'repository.full_name',
]

export const quickIssueComment: Quick<Comment> = {
  id: (comment) => comment.id,
  'content.raw': (comment) => comment.raw,
  created_on: (comment) => comment.createdOn,
  updated_on: (comment) => comment.updatedOn,
  ...accountReaders<Comment>('user', (comment) => comment.author),
}

export const issueCommentFields = [
  ...Object.keys(quickIssueComment),
  'content.markup',
  'content.html',
  'issue.id',
  'issue.title',
  'deleted',
  'parent',
  'inline',
]

const changedFields = [
  'state',
  'kind',
  'priority',
  'title',
  'content',
  'assignee',
  'assignee_account_id',
  ...trackerPartKinds,
]

export const quickIssueChange: Quick<IssueChange> = {
  id: (change) => change.id,
  created_on: (change) => change.createdOn,
  'message.raw': (change) => change.raw,
  ...accountReaders<IssueChange>('user', (change) => change.person),
  ...Object.fromEntries(
    changedFields.flatMap((field) => [
      [`changes.${field}`, (change: IssueChange) => change.changes[field]?.new ?? null],
      [`changes.${field}.new`, (change: IssueChange) => change.changes[field]?.new ?? null],
      [`changes.${field}.old`, (change: IssueChange) => change.changes[field]?.old ?? null],
    ]),
  ),
}

export const issueChangeFields = [...Object.keys(quickIssueChange), 'issue.id', 'issue.title']
export const trackerPartFields = ['id', 'name']
export const attachmentFields = ['name']
