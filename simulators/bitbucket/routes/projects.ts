import { booleanAt, stringAt } from '../../shared/json.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, type Call, callerOf, type Endpoint, listItems, workspaceOf } from '../call.ts'
import { findProject } from '../operations/project-of.ts'
import { createProject, deleteProject, updateProject } from '../operations/projects.ts'
import { queryable } from '../query/select-items.ts'
import { renderProject } from '../render/account.ts'
import { apiProjectUrl } from '../render/administration.ts'
import { forbidden } from '../simulator-error.ts'
import { reachProject } from './reach-project.ts'

const base = '/workspaces/:workspace/projects'

function readProject(call: Call) {
  return {
    key: stringAt(call.body, 'key'),
    name: stringAt(call.body, 'name'),
    description: stringAt(call.body, 'description'),
    isPrivate: booleanAt(call.body, 'is_private'),
  }
}

function create(call: Call, key: string | undefined): Answer {
  const { workspace, role } = workspaceOf(call)
  if (role !== 'owner' && role !== 'create-project') throw forbidden('You cannot create projects in this workspace.')
  const project = createProject(call.sim, { workspace, actor: callerOf(call) }, { ...readProject(call), key })
  return {
    status: 201,
    body: renderProject(call.sim, workspace, project),
    headers: { location: apiProjectUrl(call.sim, workspace, project) },
  }
}

function update(call: Call): Answer {
  const on = reachProject(call, 'admin')
  const oldKey = on.project.key
  updateProject(call.sim, on, readProject(call))
  const location = apiProjectUrl(call.sim, on.workspace, on.project)
  return {
    body: renderProject(call.sim, on.workspace, on.project),
    headers: on.project.key === oldKey ? {} : { location },
  }
}

export const projectEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: base,
    need: needs.readProject,
    handle: (call) => {
      const { workspace } = workspaceOf(call)
      return listItems(call, workspace.projects, {
        queryable: queryable.project,
        render: (project) => renderProject(call.sim, workspace, project),
      })
    },
  },
  {
    method: 'POST',
    path: base,
    need: needs.adminProject,
    handle: (call) => create(call, stringAt(call.body, 'key')),
  },
  {
    method: 'GET',
    path: `${base}/:key`,
    need: needs.readProject,
    handle: (call) => {
      const { workspace, project } = reachProject(call)
      return { body: renderProject(call.sim, workspace, project) }
    },
  },
  {
    method: 'PUT',
    path: `${base}/:key`,
    need: needs.adminProject,
    handle: (call) => {
      const { key = '' } = call.params
      const exists = findProject(workspaceOf(call).workspace, key) !== undefined
      return exists || key.startsWith('{') ? update(call) : create(call, key)
    },
  },
  {
    method: 'DELETE',
    path: `${base}/:key`,
    need: needs.adminProject,
    handle: (call) => {
      deleteProject(call.sim, reachProject(call, 'admin'))
      return { status: 204 }
    },
  },
]
