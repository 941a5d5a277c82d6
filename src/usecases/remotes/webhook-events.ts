/** What Weir listens to. An explicit list: a new event at the remote brings nothing nobody reads. */
const everywhere = [
  'pullrequest:created',
  'pullrequest:updated',
  'pullrequest:fulfilled',
  'pullrequest:rejected',
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

/** The events of a hook, by what it listens to and whether the host still has issues. */
export function listWebhookEvents(subject: 'workspace' | 'repository', hasIssues: boolean): string[] {
  return [...everywhere, ...(subject === 'workspace' ? workspaceOnly : []), ...(hasIssues ? issues : [])]
}

const heard: ReadonlySet<string> = new Set([...everywhere, ...workspaceOnly, ...issues])

/** Whether any hook of ours listens to this event. */
export function isHeardEvent(eventKey: string): boolean {
  return heard.has(eventKey)
}
