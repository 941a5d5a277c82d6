import { findRepository, findWorkspace, permissionOf } from '../auth/permission.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, type Call, type Endpoint, isPersonalWorkspace, repositoryOf, workspaceOf } from '../call.ts'
import type { Workspace } from '../model.ts'
import { apiRepositoryUrl } from '../render/links.ts'
import { renderRepository } from '../render/repository.ts'
import { listRepositories } from './repository-lifecycle.ts'

/** A renamed repository keeps answering under its old slug, to those who may see it, until that is taken again. */
function movedFrom({ sim, principal, params }: Call): Answer | undefined {
  const { workspace = '', slug = '' } = params
  const status = sim.switches.renamedRepositoryStatus
  if (status === 404 || findRepository(sim, workspace, slug) !== undefined) return undefined
  const inWorkspace = findWorkspace(sim, workspace)
  const moved = sim.repositories.find(
    (one) => one.workspace === inWorkspace && one.formerSlugs.includes(slug.toLowerCase()),
  )
  if (moved === undefined || permissionOf(moved, principal) === 'none') return undefined
  return { status, headers: { location: apiRepositoryUrl(sim, moved) } }
}

/** Tokens of a project or of a repository list what they reach, though they are nobody in the workspace. */
function listedWorkspace(call: Call): Workspace {
  const { sim, principal, params } = call
  const resource = principal.kind === 'known' ? principal.credential.resource : null
  const found =
    resource === null || resource.kind === 'workspace' ? undefined : findWorkspace(sim, params['workspace'] ?? '')
  return found ?? workspaceOf(call).workspace
}

export const repositoryEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: '/repositories',
    need: needs.readRepository,
    goneWith: 'CHANGE-2770',
    handle: (call) => listRepositories(call, call.sim.repositories),
  },
  {
    method: 'GET',
    path: '/repositories/:workspace',
    need: needs.readRepository,
    handle: (call) => {
      if (isPersonalWorkspace(call)) return listRepositories(call, [])
      const workspace = listedWorkspace(call)
      return listRepositories(
        call,
        call.sim.repositories.filter((one) => one.workspace === workspace),
      )
    },
  },
  {
    method: 'GET',
    path: '/repositories/:workspace/:slug',
    need: needs.readRepository,
    handle: (call) => {
      const moved = movedFrom(call)
      if (moved !== undefined) return moved
      return { body: renderRepository(call.sim, repositoryOf(call)) }
    },
  },
]
