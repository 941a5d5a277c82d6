import { at, type JsonObject } from '../../shared/json.ts'
import { cut, pageOf, readWindow } from '../answers/paging.ts'
import { assertMay } from '../auth/permission.ts'
import { type Answer, api3, type Call, callerOf, type Endpoint } from '../call.ts'
import { badRequest } from '../jira-error.ts'
import { addComment } from '../operations/comments.ts'
import { createIssue, deleteIssue, editIssue, readDraft, screenOf } from '../operations/issues.ts'
import { readProperties, setProperty } from '../operations/properties.ts'
import { readEdit } from '../operations/read-edit.ts'
import { renderHistory, renderIssue } from '../render/issue.ts'
import { self } from '../render/place.ts'
import { actingOn, issueOf, listOf, placeOf } from './place.ts'

const mostProperties = 5

function create(call: Call): Answer {
  const actor = callerOf(call)
  const { sim, body } = call
  const { project, type, edit, comments } = readDraft(sim, actor, body)
  const properties = readProperties(at(body, 'properties'))
  const issue = createIssue(sim, actor, { project, type, edit, properties })
  for (const comment of comments) addComment(sim, actor, { issue, body: comment, properties: new Map() })
  return { status: 201, body: { id: issue.id, key: issue.key, self: self(placeOf(call), `issue/${issue.id}`) } }
}

export function readPropertyNames(query: URLSearchParams): string[] {
  const names = listOf(query, 'properties')
  if (names.length > mostProperties)
    throw badRequest(`A maximum of ${mostProperties} issue property keys can be specified.`)
  return names
}

function show(call: Call): JsonObject {
  const wanted = listOf(call.query, 'fields')
  return renderIssue(placeOf(call), issueOf(call), {
    fields: wanted.length === 0 ? ['*all'] : wanted,
    properties: readPropertyNames(call.query),
    withChangelog: listOf(call.query, 'expand').includes('changelog'),
  })
}

function edit(call: Call): Answer {
  const { actor, issue } = actingOn(call)
  const { sim, body } = call
  assertMay(issue.project, actor, { wanted: 'work', message: 'You do not have permission to edit this issue.' })
  const read = readEdit(sim, { project: issue.project, issue, screen: screenOf(issue.project), body })
  const properties = readProperties(at(body, 'properties'))
  editIssue(sim, actor, { issue, ...read })
  for (const [key, value] of properties) setProperty(issue.properties, key, value)
  if (call.query.get('returnIssue') !== 'true') return { status: 204 }
  return { body: show(call) }
}

function assign(call: Call): Answer {
  const { actor, issue } = actingOn(call)
  const { sim, body } = call
  assertMay(issue.project, actor, { wanted: 'work', message: 'You do not have permission to assign this issue.' })
  const fields = { assignee: { accountId: at(body, 'accountId') } }
  const read = readEdit(sim, { project: issue.project, issue, screen: new Set(['assignee']), body: { fields } })
  editIssue(sim, actor, { issue, ...read })
  return { status: 204 }
}

function remove(call: Call): Answer {
  const { actor, issue } = actingOn(call)
  deleteIssue(call.sim, actor, issue)
  return { status: 204 }
}

function changelog(call: Call): Answer {
  const issue = issueOf(call)
  const place = placeOf(call)
  const window = readWindow(call.query, 100, 100)
  const histories = issue.histories.map((one) => renderHistory(place, one))
  return {
    body: pageOf(histories, window, self(place, `issue/${issue.id}/changelog`)),
    objects: cut(histories, window).length,
  }
}

const one = api3('/issue/:issue')

export const issueEndpoints: Endpoint[] = [
  { method: 'POST', path: api3('/issue'), scope: 'write:jira-work', handle: create },
  {
    method: 'GET',
    path: one,
    scope: 'read:jira-work',
    isOpen: true,
    handle: (call) => ({ body: show(call), objects: 1 }),
  },
  { method: 'PUT', path: one, scope: 'write:jira-work', handle: edit },
  { method: 'DELETE', path: one, scope: 'write:jira-work', handle: remove },
  { method: 'PUT', path: `${one}/assignee`, scope: 'write:jira-work', handle: assign },
  { method: 'GET', path: `${one}/changelog`, scope: 'read:jira-work', isOpen: true, handle: changelog },
]
