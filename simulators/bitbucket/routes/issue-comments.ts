import { needs } from '../auth/scopes.ts'
import { type Answer, type Call, type Endpoint, listItems } from '../call.ts'
import type { Issue } from '../model/issue-tracker.ts'
import type { Comment } from '../model.ts'
import {
  createIssueComment,
  deleteIssueComment,
  getIssueComment,
  updateIssueComment,
} from '../operations/issue-comments.ts'
import { issueCommentFields, quickIssueComment } from '../query/issue-fields.ts'
import { renderComment } from '../render/comment.ts'
import { apiIssueUrl } from '../render/issue.ts'
import type { Place } from '../render/place.ts'
import { actOnIssue, issueBase, readIssue, trackerEndpoint } from './issue-call.ts'
import { readRaw } from './read-comment.ts'

function render(place: Place, issue: Issue, comment: Comment) {
  return renderComment(place, { kind: 'issue', issue }, comment)
}

function list(call: Call): Answer {
  const { issue, ...place } = readIssue(call)
  const shown = issue.comments.filter((comment) => !comment.deleted)
  return listItems(call, shown, {
    render: (comment) => render(place, issue, comment),
    queryable: issueCommentFields,
    quick: quickIssueComment,
    size: { usual: 20, most: 100 },
  })
}

function create(call: Call): Answer {
  const on = actOnIssue(call)
  const comment = createIssueComment(call.sim, on, readRaw(call.body))
  const { repository, issue } = on
  return {
    status: 201,
    body: render({ sim: call.sim, repository }, issue, comment),
    headers: { location: `${apiIssueUrl(call.sim, repository, issue)}/comments/${comment.id}` },
  }
}

function show(call: Call): Answer {
  const { issue, ...place } = readIssue(call)
  return { body: render(place, issue, getIssueComment(issue, call.params['comment'] ?? '')) }
}

function update(call: Call): Answer {
  const on = actOnIssue(call)
  const { repository, issue } = on
  const comment = getIssueComment(issue, call.params['comment'] ?? '')
  updateIssueComment(call.sim, on, { comment, raw: readRaw(call.body) })
  return { body: render({ sim: call.sim, repository }, issue, comment) }
}

function remove(call: Call): Answer {
  const on = actOnIssue(call)
  deleteIssueComment(call.sim, on, getIssueComment(on.issue, call.params['comment'] ?? ''))
  return { status: 204 }
}

export const issueCommentEndpoints: Endpoint[] = [
  trackerEndpoint('GET', `${issueBase}/comments`, needs.readIssue, list),
  trackerEndpoint('POST', `${issueBase}/comments`, needs.writeIssue, create),
  trackerEndpoint('GET', `${issueBase}/comments/:comment`, needs.readIssue, show),
  trackerEndpoint('PUT', `${issueBase}/comments/:comment`, needs.writeIssue, update),
  trackerEndpoint('DELETE', `${issueBase}/comments/:comment`, needs.deleteIssueComment, remove),
]
