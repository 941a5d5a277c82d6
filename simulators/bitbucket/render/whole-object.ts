import type { JsonObject } from '../../shared/json.ts'
import type { Principal } from '../auth/authenticate.ts'
import { permissionOf } from '../auth/permission.ts'
import type { Sim } from '../state.ts'
import { renderFullAccount, renderProject, renderWorkspace } from './account.ts'
import { renderRepository } from './repository.ts'

function wholePerson(sim: Sim, uuid: string): JsonObject | undefined {
  const person = sim.people.find((one) => one.uuid === uuid)
  if (person === undefined) return undefined
  // Nobody else's user name is shown.
  const { username: _username, ...shown } = renderFullAccount(sim, person)
  return shown
}

function wholeProject(sim: Sim, uuid: string): JsonObject | undefined {
  for (const workspace of sim.workspaces) {
    const project = workspace.projects.find((one) => one.uuid === uuid)
    if (project !== undefined) return renderProject(sim, workspace, project)
  }
  return undefined
}

/** The whole of an embedded account, workspace, project or repository, when this caller may see it. */
export function wholeOf(sim: Sim, principal: Principal, condensed: JsonObject): JsonObject | undefined {
  const { type, uuid } = condensed
  if (typeof uuid !== 'string') return undefined
  switch (type) {
    case 'user':
    case 'app_user':
      return wholePerson(sim, uuid)
    case 'team':
    case 'workspace':
    case 'workspace_base': {
      const workspace = sim.workspaces.find((one) => one.uuid === uuid)
      return workspace === undefined ? undefined : renderWorkspace(sim, workspace)
    }
    case 'project':
      return wholeProject(sim, uuid)
    case 'repository': {
      const repository = sim.repositories.find((one) => one.uuid === uuid)
      const isSeen = repository !== undefined && permissionOf(repository, principal) !== 'none'
      return isSeen ? renderRepository(sim, repository) : undefined
    }
    default:
      return undefined
  }
}
