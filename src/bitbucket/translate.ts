import type * as z from 'zod'
import type { BitbucketEvent, EventActor, EventItem, EventRepository, Translation } from './event.ts'
import {
  type CommentPayload,
  commitCommentPayload,
  issuePayload,
  pullRequestCommentPayload,
  pullRequestPayload,
  pushPayload,
  repositoryPayload,
  stateChange,
  statusPayload,
} from './webhook-payload.ts'
import { webhookTestKey } from './webhook-test.ts'

type CommentChange = Extract<BitbucketEvent, { kind: 'comment' }>['change']
type PullRequestChange = Extract<BitbucketEvent, { kind: 'pull_request' }>['change']
type RepositoryChange = Extract<BitbucketEvent, { kind: 'repository' }>['change']

const readers = new Map<string, (payload: unknown) => Translation>([
  ['pullrequest:comment_created', pullRequestComment('created')],
  ['pullrequest:comment_updated', pullRequestComment('updated')],
  ['pullrequest:comment_deleted', pullRequestComment('deleted')],
  ['pullrequest:comment_resolved', pullRequestComment('resolved')],
  ['pullrequest:comment_reopened', pullRequestComment('reopened')],
  ['repo:commit_comment_created', commitComment],
  ['issue:comment_created', issueComment],
  ['issue:created', issue('created')],
  ['issue:updated', issue('updated')],
  ['pullrequest:created', pullRequest('created')],
  ['pullrequest:updated', pullRequest('updated')],
  ['pullrequest:push', pullRequest('pushed')],
  ['pullrequest:approved', pullRequest('reviewed')],
  ['pullrequest:unapproved', pullRequest('reviewed')],
  ['pullrequest:changes_request_created', pullRequest('reviewed')],
  ['pullrequest:changes_request_removed', pullRequest('reviewed')],
  ['pullrequest:fulfilled', pullRequest('merged')],
  ['pullrequest:rejected', pullRequest('declined')],
  ['repo:push', push],
  ['repo:commit_status_created', buildStatus],
  ['repo:commit_status_updated', buildStatus],
  ['repo:created', repository('created')],
  ['repo:updated', repository('updated')],
  ['repo:transfer', repository('transferred')],
  ['repo:deleted', repository('deleted')],
  ['repo:imported', repository('imported')],
  ['repo:fork', repository('forked')],
])

/** Says what a webhook means. Pure, and never throws, whatever the payload is. */
export function translate(eventKey: string, payload: unknown): Translation {
  const read = readers.get(eventKey)
  return read === undefined ? { kind: 'ignored', reason: `Weir has no use for ${eventKey}.` } : read(payload)
}

type About = { repository: EventRepository; actor?: EventActor | undefined }

function read<Schema extends z.ZodType>(
  schema: Schema,
  toTranslation: (value: z.output<Schema>) => Translation,
): (payload: unknown) => Translation {
  return (payload) => {
    const parsed = schema.safeParse(payload)
    if (parsed.success) return toTranslation(parsed.data)
    const places = parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`)
    return { kind: 'malformed', reason: places.join('; ') }
  }
}

function about(value: About): { repository: EventRepository; actor: EventActor } {
  return { repository: value.repository, actor: value.actor ?? null }
}

function commentEvent(value: About & { comment: CommentPayload }, change: CommentChange, item: EventItem): Translation {
  const parentId = value.comment.parent?.id
  return {
    kind: 'event',
    event: {
      ...about(value),
      kind: 'comment',
      change,
      item,
      commentId: String(value.comment.id),
      parentId: parentId === undefined ? null : String(parentId),
      toldOf: value.comment.updated_on ?? value.comment.created_on ?? null,
    },
  }
}

function pullRequestComment(change: CommentChange) {
  return read(pullRequestCommentPayload, (value) =>
    commentEvent(value, change, { kind: 'pull_request', id: value.pullrequest.id }),
  )
}

function commitComment(payload: unknown): Translation {
  return read(commitCommentPayload, (value) => {
    const hash = value.commit?.hash ?? value.comment.commit?.hash
    if (hash === undefined) return { kind: 'malformed', reason: 'commit: the payload names no commit' }
    return commentEvent(value, 'created', { kind: 'commit', hash })
  })(payload)
}

function issueComment(payload: unknown): Translation {
  return read(issuePayload, (value) => {
    const { comment } = value
    if (comment === null || comment === undefined) return { kind: 'malformed', reason: 'comment: missing' }
    return commentEvent({ ...value, comment }, 'created', { kind: 'issue', id: value.issue.id })
  })(payload)
}

function issue(change: 'created' | 'updated') {
  return read(issuePayload, (value) => {
    const named = stateChange.safeParse(value.changes?.['state'] ?? value.changes?.['status'])
    return {
      kind: 'event',
      event: {
        ...about(value),
        kind: 'issue',
        change,
        issueId: value.issue.id,
        state: named.success ? named.data.new : null,
        commentId: value.comment === null || value.comment === undefined ? null : String(value.comment.id),
        hasWords: hasWords(value.comment) || value.changes?.['attachment'] !== undefined,
      },
    }
  })
}

/** A comment that only goes with a change shows an empty text; one that shows none at all may have any. */
function hasWords(comment: CommentPayload | null | undefined): boolean {
  const content = comment?.content
  return content === null || content === undefined || (content.raw ?? '').trim() !== ''
}

function pullRequest(change: PullRequestChange) {
  return read(pullRequestPayload, (value) => ({
    kind: 'event',
    event: { ...about(value), kind: 'pull_request', change, pullRequestId: value.pullrequest.id },
  }))
}

function repository(change: RepositoryChange) {
  return read(repositoryPayload, (value) => ({
    kind: 'event',
    event: { ...about(value), kind: 'repository', change },
  }))
}

/** Pipelines send these as well, for as long as a test listens: only whether it is ours is asked. */
function buildStatus(payload: unknown): Translation {
  const isTest = statusPayload.safeParse(payload).data?.commit_status.key === webhookTestKey
  return {
    kind: 'ignored',
    reason: isTest ? 'A test of this webhook: it arrived.' : 'Weir has no use for build statuses.',
  }
}

function push(payload: unknown): Translation {
  return read(pushPayload, (value) => {
    const branches = value.push.changes.flatMap((change) => {
      const named = change.new ?? change.old
      if (named === null || named === undefined || named.type !== 'branch') return []
      const oldHash = change.old?.target?.hash ?? null
      return [{ name: named.name, oldHash, newHash: change.new?.target?.hash ?? null }]
    })
    return { kind: 'event', event: { ...about(value), kind: 'push', branches } }
  })(payload)
}
