import { type JsonObject, stringAt } from '../../shared/json.ts'
import { type Need, needs } from '../auth/scopes.ts'
import { type Answer, type Call, type Endpoint, listItems, repositoryOf } from '../call.ts'
import type { Group, ProjectPermission } from '../model/administration.ts'
import type { Permission, Person, Workspace } from '../model.ts'
import { renderAccount } from '../render/account.ts'
import { apiProjectUrl, renderGroup } from '../render/administration.ts'
import { apiRepositoryUrl, href } from '../render/links.ts'
import { badRequest, forbidden, notFound } from '../simulator-error.ts'
import { getPerson } from './find-person.ts'
import { reachProject } from './reach-project.ts'

/** What gives rights: a repository or a project. */
interface Subject<Level extends string> {
  workspace: Workspace
  url: string
  /** By the UUID of a person. */
  users: Map<string, Level>
  /** By the slug of a group. */
  groups: Map<string, Level>
}

interface Kind<Level extends string> {
  name: 'repository' | 'project'
  base: string
  /** What can be granted; `none` is nothing to grant. */
  levels: readonly Level[]
  needs: { read: Need; write: Need; remove: Need }
  subjectOf: (call: Call) => Subject<Level>
}

/** Access tokens never get this far. OAuth tokens see permissions and change none. */
function assertMayChange({ principal }: Call): void {
  if (principal.kind === 'known' && principal.credential.kind === 'oauth')
    throw forbidden('This endpoint does not support this authentication method.')
}

function readLevel<Level extends string>(body: unknown, levels: readonly Level[]): Level {
  const wanted = stringAt(body, 'permission')
  const level = levels.find((one) => one === wanted)
  if (level !== undefined) return level
  const problem = wanted === undefined ? 'required key not provided' : `"${wanted}" is not a valid choice.`
  throw badRequest('Bad request', { permission: [problem] })
}

/** The person or group of the path: where its right is kept, and how it is shown. */
interface Grantee<Level extends string> {
  held: Map<string, Level>
  key: string
  render: (permission: Level | 'none') => JsonObject
}

interface GranteeKind {
  tail: 'users' | 'groups'
  parameter: string
  find: <Level extends string>(call: Call, kind: Kind<Level>, subject: Subject<Level>) => Grantee<Level>
  list: <Level extends string>(call: Call, kind: Kind<Level>, subject: Subject<Level>) => Answer
}

interface On<Level extends string> {
  kind: Kind<Level>
  subject: Subject<Level>
}

function renderUser<Level extends string>(
  call: Call,
  { kind, subject }: On<Level>,
  of: { person: Person; permission: Level | 'none' },
): JsonObject {
  return {
    type: `${kind.name}_user_permission`,
    user: renderAccount(call.sim, of.person),
    permission: of.permission,
    links: { self: href(`${subject.url}/permissions-config/users/${of.person.accountId}`) },
  }
}

function renderGroupRight<Level extends string>(
  call: Call,
  { kind, subject }: On<Level>,
  of: { group: Group; permission: Level | 'none' },
): JsonObject {
  return {
    type: `${kind.name}_group_permission`,
    group: renderGroup(call.sim, subject.workspace, of.group),
    permission: of.permission,
    links: { self: href(`${subject.url}/permissions-config/groups/${of.group.slug}`) },
  }
}

const users: GranteeKind = {
  tail: 'users',
  parameter: 'user',
  find: (call, kind, subject) => {
    const person = getPerson(call, call.params['user'] ?? '')
    return {
      held: subject.users,
      key: person.uuid,
      render: (permission) => renderUser(call, { kind, subject }, { person, permission }),
    }
  },
  list: (call, kind, subject) => {
    const held = call.sim.people.flatMap((person) => {
      const permission = subject.users.get(person.uuid)
      return permission === undefined ? [] : [{ person, permission }]
    })
    return listItems(call, held, { render: (one) => renderUser(call, { kind, subject }, one) })
  },
}

const groups: GranteeKind = {
  tail: 'groups',
  parameter: 'group',
  find: (call, kind, subject) => {
    const slug = call.params['group'] ?? ''
    const group = subject.workspace.groups.find((one) => one.slug === slug)
    if (group === undefined) throw notFound(`Group ${slug} not found`)
    return {
      held: subject.groups,
      key: group.slug,
      render: (permission) => renderGroupRight(call, { kind, subject }, { group, permission }),
    }
  },
  list: (call, kind, subject) => {
    const held = subject.workspace.groups.flatMap((group) => {
      const permission = subject.groups.get(group.slug)
      return permission === undefined ? [] : [{ group, permission }]
    })
    return listItems(call, held, { render: (one) => renderGroupRight(call, { kind, subject }, one) })
  },
}

/** Owners have everything anyway, and who is outside the workspace is invited elsewhere. */
function assertMayReceive(workspace: Workspace, uuid: string): void {
  const member = workspace.members.find(({ person }) => person.uuid === uuid)
  if (member === undefined) throw badRequest('The selected user is not a member of the workspace.')
  if (member.role === 'owner') throw badRequest('The permission of a workspace owner cannot be changed.')
}

function grantEndpoints<Level extends string>(kind: Kind<Level>, grantee: GranteeKind): Endpoint[] {
  const all = `${kind.base}/permissions-config/${grantee.tail}`
  const one = `${all}/:${grantee.parameter}`
  const reachToChange = (call: Call) => {
    assertMayChange(call)
    return kind.subjectOf(call)
  }
  return [
    {
      method: 'GET',
      path: all,
      need: kind.needs.read,
      handle: (call) => grantee.list(call, kind, kind.subjectOf(call)),
    },
    {
      method: 'GET',
      path: one,
      need: kind.needs.read,
      handle: (call) => {
        const { held, key, render } = grantee.find(call, kind, kind.subjectOf(call))
        return { body: render(held.get(key) ?? 'none') }
      },
    },
    {
      method: 'PUT',
      path: one,
      need: kind.needs.write,
      handle: (call) => {
        const subject = reachToChange(call)
        const { held, key, render } = grantee.find(call, kind, subject)
        if (grantee.tail === 'users') assertMayReceive(subject.workspace, key)
        const level = readLevel(call.body, kind.levels)
        held.set(key, level)
        return { body: render(level) }
      },
    },
    {
      method: 'DELETE',
      path: one,
      need: kind.needs.remove,
      handle: (call) => {
        const { held, key } = grantee.find(call, kind, reachToChange(call))
        held.delete(key)
        return { status: 204 }
      },
    },
  ]
}

const onRepository: Kind<Permission> = {
  name: 'repository',
  base: '/repositories/:workspace/:slug',
  levels: ['read', 'write', 'admin'],
  needs: { read: needs.readGrants, write: needs.writeGrant, remove: needs.deleteGrant },
  subjectOf: (call) => {
    const repository = repositoryOf(call, 'admin')
    return {
      workspace: repository.workspace,
      url: apiRepositoryUrl(call.sim, repository),
      users: repository.permissions,
      groups: repository.groupPermissions,
    }
  },
}

const onProject: Kind<ProjectPermission> = {
  name: 'project',
  base: '/workspaces/:workspace/projects/:key',
  levels: ['read', 'write', 'create-repo', 'admin'],
  needs: { read: needs.readProjectGrants, write: needs.writeProjectGrant, remove: needs.deleteProjectGrant },
  subjectOf: (call) => {
    const { workspace, project } = reachProject(call, 'admin')
    return {
      workspace,
      url: apiProjectUrl(call.sim, workspace, project),
      users: project.userPermissions,
      groups: project.groupPermissions,
    }
  },
}

export const permissionsConfigEndpoints: Endpoint[] = [
  ...grantEndpoints(onRepository, users),
  ...grantEndpoints(onRepository, groups),
  ...grantEndpoints(onProject, users),
  ...grantEndpoints(onProject, groups),
]
