import { at } from '../../shared/json.ts'
import { cut, readWindow } from '../answers/paging.ts'
import { type Answer, api3, type Call, type Endpoint } from '../call.ts'
import { addComment, deleteComment, editComment, getComment, readCommentBody } from '../operations/comments.ts'
import { readProperties, setProperty } from '../operations/properties.ts'
import { renderComment } from '../render/comment.ts'
import { actingOn, issueOf, placeOf } from './place.ts'

function list(call: Call): Answer {
  const issue = issueOf(call)
  const place = placeOf(call)
  const window = readWindow(call.query, 100, 5000)
  const isNewestFirst = call.query.get('orderBy') === '-created'
  const ordered = isNewestFirst ? issue.comments.toReversed() : issue.comments
  const comments = cut(ordered, window).map((one) => renderComment(place, issue, one))
  return { body: { ...window, total: issue.comments.length, comments }, objects: comments.length }
}

function show(call: Call): Answer {
  const issue = issueOf(call)
  return { body: renderComment(placeOf(call), issue, getComment(issue, call.params['comment'] ?? '')), objects: 1 }
}

function add(call: Call): Answer {
  const { actor, issue } = actingOn(call)
  const { sim, body } = call
  const properties = readProperties(at(body, 'properties'))
  const comment = addComment(sim, actor, { issue, body: readCommentBody(sim, body), properties })
  return { status: 201, body: renderComment(placeOf(call), issue, comment) }
}

function edit(call: Call): Answer {
  const { actor, issue } = actingOn(call)
  const { sim, body } = call
  const comment = getComment(issue, call.params['comment'] ?? '')
  const properties = readProperties(at(body, 'properties'))
  editComment(sim, actor, { issue, comment, body: readCommentBody(sim, body) })
  for (const [key, value] of properties) setProperty(comment.properties, key, value)
  return { body: renderComment(placeOf(call), issue, comment) }
}

function remove(call: Call): Answer {
  const { actor, issue } = actingOn(call)
  deleteComment(call.sim, actor, { issue, comment: getComment(issue, call.params['comment'] ?? '') })
  return { status: 204 }
}

const all = api3('/issue/:issue/comment')
const one = `${all}/:comment`

export const commentEndpoints: Endpoint[] = [
  { method: 'GET', path: all, scope: 'read:jira-work', isOpen: true, handle: list },
  { method: 'POST', path: all, scope: 'write:jira-work', handle: add },
  { method: 'GET', path: one, scope: 'read:jira-work', isOpen: true, handle: show },
  { method: 'PUT', path: one, scope: 'write:jira-work', handle: edit },
  { method: 'DELETE', path: one, scope: 'write:jira-work', handle: remove },
]
