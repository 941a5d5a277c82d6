import type { JsonObject } from '../../shared/json.ts'
import type { Issue } from '../model/issue-tracker.ts'
import type { Comment, Inline, PullRequest } from '../model.ts'
import { renderAccount } from './account.ts'
import { renderContent } from './content.ts'
import { apiRepositoryUrl, href, webRepositoryUrl } from './links.ts'
import { type Place, renderCommitReference, renderPullRequestReference, shortHash } from './place.ts'
import { renderRepositoryReference } from './repository.ts'

type CommentSubject =
  | { kind: 'pullrequest'; pullRequest: PullRequest }
  | { kind: 'commit'; hash: string }
  | { kind: 'issue'; issue: Issue }

function renderInline(inline: Inline, subject: CommentSubject): JsonObject {
  const place = {
    from: inline.from,
    to: inline.to,
    start_from: inline.startFrom,
    start_to: inline.startTo,
    path: inline.path,
  }
  if (subject.kind !== 'pullrequest') return place
  const { sourceHash, destinationHash } = inline
  return {
    ...place,
    outdated: inline.outdated,
    context_lines: '',
    ...(sourceHash === undefined ? {} : { src_rev: shortHash(sourceHash) }),
    ...(destinationHash === undefined ? {} : { dest_rev: shortHash(destinationHash) }),
  }
}

function addresses(place: Place, subject: CommentSubject, id: number): { self: string; html: string; code?: string } {
  const api = apiRepositoryUrl(place.sim, place.repository)
  const web = webRepositoryUrl(place.sim, place.repository)
  switch (subject.kind) {
    case 'pullrequest': {
      const number = subject.pullRequest.id
      return {
        self: `${api}/pullrequests/${number}/comments/${id}`,
        html: `${web}/pull-requests/${number}/_/diff#comment-${id}`,
      }
    }
    case 'commit':
      return {
        self: `${api}/commit/${subject.hash}/comments/${id}`,
        html: `${web}/commits/${subject.hash}#comment-${id}`,
      }
    case 'issue':
      return {
        self: `${api}/issues/${subject.issue.id}/comments/${id}`,
        html: `${web}/issues/${subject.issue.id}#comment-${id}`,
      }
    default:
      return subject satisfies never
  }
}

export function renderIssueReference(place: Place, issue: Issue): JsonObject {
  return {
    type: 'issue',
    id: issue.id,
    title: issue.title,
    repository: renderRepositoryReference(place.sim, place.repository),
    links: { self: href(`${apiRepositoryUrl(place.sim, place.repository)}/issues/${issue.id}`) },
  }
}

function subjectFields(place: Place, subject: CommentSubject, comment: Comment): JsonObject {
  switch (subject.kind) {
    case 'pullrequest':
      return {
        deleted: comment.deleted,
        pending: comment.pending,
        type: 'pullrequest_comment',
        pullrequest: renderPullRequestReference(place, subject.pullRequest),
      }
    case 'commit':
      return { deleted: comment.deleted, type: 'commit_comment', commit: renderCommitReference(place, subject.hash) }
    case 'issue':
      return { type: 'issue_comment', issue: renderIssueReference(place, subject.issue) }
    default:
      return subject satisfies never
  }
}

export function renderComment(place: Place, subject: CommentSubject, comment: Comment): JsonObject {
  const { sim } = place
  const { self, html } = addresses(place, subject, comment.id)
  const rendered: JsonObject = {
    id: comment.id,
    created_on: comment.createdOn,
    updated_on: comment.updatedOn,
    content: renderContent(place, comment.raw),
    user: renderAccount(sim, comment.author),
    ...subjectFields(place, subject, comment),
    links: { self: href(self), html: href(html) },
  }
  if (comment.parentId !== null) {
    const parent = addresses(place, subject, comment.parentId)
    rendered['parent'] = { id: comment.parentId, links: { self: href(parent.self), html: href(parent.html) } }
  }
  if (comment.inline !== null) rendered['inline'] = renderInline(comment.inline, subject)
  if (comment.resolution !== null) {
    rendered['resolution'] = {
      type: 'comment_resolution',
      user: renderAccount(sim, comment.resolution.person),
      created_on: comment.resolution.createdOn,
    }
  }
  return rendered
}
