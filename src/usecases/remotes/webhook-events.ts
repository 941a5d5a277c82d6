import { webhookTestEvents } from '../../bitbucket/webhook-test.ts'
import type { RemoteKind } from '../../domain/remote-kind.ts'
import type { ConnectionRow } from '../../store/remotes/connections.ts'

/** What Weir listens to. An explicit list: a new event at the remote brings nothing nobody reads. */
const everywhere = [
  'pullrequest:created',
  'pullrequest:updated',
  'pullrequest:fulfilled',
  'pullrequest:rejected',
  'pullrequest:push',
  'pullrequest:approved',
  'pullrequest:unapproved',
  'pullrequest:changes_request_created',
  'pullrequest:changes_request_removed',
  'pullrequest:comment_created',
  'pullrequest:comment_updated',
  'pullrequest:comment_deleted',
  'pullrequest:comment_resolved',
  'pullrequest:comment_reopened',
  'repo:commit_comment_created',
  'repo:updated',
] as const

/** These can only be heard by a hook of the workspace. */
const workspaceOnly = ['repo:transfer', 'repo:deleted'] as const

/** Where the host still has its own issue tracker. */
const issues = ['issue:created', 'issue:updated', 'issue:comment_created'] as const

/** A comment is heard by its own event, everything else that happens to an issue by the first two. */
const jira = [
  'jira:issue_updated',
  'jira:issue_deleted',
  'comment_created',
  'comment_updated',
  'comment_deleted',
] as const

/** The events of a hook, by the remote, what it listens to there, and whether the host still has issues. */
export function listWebhookEvents(
  { kind, has_issues: hasIssues }: Pick<ConnectionRow, 'kind' | 'has_issues'>,
  subject: 'workspace' | 'repository',
): string[] {
  if (kind === 'jira') return [...jira]
  return [...everywhere, ...(subject === 'workspace' ? workspaceOnly : []), ...(hasIssues ? issues : [])]
}

const heard: Readonly<Record<RemoteKind, ReadonlySet<string>>> = {
  bitbucket: new Set([...everywhere, ...workspaceOnly, ...issues, ...webhookTestEvents]),
  jira: new Set(jira),
}

/** Whether any hook of ours listens to this event. */
export function isHeardEvent(kind: RemoteKind, eventKey: string): boolean {
  return heard[kind].has(eventKey)
}
