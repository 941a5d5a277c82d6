import type { JsonObject } from '../../shared/json.ts'
import { findProject, getIssue, mayIn } from '../auth/permission.ts'
import { type Answer, api3, type Call, callerOf, type Endpoint, viewerOf } from '../call.ts'
import { badRequest, refusal } from '../jira-error.ts'
import type { Person, Role } from '../model.ts'
import { renderPerson } from '../render/person.ts'
import { toTimestamp } from '../state.ts'
import { listOf, placeOf } from './place.ts'

const everybody: JsonObject = { size: 0, items: [] }

function myself(call: Call): Answer {
  const person = callerOf(call)
  const rest = { locale: 'en_US', groups: everybody, applicationRoles: everybody, expand: 'groups,applicationRoles' }
  return { body: { ...renderPerson(placeOf(call), person), emailAddress: person.email, ...rest } }
}

function user(call: Call): Answer {
  callerOf(call)
  const id = call.query.get('accountId')
  const person = call.sim.people.find((one) => one.accountId === id && one.hasSiteAccess)
  if (person === undefined) throw refusal(404, `Specified user does not exist or you do not have required permissions`)
  return { body: renderPerson(placeOf(call), person), objects: 1 }
}

function matching(call: Call): Person[] {
  callerOf(call)
  const query = call.query.get('query')?.toLowerCase() ?? ''
  const wanted = call.query.get('accountId')
  return call.sim.people.filter((one) => {
    if (!one.hasSiteAccess || (wanted !== null && one.accountId !== wanted)) return false
    return one.displayName.toLowerCase().includes(query) || one.email === query
  })
}

function searchPeople(call: Call): Answer {
  const found = matching(call)
  return { body: found.map((one) => renderPerson(placeOf(call), one)), objects: found.length }
}

function assignable(call: Call): Answer {
  const viewer = viewerOf(call)
  const issue = call.query.get('issueKey') ?? call.query.get('issueId')
  const key = call.query.get('project')
  if (issue === null && key === null) throw badRequest('Either project or issueKey must be given.')
  const project = issue === null ? findProject(call.sim, viewer, key ?? '') : getIssue(call.sim, viewer, issue).project
  if (project === undefined) throw refusal(404, `No project could be found with key '${key ?? ''}'.`)
  const found = matching(call).filter((one) => one.isActive && mayIn(project, one, 'work'))
  return { body: found.map((one) => renderPerson(placeOf(call), one)), objects: found.length }
}

/** Permissions a tracker asks about, and the role that has each. */
const permissions: Record<string, Role | 'site_admin'> = {
  BROWSE_PROJECTS: 'view',
  CREATE_ISSUES: 'work',
  EDIT_ISSUES: 'work',
  ASSIGN_ISSUES: 'work',
  TRANSITION_ISSUES: 'work',
  RESOLVE_ISSUES: 'work',
  ADD_COMMENTS: 'work',
  EDIT_OWN_COMMENTS: 'work',
  DELETE_OWN_COMMENTS: 'work',
  EDIT_ALL_COMMENTS: 'admin',
  DELETE_ALL_COMMENTS: 'admin',
  DELETE_ISSUES: 'admin',
  ADMINISTER_PROJECTS: 'admin',
  ADMINISTER: 'site_admin',
}

function typeOf(permission: string): string {
  return permissions[permission] === 'site_admin' ? 'GLOBAL' : 'PROJECT'
}

function myPermissions(call: Call): Answer {
  const viewer = viewerOf(call)
  const asked = listOf(call.query, 'permissions')
  if (asked.length === 0) throw badRequest("The 'permissions' query parameter is required.")
  const unknown = asked.filter((one) => !Object.hasOwn(permissions, one))
  if (unknown.length > 0) throw badRequest(`Unrecognized permission(s): ${unknown.join(', ')}`)
  const key = call.query.get('projectKey') ?? call.query.get('projectId')
  const project = key === null ? undefined : findProject(call.sim, viewer, key)
  if (key !== null && project === undefined) throw refusal(404, `No project could be found with key '${key}'.`)
  const has = (name: string): boolean => {
    const wanted = permissions[name]
    if (wanted === undefined || wanted === 'site_admin') return viewer?.isSiteAdmin ?? false
    return (project === undefined ? call.sim.projects : [project]).some((one) => mayIn(one, viewer, wanted))
  }
  const entries = asked.map((name): [string, JsonObject] => [
    name,
    { id: name, key: name, name, type: typeOf(name), description: '', havePermission: has(name) },
  ])
  return { body: { permissions: Object.fromEntries(entries) } }
}

function serverInfo(call: Call): Answer {
  const { sim } = call
  return {
    body: {
      baseUrl: sim.url,
      displayUrl: sim.url,
      version: '1001.0.0-SNAPSHOT',
      versionNumbers: [1001, 0, 0],
      deploymentType: 'Cloud',
      buildNumber: 100_300,
      buildDate: '2026-11-18T00:00:00.000+0000',
      serverTime: toTimestamp(sim.clock()),
      serverTitle: 'Simulated Jira',
      serverTimeZone: 'Etc/UTC',
    },
  }
}

const scope = 'read:jira-user'

export const peopleEndpoints: Endpoint[] = [
  { method: 'GET', path: api3('/serverInfo'), scope: 'read:jira-work', isOpen: true, handle: serverInfo },
  { method: 'GET', path: api3('/myself'), scope, handle: myself },
  { method: 'GET', path: api3('/mypermissions'), scope: 'read:jira-work', isOpen: true, handle: myPermissions },
  { method: 'GET', path: api3('/user'), scope, handle: user },
  { method: 'GET', path: api3('/user/search'), scope, handle: searchPeople },
  { method: 'GET', path: api3('/user/assignable/search'), scope, handle: assignable },
]
