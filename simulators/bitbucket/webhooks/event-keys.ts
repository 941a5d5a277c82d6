import type { Mode } from '../model.ts'

interface HookEvent {
  event: string
  category: string
  label: string
  description: string
}

/** Key, label and description. Those of push, fork, import and approval are the official examples' words. */
type Row = [key: string, label: string, description: string]

const repository: Row[] = [
  ['push', 'Push', 'Whenever a repository push occurs'],
  ['fork', 'Fork', 'Whenever a repository fork occurs'],
  ['updated', 'Updated', 'Whenever a repository update occurs'],
  ['transfer', 'Transfer accepted', 'Whenever a repository transfer is accepted'],
  ['created', 'Created', 'Whenever a repository is created'],
  ['deleted', 'Deleted', 'Whenever a repository is deleted'],
  ['imported', 'Import', 'Whenever a repository import occurs'],
  ['commit_comment_created', 'Commit comment created', 'Whenever a commit comment is created'],
  ['commit_status_created', 'Build status created', 'When a build status has been created for a commit'],
  ['commit_status_updated', 'Build status updated', 'When a build status has been updated for a commit'],
]

const pullRequest: Row[] = [
  ['created', 'Created', 'When a pull request has been created'],
  ['updated', 'Updated', 'When a pull request has been updated'],
  ['push', 'Push', 'When commits have been pushed to a pull request'],
  ['approved', 'Approved', 'When someone has approved a pull request'],
  ['unapproved', 'Approval removed', 'When someone has removed their approval of a pull request'],
  ['changes_request_created', 'Changes Request created', 'When someone has requested changes to a pull request'],
  ['changes_request_removed', 'Changes Request removed', 'When someone has removed their request for changes'],
  ['fulfilled', 'Merged', 'When a pull request has been merged'],
  ['rejected', 'Declined', 'When a pull request has been declined'],
  ['comment_created', 'Comment created', 'When a comment on a pull request has been created'],
  ['comment_updated', 'Comment updated', 'When a comment on a pull request has been updated'],
  ['comment_deleted', 'Comment deleted', 'When a comment on a pull request has been deleted'],
  ['comment_resolved', 'Comment resolved', 'When a comment on a pull request has been resolved'],
  ['comment_reopened', 'Comment reopened', 'When a comment on a pull request has been reopened'],
]

const issue: Row[] = [
  ['created', 'Created', 'When an issue has been created'],
  ['updated', 'Updated', 'When an issue has been updated'],
  ['comment_created', 'Comment created', 'When a comment on an issue has been created'],
]

const project: Row[] = [['updated', 'Updated', 'Whenever a project update occurs']]
const pipeline: Row[] = [['span_created', 'OTEL Traces', 'When a pipeline or one of its steps has ended']]

function group(prefix: string, category: string, rows: Row[]): HookEvent[] {
  return rows.map(([key, label, description]) => ({ event: `${prefix}:${key}`, category, label, description }))
}

/** What a hook may subscribe to. Created, deleted and transferred repositories make sense for a workspace only. */
export function hookEvents(subject: 'repository' | 'workspace', mode: Mode): HookEvent[] {
  const workspaceOnly = ['created', 'deleted', 'transfer']
  const rows = subject === 'workspace' ? repository : repository.filter(([key]) => !workspaceOnly.includes(key))
  return [
    ...group('repo', 'Repository', rows),
    ...(mode === 'legacy' ? group('issue', 'Issue', issue) : []),
    ...group('pullrequest', 'Pull Request', pullRequest),
    ...group('project', 'Project', subject === 'workspace' ? project : []),
    ...group('pipeline', 'Pipelines', pipeline),
  ]
}

export const issueEventKeys = issue.map(([key]) => `issue:${key}`)
