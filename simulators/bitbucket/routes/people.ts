import type { JsonObject } from '../../shared/json.ts'
import { permissionPage } from '../answers/paging.ts'
import { assertOwner, findWorkspace, permissionOf, workspaceRole } from '../auth/permission.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, type Call, callerOf, type Endpoint, listing, workspaceOf } from '../call.ts'
import type { Person, Repository } from '../model.ts'
import { queryable } from '../query/select-items.ts'
import {
  renderAccount,
  renderFullAccount,
  renderMembership,
  renderProject,
  renderWorkspace,
  renderWorkspaceAccess,
} from '../render/account.ts'
import { href } from '../render/links.ts'
import { renderRepositoryReference } from '../render/repository.ts'
import { forbidden, notFound } from '../simulator-error.ts'

function findPerson(call: Call, id: string): Person | undefined {
  return call.sim.people.find((one) => one.uuid === id || one.accountId === id)
}

function renderEmail(call: Call, person: Person): JsonObject {
  return {
    type: 'email',
    email: person.email,
    is_primary: true,
    is_confirmed: true,
    links: { self: href(`${call.sim.urls.api}/user/emails/${encodeURIComponent(person.email)}`) },
  }
}

function workspacesOf(call: Call) {
  return call.sim.workspaces.flatMap((workspace) => {
    const role = workspaceRole(workspace, call.principal)
    return role === undefined ? [] : [{ workspace, role }]
  })
}

/** What the remote calls privileges: `permission` per repository of the caller. */
function renderPermission(call: Call, repository: Repository, person: Person): JsonObject {
  return {
    type: 'repository_permission',
    permission: permissionOf(repository, call.principal),
    user: renderAccount(call.sim, person),
    repository: renderRepositoryReference(call.sim, repository),
  }
}

/** Who may do what in each repository of the workspace, or in one of them: for its administrators. */
function repositoryPermissions(call: Call): Answer {
  const { workspace, role } = workspaceOf(call)
  assertOwner(role)
  const { slug } = call.params
  const records = call.sim.repositories
    .filter((one) => one.workspace === workspace && (slug === undefined || one.slug === slug || one.uuid === slug))
    .flatMap((repository) =>
      workspace.members.map(({ person, role: has }) => ({
        type: 'repository_permission',
        permission: has === 'owner' ? 'admin' : (repository.permissions.get(person.uuid) ?? 'none'),
        user: renderAccount(call.sim, person),
        repository: renderRepositoryReference(call.sim, repository),
      })),
    )
  return listing(call, records, { queryable: queryable.permission })
}

const mine: Endpoint[] = [
  {
    method: 'GET',
    path: '/user',
    need: needs.readUser,
    handle: (call) => ({ body: renderFullAccount(call.sim, callerOf(call)) }),
  },
  {
    method: 'GET',
    path: '/user/emails',
    need: needs.readEmail,
    handle: (call) => listing(call, [renderEmail(call, callerOf(call))]),
  },
  {
    method: 'GET',
    path: '/user/workspaces',
    need: needs.readWorkspace,
    handle: (call) => {
      callerOf(call)
      const administrator = call.query.get('administrator')
      const records = workspacesOf(call)
        .filter(({ role }) => administrator === null || String(role === 'owner') === administrator)
        .map(({ workspace, role }) => renderWorkspaceAccess(call.sim, workspace, role))
      const flat = new URLSearchParams(call.query)
      for (const name of ['q', 'sort']) {
        const text = flat.get(name)
        if (text !== null)
          flat.set(
            name,
            text.replace(/\b(?<!\.)slug\b/g, 'workspace.slug').replace('workspace.workspace.', 'workspace.'),
          )
      }
      return listing({ ...call, query: flat }, records, { queryable: queryable.workspace })
    },
  },
  {
    method: 'GET',
    path: '/user/workspaces/:workspace/permission',
    need: needs.readWorkspace,
    handle: (call) => {
      const person = callerOf(call)
      const { workspace, role } = workspaceOf(call)
      return { body: renderMembership(call.sim, { workspace, person, role, withEmail: false }) }
    },
  },
  {
    method: 'GET',
    path: '/user/workspaces/:workspace/permissions/repositories',
    need: needs.readOwnPermissions,
    handle: (call) => {
      const person = callerOf(call)
      const { workspace } = workspaceOf(call)
      const records = call.sim.repositories
        .filter((one) => one.workspace === workspace && permissionOf(one, call.principal) !== 'none')
        .map((one) => renderPermission(call, one, person))
      return listing(call, records, { queryable: queryable.permission })
    },
  },
  {
    method: 'GET',
    path: '/users/:user',
    need: needs.readUser,
    handle: (call) => {
      callerOf(call)
      const person = findPerson(call, call.params['user'] ?? '')
      if (person === undefined) throw notFound(`No such user: ${call.params['user']}`)
      return { body: renderAccount(call.sim, person) }
    },
  },
]

const workspaces: Endpoint[] = [
  {
    method: 'GET',
    path: '/workspaces/:workspace',
    need: needs.readWorkspace,
    handle: (call) => ({ body: renderWorkspace(call.sim, workspaceOf(call).workspace) }),
  },
  {
    method: 'GET',
    path: '/workspaces/:workspace/members',
    need: needs.readWorkspace,
    handle: (call) => {
      const { workspace, role } = workspaceOf(call)
      const isAdmin = role === 'owner'
      if (!isAdmin && /user\.email/.test(call.query.get('q') ?? ''))
        throw forbidden('Only administrators can filter by e-mail address.')
      const records = workspace.members.map(({ person }) =>
        renderMembership(call.sim, { workspace, person, withEmail: isAdmin }),
      )
      return listing(call, records, { queryable: queryable.member, size: permissionPage, hidden: ['user.email'] })
    },
  },
  {
    method: 'GET',
    path: '/workspaces/:workspace/members/:member',
    need: needs.readWorkspace,
    handle: (call) => {
      const { workspace } = workspaceOf(call)
      const id = call.params['member'] ?? ''
      const member = workspace.members.find(({ person }) => person.uuid === id || person.accountId === id)
      if (member === undefined) throw notFound('User is not a member of this workspace.')
      return { body: renderMembership(call.sim, { workspace, person: member.person, withEmail: false }) }
    },
  },
  {
    method: 'GET',
    path: '/workspaces/:workspace/permissions',
    need: needs.readWorkspace,
    handle: (call) => {
      const { workspace } = workspaceOf(call)
      const records = workspace.members.map(({ person, role }) =>
        renderMembership(call.sim, { workspace, person, role, withEmail: false }),
      )
      return listing(call, records, { queryable: queryable.member, size: permissionPage })
    },
  },
  ...['', '/:slug'].map(
    (tail): Endpoint => ({
      method: 'GET',
      path: `/workspaces/:workspace/permissions/repositories${tail}`,
      need: tail === '' ? needs.readPermissions : needs.readRepository,
      handle: repositoryPermissions,
    }),
  ),
  {
    method: 'GET',
    path: '/workspaces/:workspace/projects',
    need: needs.readProject,
    handle: (call) => {
      const { workspace } = workspaceOf(call)
      return listing(
        call,
        workspace.projects.map((project) => renderProject(call.sim, workspace, project)),
        { queryable: queryable.project },
      )
    },
  },
  {
    method: 'GET',
    path: '/workspaces/:workspace/projects/:key',
    need: needs.readProject,
    handle: (call) => {
      const { workspace } = workspaceOf(call)
      const project = workspace.projects.find((one) => one.key === call.params['key'])
      if (project === undefined) throw notFound('Project not found.')
      return { body: renderProject(call.sim, workspace, project) }
    },
  },
]

/** Listings across workspaces: alive in legacy mode, 410 since 2026-04-14. */
const crossWorkspace: Endpoint[] = [
  {
    method: 'GET',
    path: '/workspaces',
    need: needs.readWorkspace,
    goneWith: 'CHANGE-2770',
    handle: (call) => {
      callerOf(call)
      const records = workspacesOf(call).map(({ workspace }) => renderWorkspace(call.sim, workspace))
      return listing(call, records, { queryable: queryable.workspace })
    },
  },
  {
    method: 'GET',
    path: '/user/permissions/workspaces',
    need: needs.readWorkspace,
    goneWith: 'CHANGE-2770',
    handle: (call) => {
      const person = callerOf(call)
      return listing(
        call,
        workspacesOf(call).map(({ workspace, role }) =>
          renderMembership(call.sim, { workspace, person, role, withEmail: false }),
        ),
        { queryable: queryable.member },
      )
    },
  },
  {
    method: 'GET',
    path: '/user/permissions/repositories',
    need: needs.readPermissions,
    goneWith: 'CHANGE-2770',
    handle: (call) => {
      const person = callerOf(call)
      const records = call.sim.repositories
        .filter(
          (one) =>
            permissionOf(one, call.principal) !== 'none' && findWorkspace(call.sim, one.workspace.slug) !== undefined,
        )
        .map((one) => renderPermission(call, one, person))
      return listing(call, records, { queryable: queryable.permission })
    },
  },
  {
    method: 'GET',
    path: '/snippets',
    goneWith: 'CHANGE-2770',
    handle: (call) => listing(call, []),
  },
]

export const peopleEndpoints: Endpoint[] = [...mine, ...workspaces, ...crossWorkspace]
