import { ownValue, stringAt } from '../../shared/json.ts'
import { atLeast, findRepository, findWorkspace, permissionOf, workspaceRole } from '../auth/permission.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, actingOn, type Call, callerOf, type Endpoint, listItems, repositoryOf } from '../call.ts'
import type { Permission, Person, Repository, Workspace } from '../model.ts'
import { createRepository, forkRepository } from '../operations/create-repository.ts'
import { deleteRepository } from '../operations/delete-repository.ts'
import { projectToFill } from '../operations/project-of.ts'
import { toSlug, updateRepository } from '../operations/repositories.ts'
import { queryable } from '../query/select-items.ts'
import { renderAccount } from '../render/account.ts'
import { apiRepositoryUrl } from '../render/links.ts'
import { renderRepository } from '../render/repository.ts'
import { badRequest, notFound } from '../simulator-error.ts'
import { readProjectName, readRepositoryFields } from './read-repository.ts'

const base = '/repositories/:workspace/:slug'

const roles: Record<string, Permission> = { member: 'read', contributor: 'write', admin: 'admin', owner: 'admin' }

function visible(call: Call, repository: Repository): boolean {
  const role = call.query.get('role')
  const wanted = role === null ? 'read' : ownValue(roles, role)
  if (wanted === undefined) throw badRequest(`Invalid role: ${role}`)
  return atLeast(permissionOf(repository, call.principal), wanted)
}

/** The repositories that the caller may see, or has the `role` in that the query asks for. */
export function listRepositories(call: Call, repositories: readonly Repository[]): Answer {
  const shown = repositories.filter((one) => visible(call, one))
  return listItems(call, shown, {
    queryable: queryable.repository,
    render: (one) => renderRepository(call.sim, one),
    quick: {
      uuid: (one) => one.uuid,
      name: (one) => one.name,
      slug: (one) => one.slug,
      description: (one) => one.description,
      language: (one) => one.language,
      is_private: (one) => one.isPrivate,
      created_on: (one) => one.createdOn,
      updated_on: (one) => one.updatedOn,
      'project.key': (one) => one.project.key,
      'project.uuid': (one) => one.project.uuid,
    },
  })
}

function targetIn(call: Call, workspace: Workspace, slug: string) {
  const actor: Person = callerOf(call)
  const project = projectToFill({
    workspace,
    actor,
    project: readProjectName(call.body),
    isOwner: workspaceRole(workspace, call.principal) === 'owner',
  })
  return { workspace, project, slug, actor }
}

async function create(call: Call, status: number): Promise<Answer> {
  const { workspace: name = '', slug = '' } = call.params
  const workspace = findWorkspace(call.sim, name)
  if (workspace === undefined) throw notFound(`No workspace with identifier '${name}'.`)
  const scm = stringAt(call.body, 'scm')
  if (scm !== undefined && scm !== 'git') throw badRequest('Bad request', { scm: [`"${scm}" is not a valid choice.`] })
  const repository = await createRepository(call.sim, targetIn(call, workspace, slug), readRepositoryFields(call))
  return {
    status,
    body: renderRepository(call.sim, repository),
    headers: { location: apiRepositoryUrl(call.sim, repository) },
  }
}

async function update(call: Call): Promise<Answer> {
  const acting = actingOn(call, 'admin')
  const { workspace, slug } = acting.repository
  const project = readProjectName(call.body) === undefined ? undefined : targetIn(call, workspace, slug).project
  await updateRepository(call.sim, acting, { ...readRepositoryFields(call), project })
  const location = apiRepositoryUrl(call.sim, acting.repository)
  return {
    body: renderRepository(call.sim, acting.repository),
    headers: acting.repository.slug === slug ? {} : { location },
  }
}

async function fork(call: Call): Promise<Answer> {
  const parent = repositoryOf(call)
  const name = stringAt(call.body, 'workspace', 'slug') ?? stringAt(call.body, 'workspace', 'uuid')
  const workspace = name === undefined ? parent.workspace : findWorkspace(call.sim, name)
  if (workspace === undefined) throw notFound(`No workspace with identifier '${name}'.`)
  const wishes = readRepositoryFields(call)
  const slug = wishes.name === undefined ? parent.slug : toSlug(wishes.name)
  const repository = await forkRepository(call.sim, parent, {
    target: targetIn(call, workspace, slug),
    wishes: { ...wishes, name: wishes.name ?? parent.name },
  })
  return {
    status: 201,
    body: renderRepository(call.sim, repository),
    headers: { location: apiRepositoryUrl(call.sim, repository) },
  }
}

export const repositoryLifecycleEndpoints: Endpoint[] = [
  {
    method: 'POST',
    path: base,
    need: needs.adminRepository,
    handle: async (call) => await create(call, 200),
  },
  {
    method: 'PUT',
    path: base,
    need: needs.adminRepository,
    handle: async (call) => {
      const { workspace = '', slug = '' } = call.params
      const exists = findRepository(call.sim, workspace, slug) !== undefined
      return exists || slug.startsWith('{') ? await update(call) : await create(call, 201)
    },
  },
  {
    method: 'DELETE',
    path: base,
    need: needs.deleteRepository,
    handle: async (call) => {
      await deleteRepository(call.sim, actingOn(call, 'admin'), call.query.get('redirect_to') ?? undefined)
      return { status: 204 }
    },
  },
  {
    method: 'GET',
    path: `${base}/forks`,
    need: needs.readRepository,
    handle: (call) => {
      const parent = repositoryOf(call)
      return listRepositories(
        call,
        call.sim.repositories.filter((one) => one.parent?.uuid === parent.uuid),
      )
    },
  },
  { method: 'POST', path: `${base}/forks`, need: needs.writeRepository, handle: fork },
  {
    method: 'GET',
    path: `${base}/watchers`,
    need: needs.readRepository,
    handle: (call) => {
      const { watchers } = repositoryOf(call)
      return listItems(call, watchers, { render: (person) => renderAccount(call.sim, person) })
    },
  },
]
