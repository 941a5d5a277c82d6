import type { Json } from '../../shared/json.ts'
import { assertMay, mayIn } from '../auth/permission.ts'
import { type Answer, api3, type Call, callerOf, type Endpoint, viewerOf } from '../call.ts'
import { refusal } from '../jira-error.ts'
import type { Comment, Issue } from '../model.ts'
import { mayChange } from '../operations/comments.ts'
import { touch } from '../operations/issues.ts'
import { deleteProperty, getProperty, setProperty } from '../operations/properties.ts'
import { issueOf } from './place.ts'

/** What the properties of a path belong to. */
interface Owner {
  properties: Map<string, Json>
  /** Address of the list. */
  address: string
  assertMayWrite: () => void
  written: () => void
}

function ofIssue(call: Call): Owner {
  const issue = issueOf(call)
  return {
    properties: issue.properties,
    address: `${call.base}/rest/api/3/issue/${issue.key}/properties`,
    assertMayWrite: () =>
      assertMay(issue.project, callerOf(call), {
        wanted: 'work',
        message: 'You do not have permission to edit this issue.',
      }),
    written: () => {
      if (call.sim.switches.propertiesTouchIssue) touch(call.sim, issue)
    },
  }
}

function findComment(call: Call): { issue: Issue; comment: Comment } {
  const id = call.params['comment'] ?? ''
  for (const issue of call.sim.issues) {
    const comment = issue.comments.find((one) => one.id === id)
    if (comment !== undefined && mayIn(issue.project, viewerOf(call), 'view')) return { issue, comment }
  }
  throw refusal(404, `Can not find a comment for the id: ${id}.`)
}

function ofComment(call: Call): Owner {
  const { issue, comment } = findComment(call)
  return {
    properties: comment.properties,
    address: `${call.base}/rest/api/3/comment/${comment.id}/properties`,
    assertMayWrite: () => {
      if (!mayChange(issue, comment, callerOf(call)))
        throw refusal(403, 'You do not have the permission to edit this comment.')
    },
    written: () => undefined,
  }
}

function keyOf(call: Call): string {
  return call.params['key'] ?? ''
}

function endpointsOf(base: string, find: (call: Call) => Owner): Endpoint[] {
  const list = (call: Call): Answer => {
    const { properties, address } = find(call)
    return {
      body: {
        keys: [...properties.keys()].map((name) => ({ self: `${address}/${encodeURIComponent(name)}`, key: name })),
      },
    }
  }
  const get = (call: Call): Answer => ({
    body: { key: keyOf(call), value: getProperty(find(call).properties, keyOf(call)) },
    objects: 1,
  })
  const put = (call: Call): Answer => {
    const owner = find(call)
    owner.assertMayWrite()
    const isNew = setProperty(owner.properties, keyOf(call), call.body)
    owner.written()
    return { status: isNew ? 201 : 200, body: {} }
  }
  const remove = (call: Call): Answer => {
    const owner = find(call)
    owner.assertMayWrite()
    deleteProperty(owner.properties, keyOf(call))
    owner.written()
    return { status: 204 }
  }
  const one = `${base}/:key`
  return [
    { method: 'GET', path: base, scope: 'read:jira-work', isOpen: true, handle: list },
    { method: 'GET', path: one, scope: 'read:jira-work', isOpen: true, handle: get },
    { method: 'PUT', path: one, scope: 'write:jira-work', handle: put },
    { method: 'DELETE', path: one, scope: 'write:jira-work', handle: remove },
  ]
}

export const propertyEndpoints: Endpoint[] = [
  ...endpointsOf(api3('/issue/:issue/properties'), ofIssue),
  ...endpointsOf(api3('/comment/:comment/properties'), ofComment),
]
