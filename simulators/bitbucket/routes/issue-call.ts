import { at, hasKey, isObject, stringAt } from '../../shared/json.ts'
import { permissionOf } from '../auth/permission.ts'
import type { Need } from '../auth/scopes.ts'
import { type Answer, actingOn, type Call, type Endpoint, repositoryOf } from '../call.ts'
import type { Issue } from '../model/issue-tracker.ts'
import type { Permission, Person, Repository } from '../model.ts'
import { getIssue, type InTracker, type IssueEdit, type OnIssue } from '../operations/issues.ts'
import type { Place } from '../render/place.ts'
import { badRequest, notFound } from '../simulator-error.ts'

export const trackerBase = '/repositories/:workspace/:slug'
export const issueBase = `${trackerBase}/issues/:id`

/** An endpoint of the tracker: gone in 2026 mode. */
export function trackerEndpoint(
  method: Endpoint['method'],
  path: string,
  need: Need,
  handle: (call: Call) => Answer,
): Endpoint {
  return { method, path, need, goneWith: 'CHANGE-3071', handle }
}

function withTracker(repository: Repository): Repository {
  if (!repository.hasIssues) throw notFound('Repository has no issue tracker.')
  return repository
}

export function readTracker(call: Call, wanted: Permission = 'read'): Place {
  return { sim: call.sim, repository: withTracker(repositoryOf(call, wanted)) }
}

export function readIssue(call: Call): Place & { issue: Issue } {
  const place = readTracker(call)
  return { ...place, issue: getIssue(place.repository, call.params['id'] ?? '') }
}

export function actInTracker(call: Call, wanted: Permission = 'read'): InTracker {
  const { repository, actor } = actingOn(call, wanted)
  return { repository: withTracker(repository), actor, permission: permissionOf(repository, call.principal) }
}

export function actOnIssue(call: Call): OnIssue {
  const acting = actInTracker(call)
  return { ...acting, issue: getIssue(acting.repository, call.params['id'] ?? '') }
}

function wrong(field: string, what: string): Error {
  return badRequest('Bad request', { [field]: [what] })
}

/** The text of a field; undefined when the body has no such field. */
function text(body: unknown, field: string): string | undefined {
  const value = at(body, field)
  if (value === undefined) return undefined
  if (typeof value !== 'string') throw wrong(field, 'Expected a string.')
  return value
}

function findPerson(call: Call, field: string, id: string): Person {
  const found = call.sim.people.find(({ uuid, accountId }) => uuid === id || accountId === id)
  if (found === undefined) throw wrong(field, 'Unknown user.')
  return found
}

/** People go by UUID or account id; user names are gone from requests since 2019. */
function readAssignee(call: Call): Person | null | undefined {
  if (!hasKey(call.body, 'assignee')) return undefined
  const value = at(call.body, 'assignee')
  if (value === null) return null
  const id = stringAt(value, 'uuid') ?? stringAt(value, 'account_id')
  if (id === undefined) throw wrong('assignee', 'Expected a uuid or an account_id.')
  return findPerson(call, 'assignee', id)
}

function readPart(body: unknown, field: string): string | null | undefined {
  if (!hasKey(body, field)) return undefined
  const value = at(body, field)
  if (value === null) return null
  const name = stringAt(value, 'name')
  if (name === undefined) throw wrong(field, 'Expected an object with a name.')
  return name
}

function readContent(body: unknown): string | undefined {
  const content = at(body, 'content')
  if (content === undefined) return undefined
  if (content === null) return ''
  if (!isObject(content)) throw wrong('content', 'Expected an object.')
  return text(content, 'raw')
}

/** Fields of an issue as POST and PUT take them. */
export function readIssueEdit(call: Call): IssueEdit {
  const { body } = call
  if (!isObject(body)) throw badRequest('Bad request')
  return {
    title: text(body, 'title'),
    raw: readContent(body),
    state: text(body, 'state') ?? text(body, 'status'),
    kind: text(body, 'kind'),
    priority: text(body, 'priority'),
    assignee: readAssignee(call),
    component: readPart(body, 'component'),
    milestone: readPart(body, 'milestone'),
    version: readPart(body, 'version'),
  }
}

/** `{state:{new:"resolved"}}` and the like: every value is a text, an empty one takes away. */
export function readIssueChanges(call: Call): IssueEdit {
  const changes = at(call.body, 'changes')
  if (!isObject(changes)) throw wrong('changes', 'This field is required.')
  const value = (field: string) => {
    const change = changes[field]
    if (change === undefined) return undefined
    if (!isObject(change)) throw wrong(`changes.${field}`, 'Expected an object.')
    return at(change, 'new') === null ? '' : text(change, 'new')
  }
  const part = (field: string) => (value(field) === '' ? null : value(field))
  const assignee = () => {
    const id = value('assignee_account_id')
    const username = value('assignee')
    if (id === '' || (id === undefined && username === '')) return null
    if (id !== undefined) return findPerson(call, 'changes.assignee_account_id', id)
    if (username === undefined) return undefined
    const known = call.sim.people.find((one) => one.username === username)
    return known ?? findPerson(call, 'changes.assignee', username)
  }
  return {
    title: value('title'),
    raw: value('content'),
    state: value('state') ?? value('status'),
    kind: value('kind'),
    priority: value('priority'),
    assignee: assignee(),
    component: part('component'),
    milestone: part('milestone'),
    version: part('version'),
  }
}
