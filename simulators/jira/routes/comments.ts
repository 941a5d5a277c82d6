import { at, type Json } from '../../shared/json.ts'
import { cut, readWindow } from '../answers/paging.ts'
import { mayIn } from '../auth/permission.ts'
import { type Answer, api3, type Call, type Endpoint, viewerOf } from '../call.ts'
import { badRequest } from '../jira-error.ts'
import { addComment, deleteComment, editComment, getComment, readCommentBody } from '../operations/comments.ts'
import { readProperties, setProperty } from '../operations/properties.ts'
import { renderComment } from '../render/comment.ts'
import { actingOn, issueOf, listOf, placeOf } from './place.ts'

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

const mostIds = 1000

/** Comments by their ids, in whatever issues; what is not there, or not shown to the caller, is left out. */
function listByIds(call: Call): Answer {
  const { sim, body, query } = call
  const ids = at(body, 'ids')
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > mostIds || !ids.every((id) => Number.isSafeInteger(id)))
    throw badRequest(`Between 1 and ${mostIds} comment IDs must be given.`)
  const withProperties = listOf(query, 'expand').includes('properties')
  const wanted = new Set(ids.map(String))
  const values = sim.issues
    .filter((issue) => mayIn(issue.project, viewerOf(call), 'view'))
    .flatMap((issue) =>
      issue.comments
        .filter(({ id }) => wanted.has(id))
        .map((comment): Json => {
          const properties = [...comment.properties].map(([key, value]): Json => ({ key, value }))
          return { ...renderComment(placeOf(call), issue, comment), ...(withProperties ? { properties } : {}) }
        }),
    )
  return {
    body: { maxResults: mostIds, startAt: 0, total: values.length, isLast: true, values },
    objects: values.length,
  }
}

const all = api3('/issue/:issue/comment')
const one = `${all}/:comment`

export const commentEndpoints: Endpoint[] = [
  { method: 'GET', path: all, scope: 'read:jira-work', isOpen: true, handle: list },
  { method: 'POST', path: all, scope: 'write:jira-work', handle: add },
  { method: 'POST', path: api3('/comment/list'), scope: 'read:jira-work', isOpen: true, handle: listByIds },
  { method: 'GET', path: one, scope: 'read:jira-work', isOpen: true, handle: show },
  { method: 'PUT', path: one, scope: 'write:jira-work', handle: edit },
  { method: 'DELETE', path: one, scope: 'write:jira-work', handle: remove },
]
