import type { Json } from '../../shared/json.ts'
import { cut, pageOf, readWindow } from '../answers/paging.ts'
import { mayIn } from '../auth/permission.ts'
import { type Answer, api3, type Call, type Endpoint, viewerOf } from '../call.ts'
import { refusal } from '../jira-error.ts'
import type { Project } from '../model.ts'
import { createMetaFields } from '../render/create-meta.ts'
import { fieldList } from '../render/field-list.ts'
import { self } from '../render/place.ts'
import {
  categoryKeys,
  renderCategory,
  renderPriority,
  renderProject,
  renderResolution,
  renderStatus,
  renderType,
} from '../render/project.ts'
import { listOf, placeOf, projectOf } from './place.ts'

function visible(call: Call): Project[] {
  const viewer = viewerOf(call)
  return call.sim.projects.filter((one) => mayIn(one, viewer, 'view'))
}

function search(call: Call): Answer {
  const place = placeOf(call)
  const [query, keys, ids] = [
    call.query.get('query')?.toLowerCase(),
    listOf(call.query, 'keys'),
    listOf(call.query, 'id'),
  ]
  const found = visible(call).filter((one) => {
    if (keys.length > 0 && !keys.includes(one.key)) return false
    if (ids.length > 0 && !ids.includes(one.id)) return false
    return query === undefined || `${one.key} ${one.name}`.toLowerCase().includes(query)
  })
  const window = readWindow(call.query, 50, 100)
  const projects = found
    .toSorted((one, other) => one.key.localeCompare(other.key))
    .map((one) => renderProject(place, one))
  return { body: pageOf(projects, window, self(place, 'project/search')), objects: cut(projects, window).length }
}

function statuses(call: Call): Answer {
  const place = placeOf(call)
  const project = projectOf(call)
  const all = project.workflow.statuses.map((one) => renderStatus(place, one))
  return { body: project.issueTypes.map((type): Json => ({ ...renderType(place, type), statuses: all })) }
}

function createTypes(call: Call): Answer {
  const place = placeOf(call)
  const project = projectOf(call)
  const window = readWindow(call.query, 50, 200)
  const types = project.issueTypes.map((type) => renderType(place, type))
  return { body: { ...window, total: types.length, issueTypes: cut(types, window) } }
}

function createFields(call: Call): Answer {
  const project = projectOf(call)
  const type = project.issueTypes.find((one) => one.id === call.params['type'])
  if (type === undefined) throw refusal(404, 'The issue type could not be found, or is not in this project.')
  const window = readWindow(call.query, 50, 200)
  const fields = createMetaFields(placeOf(call), project, type)
  return { body: { ...window, total: fields.length, fields: cut(fields, window) } }
}

function priorities(call: Call): Json[] {
  return call.sim.priorities.map((one) => renderPriority(placeOf(call), one))
}

function labels(call: Call): Answer {
  const viewer = viewerOf(call)
  const all = call.sim.issues.filter((one) => mayIn(one.project, viewer, 'view')).flatMap((one) => one.labels)
  return {
    body: pageOf([...new Set(all)].toSorted(), readWindow(call.query, 1000, 1000), self(placeOf(call), 'label')),
  }
}

function allStatuses(call: Call): Answer {
  const place = placeOf(call)
  return { body: visible(call).flatMap((one) => one.workflow.statuses.map((status) => renderStatus(place, status))) }
}

function allTypes(call: Call): Answer {
  const place = placeOf(call)
  const byId = new Map(visible(call).flatMap((one) => one.issueTypes.map((type) => [type.id, type])))
  return { body: [...byId.values()].map((type) => renderType(place, type)) }
}

const scope = 'read:jira-work'

function read(path: string, handle: (call: Call) => Answer): Endpoint {
  return { method: 'GET', path: api3(path), scope, isOpen: true, handle }
}

export const projectEndpoints: Endpoint[] = [
  read('/project/search', search),
  read('/project', (call) => ({ body: visible(call).map((one) => renderProject(placeOf(call), one)) })),
  read('/project/:project', (call) => ({ body: renderProject(placeOf(call), projectOf(call)), objects: 1 })),
  read('/project/:project/statuses', statuses),
  read('/issue/createmeta/:project/issuetypes', createTypes),
  read('/issue/createmeta/:project/issuetypes/:type', createFields),
  read('/priority', (call) => ({ body: priorities(call) })),
  read('/priority/search', (call) => ({
    body: pageOf(priorities(call), readWindow(call.query), self(placeOf(call), 'priority/search')),
  })),
  read('/resolution', (call) => ({ body: call.sim.resolutions.map((one) => renderResolution(placeOf(call), one)) })),
  read('/status', allStatuses),
  read('/statuscategory', (call) => ({ body: categoryKeys.map((key) => renderCategory(placeOf(call), key)) })),
  read('/issuetype', allTypes),
  read('/field', (call) => ({ body: fieldList(call.sim) })),
  read('/label', labels),
]
