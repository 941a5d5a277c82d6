import { at, hasKey, isObject, stringAt } from '../../shared/json.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, actingOn, type Call, type Endpoint, listing, repositoryOf } from '../call.ts'
import type { Comment, Issue, Permission, Person, Repository } from '../model.ts'
import {
  createIssue,
  createIssueComment,
  deleteIssue,
  deleteIssueComment,
  getIssue,
  getIssueComment,
  type IssueEdit,
  type OnIssue,
  updateIssue,
  updateIssueComment,
} from '../operations/issues.ts'
import { queryable } from '../query/select-items.ts'
import { renderComment } from '../render/comment.ts'
import { renderIssue, renderIssueChange } from '../render/issue.ts'
import { apiRepositoryUrl } from '../render/links.ts'
import { badRequest, notFound } from '../simulator-error.ts'
import { readRaw } from './read-comment.ts'

const base = '/repositories/:workspace/:slug/issues'
const goneWith = 'CHANGE-3071'

function assertTracker(repository: Repository): void {
  if (!repository.hasIssues) throw notFound('Repository has no issue tracker.')
}

function reading(call: Call) {
  const repository = repositoryOf(call)
  assertTracker(repository)
  return {
    repository,
    issue: () => getIssue(repository, call.params['id'] ?? ''),
    place: { sim: call.sim, repository },
  }
}

function acting(call: Call, wanted: Permission = 'read') {
  const one = actingOn(call, wanted)
  assertTracker(one.repository)
  return one
}

function onIssue(call: Call, wanted: Permission = 'read'): OnIssue {
  const one = acting(call, wanted)
  return { ...one, issue: getIssue(one.repository, call.params['id'] ?? '') }
}

function findAssignee(call: Call, value: unknown): Person | null | undefined {
  if (value === undefined) return undefined
  if (value === null || value === '') return null
  const id = typeof value === 'string' ? value : (stringAt(value, 'uuid') ?? stringAt(value, 'account_id'))
  const person = call.sim.people.find((one) => one.uuid === id || one.accountId === id)
  if (person === undefined) throw badRequest('Bad request', { assignee: ['Unknown user.'] })
  return person
}

function readEdit(call: Call): IssueEdit {
  const { body } = call
  return {
    title: stringAt(body, 'title'),
    raw: readRaw(body),
    state: stringAt(body, 'state') ?? stringAt(body, 'status'),
    kind: stringAt(body, 'kind'),
    priority: stringAt(body, 'priority'),
    assignee: hasKey(body, 'assignee') ? findAssignee(call, at(body, 'assignee')) : undefined,
  }
}

/** `{state:{new:"resolved"}}` and the like. */
function readChanges(call: Call): IssueEdit {
  const changes = at(call.body, 'changes')
  if (changes !== undefined && !isObject(changes)) throw badRequest('Bad request', { changes: ['Expected an object.'] })
  const value = (field: string) => stringAt(changes, field, 'new')
  return {
    title: value('title'),
    raw: value('content'),
    state: value('state') ?? value('status'),
    kind: value('kind'),
    priority: value('priority'),
    assignee: findAssignee(call, value('assignee_account_id') ?? value('assignee')),
  }
}

function answer(call: Call, on: OnIssue, status = 200): Answer {
  const location = `${apiRepositoryUrl(call.sim, on.repository)}/issues/${on.issue.id}`
  return {
    status,
    body: renderIssue({ sim: call.sim, repository: on.repository }, on.issue),
    ...(status === 201 ? { headers: { location } } : {}),
  }
}

const issues: Endpoint[] = [
  {
    method: 'GET',
    path: base,
    need: needs.readIssue,
    goneWith,
    handle: (call) => {
      const { repository, place } = reading(call)
      return listing(
        call,
        repository.issues.toReversed().map((issue) => renderIssue(place, issue)),
        { queryable: queryable.issue },
      )
    },
  },
  {
    method: 'POST',
    path: base,
    need: needs.writeIssue,
    goneWith,
    handle: (call) => {
      const one = acting(call)
      return answer(call, { ...one, issue: createIssue(call.sim, one, readEdit(call)) }, 201)
    },
  },
  {
    method: 'GET',
    path: `${base}/:id`,
    need: needs.readIssue,
    goneWith,
    handle: (call) => {
      const { place, issue } = reading(call)
      return { body: renderIssue(place, issue()) }
    },
  },
  {
    method: 'PUT',
    path: `${base}/:id`,
    need: needs.writeIssue,
    goneWith,
    handle: (call) => {
      const on = onIssue(call)
      updateIssue(call.sim, on, { edit: readEdit(call), message: null })
      return answer(call, on)
    },
  },
  {
    method: 'DELETE',
    path: `${base}/:id`,
    need: needs.deleteIssue,
    goneWith,
    handle: (call) => {
      deleteIssue(onIssue(call, 'write'))
      return { status: 204 }
    },
  },
]

const changes: Endpoint[] = [
  {
    method: 'GET',
    path: `${base}/:id/changes`,
    need: needs.readIssue,
    goneWith,
    handle: (call) => {
      const { place, issue } = reading(call)
      const one = issue()
      return listing(
        call,
        one.changes.map((change) => renderIssueChange(place, one, change)),
        { queryable: queryable.issueChange, size: { usual: 20, most: 100 } },
      )
    },
  },
  {
    method: 'POST',
    path: `${base}/:id/changes`,
    need: needs.writeIssue,
    goneWith,
    handle: (call) => {
      const on = onIssue(call)
      const message = stringAt(call.body, 'message', 'raw') ?? null
      const change = updateIssue(call.sim, on, { edit: readChanges(call), message })
      const location = `${apiRepositoryUrl(call.sim, on.repository)}/issues/${on.issue.id}/changes/${change.id}`
      return {
        status: 201,
        body: renderIssueChange({ sim: call.sim, repository: on.repository }, on.issue, change),
        headers: { location },
      }
    },
  },
  {
    method: 'GET',
    path: `${base}/:id/changes/:change`,
    need: needs.readIssue,
    goneWith,
    handle: (call) => {
      const { place, issue } = reading(call)
      const one = issue()
      const change = one.changes.find((other) => String(other.id) === call.params['change'])
      if (change === undefined) throw notFound('Change not found.')
      return { body: renderIssueChange(place, one, change) }
    },
  },
]

function renderOne(call: Call, on: { repository: Repository; issue: Issue }, comment: Comment) {
  return renderComment({ sim: call.sim, repository: on.repository }, { kind: 'issue', issue: on.issue }, comment)
}

const comments: Endpoint[] = [
  {
    method: 'GET',
    path: `${base}/:id/comments`,
    need: needs.readIssue,
    goneWith,
    handle: (call) => {
      const { repository, issue } = reading(call)
      const one = issue()
      const records = one.comments
        .filter((comment) => !comment.deleted)
        .map((comment) => renderOne(call, { repository, issue: one }, comment))
      return listing(call, records, { queryable: queryable.comment, size: { usual: 20, most: 100 } })
    },
  },
  {
    method: 'POST',
    path: `${base}/:id/comments`,
    need: needs.writeIssue,
    goneWith,
    handle: (call) => {
      const on = onIssue(call)
      const comment = createIssueComment(call.sim, on, readRaw(call.body))
      const location = `${apiRepositoryUrl(call.sim, on.repository)}/issues/${on.issue.id}/comments/${comment.id}`
      return { status: 201, body: renderOne(call, on, comment), headers: { location } }
    },
  },
  {
    method: 'GET',
    path: `${base}/:id/comments/:comment`,
    need: needs.readIssue,
    goneWith,
    handle: (call) => {
      const { repository, issue } = reading(call)
      const one = issue()
      return { body: renderOne(call, { repository, issue: one }, getIssueComment(one, call.params['comment'] ?? '')) }
    },
  },
  {
    method: 'PUT',
    path: `${base}/:id/comments/:comment`,
    need: needs.writeIssue,
    goneWith,
    handle: (call) => {
      const on = onIssue(call)
      const comment = getIssueComment(on.issue, call.params['comment'] ?? '')
      return { body: renderOne(call, on, updateIssueComment(call.sim, on, { comment, raw: readRaw(call.body) })) }
    },
  },
  {
    method: 'DELETE',
    path: `${base}/:id/comments/:comment`,
    need: needs.deleteIssueComment,
    goneWith,
    handle: (call) => {
      const on = onIssue(call)
      deleteIssueComment(call.sim, on, getIssueComment(on.issue, call.params['comment'] ?? ''))
      return { status: 204 }
    },
  },
]

const remainderPaths = [
  base,
  `${base}/:id`,
  `${base}/:id/:part`,
  `${base}/:id/:part/*`,
  ...['components', 'milestones', 'versions'].flatMap((part) => [
    `/repositories/:workspace/:slug/${part}`,
    `/repositories/:workspace/:slug/${part}/:id`,
  ]),
]

const known = [...issues, ...changes, ...comments]

/** The rest of the removed tracker: gone in 2026 mode, not simulated in legacy mode. */
const remainders: Endpoint[] = (['GET', 'POST', 'PUT', 'DELETE'] as const)
  .flatMap((method) => remainderPaths.map((path) => ({ method, path })))
  .filter(({ method, path }) => !known.some((one) => one.method === method && one.path === path))
  .map(({ method, path }) => ({
    method,
    path,
    need: method === 'GET' ? needs.readIssue : needs.writeIssue,
    goneWith,
    handle: () => {
      throw notFound('There is no API hosted at this URL')
    },
  }))

export const issueEndpoints: Endpoint[] = [...known, ...remainders]
