import type { Mode } from '../model.ts'

interface HookEvent {
  event: string
  category: string
  label: string
  description: string
}

const repository: [string, string][] = [
  ['push', 'Push'],
  ['fork', 'Fork'],
  ['updated', 'Updated'],
  ['transfer', 'Transfer accepted'],
  ['created', 'Created'],
  ['deleted', 'Deleted'],
  ['imported', 'Imported'],
  ['commit_comment_created', 'Commit comment created'],
  ['commit_status_created', 'Build status created'],
  ['commit_status_updated', 'Build status updated'],
]

const pullRequest: [string, string][] = [
  ['created', 'Created'],
  ['updated', 'Updated'],
  ['push', 'Push'],
  ['approved', 'Approved'],
  ['unapproved', 'Approval removed'],
  ['changes_request_created', 'Changes requested'],
  ['changes_request_removed', 'Changes request removed'],
  ['fulfilled', 'Merged'],
  ['rejected', 'Declined'],
  ['comment_created', 'Comment created'],
  ['comment_updated', 'Comment updated'],
  ['comment_deleted', 'Comment deleted'],
  ['comment_resolved', 'Comment resolved'],
  ['comment_reopened', 'Comment reopened'],
]

const issue: [string, string][] = [
  ['created', 'Created'],
  ['updated', 'Updated'],
  ['comment_created', 'Comment created'],
]

function group(prefix: string, category: string, rows: [string, string][]): HookEvent[] {
  return rows.map(([key, label]) => ({
    event: `${prefix}:${key}`,
    category,
    label,
    description: `Whenever a ${category.toLowerCase()} event of the kind "${label.toLowerCase()}" occurs`,
  }))
}

/** What a hook may subscribe to. Created, deleted and transferred repositories make sense for a workspace only. */
export function hookEvents(subject: 'repository' | 'workspace', mode: Mode): HookEvent[] {
  const workspaceOnly = ['created', 'deleted', 'transfer']
  const rows = subject === 'workspace' ? repository : repository.filter(([key]) => !workspaceOnly.includes(key))
  return [
    ...group('repo', 'Repository', rows),
    ...(mode === 'legacy' ? group('issue', 'Issue', issue) : []),
    ...group('pullrequest', 'Pull Request', pullRequest),
    ...group('project', 'Project', subject === 'workspace' ? [['updated', 'Updated']] : []),
    ...group('pipeline', 'Pipelines', [['span_created', 'Span created']]),
  ]
}

export const issueEventKeys = issue.map(([key]) => `issue:${key}`)
