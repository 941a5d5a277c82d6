import type { JsonObject } from '../../shared/json.ts'
import { findWorkspace, permissionOf, workspaceRole } from '../auth/permission.ts'
import { needs } from '../auth/scopes.ts'
import { type Call, callerOf, type Endpoint, isPersonalWorkspace, listItems, listing, workspaceOf } from '../call.ts'
import type { Person, Repository } from '../model.ts'
import { queryable } from '../query/select-items.ts'
import {
  renderAccount,
  renderFullAccount,
  renderMembership,
  renderWorkspace,
  renderWorkspaceAccess,
} from '../render/account.ts'
import { href } from '../render/links.ts'
import { renderRepositoryReference } from '../render/repository.ts'
import { notFound } from '../simulator-error.ts'

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
    path: '/user/emails/:email',
    need: needs.readEmail,
    handle: (call) => {
      const person = callerOf(call)
      const email = (call.params['email'] ?? '').toLowerCase()
      if (email !== person.email.toLowerCase()) throw notFound(`No such email address: ${call.params['email']}`)
      return { body: renderEmail(call, person) }
    },
  },
  {
    method: 'GET',
    path: '/user/workspaces',
    need: needs.readWorkspace,
    handle: (call) => {
      callerOf(call)
      const administrator = call.query.get('administrator')
      const wanted = workspacesOf(call).filter(
        ({ role }) => administrator === null || String(role === 'owner') === administrator,
      )
      return listItems(call, wanted, {
        queryable: queryable.workspace,
        size: { usual: 10, most: call.sim.switches.userWorkspacesPagelen },
        render: ({ workspace, role }) => renderWorkspaceAccess(call.sim, workspace, role),
        // The workspace's own fields go without their prefix too.
        quick: { slug: ({ workspace }) => workspace.slug, uuid: ({ workspace }) => workspace.uuid },
      })
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
    need: needs.readProfile,
    handle: (call) => {
      callerOf(call)
      const person = findPerson(call, call.params['user'] ?? '')
      if (person === undefined) throw notFound(`No such user: ${call.params['user']}`)
      return { body: renderAccount(call.sim, person) }
    },
  },
]

/** Listings across workspaces: alive in legacy mode, 410 since 2026-04-14. */
const crossWorkspace: Endpoint[] = [
  {
    method: 'GET',
    path: '/workspaces',
    need: needs.readWorkspaces,
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
    need: needs.readWorkspaces,
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
    need: needs.readOwnPermissions,
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
    need: needs.readSnippet,
    goneWith: 'CHANGE-2770',
    handle: (call) => listing(call, []),
  },
]

/** There are no snippets; the links of people and workspaces lead here. */
const snippets: Endpoint = {
  method: 'GET',
  path: '/snippets/:workspace',
  need: needs.readSnippet,
  handle: (call) => {
    if (!isPersonalWorkspace(call)) workspaceOf(call)
    return listing(call, [])
  },
}

export const peopleEndpoints: Endpoint[] = [...mine, ...crossWorkspace, snippets]
