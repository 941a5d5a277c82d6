import { booleanAt, hasKey, stringAt } from '../../shared/json.ts'
import { atLeast, permissionOf } from '../auth/permission.ts'
import { needs } from '../auth/scopes.ts'
import { actingOn, type Call, type Endpoint, listing, repositoryOf, workspaceOf } from '../call.ts'
import type { Permission, Repository } from '../model.ts'
import { updateRepository } from '../operations/repositories.ts'
import { queryable } from '../query/select-items.ts'
import { apiRepositoryUrl } from '../render/links.ts'
import { renderRepository } from '../render/repository.ts'
import { badRequest, SimulatorError } from '../simulator-error.ts'

const roles: Record<string, Permission> = { member: 'read', contributor: 'write', admin: 'admin', owner: 'admin' }

function visible(call: Call, repository: Repository): boolean {
  const role = call.query.get('role')
  const wanted = role === null ? 'read' : roles[role]
  if (wanted === undefined) throw badRequest(`Invalid role: ${role}`)
  return atLeast(permissionOf(repository, call.principal), wanted)
}

function list(call: Call, repositories: Repository[]) {
  const records = repositories.filter((one) => visible(call, one)).map((one) => renderRepository(call.sim, one))
  return listing(call, records, { queryable: queryable.repository })
}

export const repositoryEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: '/repositories',
    need: needs.readRepository,
    goneWith: 'CHANGE-2770',
    handle: (call) => list(call, call.sim.repositories),
  },
  {
    method: 'GET',
    path: '/repositories/:workspace',
    need: needs.readRepository,
    handle: (call) => {
      const { workspace } = workspaceOf(call)
      return list(
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
      const { workspace = '', slug = '' } = call.params
      // A renamed repository keeps answering under its old slug until that is taken again.
      const moved = call.sim.repositories.find(
        (one) => one.workspace.slug === workspace && one.formerSlugs.includes(slug),
      )
      if (moved !== undefined && !call.sim.repositories.some((one) => one.slug === slug)) {
        return { status: 301, headers: { location: apiRepositoryUrl(call.sim, moved) } }
      }
      return { body: renderRepository(call.sim, repositoryOf(call)) }
    },
  },
  {
    method: 'PUT',
    path: '/repositories/:workspace/:slug',
    need: needs.adminRepository,
    handle: (call) => {
      const acting = actingOn(call, 'admin')
      if (hasKey(call.body, 'has_issues') && call.sim.mode === '2026' && booleanAt(call.body, 'has_issues') === true) {
        throw new SimulatorError(400, 'Issue trackers can no longer be enabled.')
      }
      const oldSlug = acting.repository.slug
      updateRepository(call.sim, acting, {
        name: stringAt(call.body, 'name'),
        description: stringAt(call.body, 'description'),
        isPrivate: booleanAt(call.body, 'is_private'),
        hasIssues: booleanAt(call.body, 'has_issues'),
        language: stringAt(call.body, 'language'),
      })
      const moved = acting.repository.slug !== oldSlug
      return {
        body: renderRepository(call.sim, acting.repository),
        headers: moved ? { location: apiRepositoryUrl(call.sim, acting.repository) } : {},
      }
    },
  },
]
