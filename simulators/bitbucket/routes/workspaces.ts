import { permissionPage } from '../answers/paging.ts'
import { assertOwner, grantedToMember } from '../auth/permission.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, type Call, type Endpoint, listItems, repositoryOf, workspaceOf } from '../call.ts'
import type { Repository, Workspace } from '../model.ts'
import { queryable } from '../query/select-items.ts'
import { renderAccount, renderMembership, renderWorkspace } from '../render/account.ts'
import { renderRepositoryReference } from '../render/repository.ts'
import { badRequest, forbidden, notFound } from '../simulator-error.ts'

const emailsAtMost = 90

/** Administrators may look people up by address; they see the addresses they asked for, and no others. */
function members(call: Call): Answer {
  const { workspace, role } = workspaceOf(call)
  const query = call.query.get('q') ?? ''
  const isByEmail = query.includes('user.email')
  if (isByEmail && role !== 'owner') throw forbidden('Only administrators can filter by e-mail address.')
  const asked = new Set(isByEmail ? [...query.matchAll(/"([^"]*)"/g)].map(([, text = '']) => text.toLowerCase()) : [])
  if (asked.size > emailsAtMost) throw badRequest(`You can query up to ${emailsAtMost} email addresses at a time.`)
  return listItems(call, workspace.members, {
    queryable: queryable.member,
    size: permissionPage,
    hidden: ['user.email'],
    render: ({ person }) =>
      renderMembership(call.sim, { workspace, person, withEmail: asked.has(person.email.toLowerCase()) }),
  })
}

/** The rights of each member, the highest they have from anywhere; who has none is left out. */
function repositoryPermissions(call: Call, workspace: Workspace, repositories: readonly Repository[]): Answer {
  const rights = repositories.flatMap((repository) =>
    workspace.members.flatMap(({ person, role }) => {
      const permission = role === 'owner' ? 'admin' : grantedToMember(repository, person)
      return permission === 'none' ? [] : [{ repository, person, permission }]
    }),
  )
  return listItems(call, rights, {
    queryable: queryable.permission,
    render: ({ repository, person, permission }) => ({
      type: 'repository_permission',
      permission,
      user: renderAccount(call.sim, person),
      repository: renderRepositoryReference(call.sim, repository),
    }),
    quick: {
      permission: (one) => one.permission,
      'repository.name': (one) => one.repository.name,
      'repository.uuid': (one) => one.repository.uuid,
      'user.uuid': (one) => one.person.uuid,
      'user.account_id': (one) => one.person.accountId,
      'user.display_name': (one) => one.person.displayName,
    },
  })
}

const base = '/workspaces/:workspace'

export const workspaceEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: base,
    need: needs.readAnyWorkspace,
    handle: (call) => ({ body: renderWorkspace(call.sim, workspaceOf(call).workspace) }),
  },
  { method: 'GET', path: `${base}/members`, need: needs.readWorkspace, handle: members },
  {
    method: 'GET',
    path: `${base}/members/:member`,
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
    path: `${base}/permissions`,
    need: needs.readWorkspace,
    handle: (call) => {
      const { workspace } = workspaceOf(call)
      return listItems(call, workspace.members, {
        queryable: queryable.member,
        size: permissionPage,
        render: ({ person, role }) => renderMembership(call.sim, { workspace, person, role, withEmail: false }),
        quick: { permission: ({ role }) => role },
      })
    },
  },
  {
    method: 'GET',
    path: `${base}/permissions/repositories`,
    need: needs.readPermissions,
    handle: (call) => {
      const { workspace, role } = workspaceOf(call)
      assertOwner(role)
      return repositoryPermissions(
        call,
        workspace,
        call.sim.repositories.filter((one) => one.workspace === workspace),
      )
    },
  },
  {
    method: 'GET',
    path: `${base}/permissions/repositories/:slug`,
    need: needs.readRepository,
    handle: (call) => {
      const repository = repositoryOf(call, 'admin')
      return repositoryPermissions(call, repository.workspace, [repository])
    },
  },
]
