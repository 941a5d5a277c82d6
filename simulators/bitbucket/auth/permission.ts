import type { ProjectPermission } from '../model/administration.ts'
import type { Credential, Permission, Person, Project, Repository, Workspace, WorkspaceRole } from '../model.ts'
import { forbidden, notFound, SimulatorError } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { anonymousRefusal, type Principal } from './authenticate.ts'

const ranks: Record<Permission, number> = { none: 0, read: 1, write: 2, admin: 3 }

export function atLeast(has: Permission, wanted: Permission): boolean {
  return ranks[has] >= ranks[wanted]
}

/** An API token stands for its person; access tokens and app users have rights of their own. */
function actsAsItself(credential: Credential): boolean {
  return credential.kind === 'access_token' || credential.kind === 'oauth'
}

function reaches(resource: NonNullable<Credential['resource']>, repository: Repository): boolean {
  switch (resource.kind) {
    case 'workspace':
      return resource.uuid === repository.workspace.uuid
    case 'project':
      return resource.uuid === repository.project.uuid
    case 'repository':
      return resource.uuid === repository.uuid
    default:
      return resource.kind satisfies never
  }
}

export function workspaceRole(workspace: Workspace, principal: Principal): WorkspaceRole | undefined {
  if (principal.kind === 'anonymous') return undefined
  const { credential, person } = principal
  const { resource } = credential
  if (resource !== null) {
    if (resource.kind !== 'workspace' || resource.uuid !== workspace.uuid) return undefined
    if (actsAsItself(credential)) return 'owner'
  }
  return workspace.members.find((member) => member.person.uuid === person.uuid)?.role
}

const projectRanks: Record<ProjectPermission, number> = { read: 1, write: 2, 'create-repo': 3, admin: 4 }

export function atLeastInProject(has: ProjectPermission | undefined, wanted: ProjectPermission): boolean {
  return has !== undefined && projectRanks[has] >= projectRanks[wanted]
}

function groupsOf(workspace: Workspace, person: Person): string[] {
  return workspace.groups.filter(({ members }) => members.includes(person)).map(({ slug }) => slug)
}

function isOwner(workspace: Workspace, person: Person): boolean {
  return workspace.members.some((one) => one.role === 'owner' && one.person.uuid === person.uuid)
}

/** What a project gives a person, directly or by a group; owners of its workspace may everything. */
export function projectPermission(
  workspace: Workspace,
  project: Project,
  person: Person,
): ProjectPermission | undefined {
  return isOwner(workspace, person) ? 'admin' : projectGrant(workspace, project, person)
}

function projectGrant(workspace: Workspace, project: Project, person: Person): ProjectPermission | undefined {
  const granted = [
    project.userPermissions.get(person.uuid),
    ...groupsOf(workspace, person).map((slug) => project.groupPermissions.get(slug)),
  ].filter((one) => one !== undefined)
  return granted.toSorted((one, other) => projectRanks[other] - projectRanks[one])[0]
}

/** The most of what repository and project grant a person, directly or by a group; their tokens may have less. */
export function grantedTo(repository: Repository, person: Person): Permission {
  return isOwner(repository.workspace, person) ? 'admin' : grantedToMember(repository, person)
}

/** The same of somebody who is known not to own the workspace. */
export function grantedToMember(repository: Repository, person: Person): Permission {
  const { workspace, project } = repository
  const byProject = projectGrant(workspace, project, person) ?? 'none'
  const all: Permission[] = [
    byProject === 'create-repo' ? 'write' : byProject,
    repository.permissions.get(person.uuid) ?? 'none',
    ...groupsOf(workspace, person).map((slug) => repository.groupPermissions.get(slug) ?? 'none'),
  ]
  return all.reduce((most, one) => (atLeast(one, most) ? one : most))
}

/** What someone may do in a repository: an access token everything in its place, others what they are granted. */
export function permissionOf(repository: Repository, principal: Principal): Permission {
  const open: Permission = repository.isPrivate ? 'none' : 'read'
  if (principal.kind === 'anonymous') return open
  const { credential, person } = principal
  const { resource } = credential
  if (resource !== null) {
    if (!reaches(resource, repository)) return open
    if (actsAsItself(credential)) return 'admin'
  }
  if (workspaceRole(repository.workspace, principal) === 'owner') return 'admin'
  const granted = grantedTo(repository, person)
  return atLeast(granted, open) ? granted : open
}

/** `{}` stands for any workspace when the repository is named by its UUID. */
export function findWorkspace(sim: Sim, name: string): Workspace | undefined {
  const slug = name.toLowerCase()
  return sim.workspaces.find((one) => one.slug === slug || one.uuid === name)
}

export function findRepository(sim: Sim, workspaceName: string, name: string): Repository | undefined {
  const anyWorkspace = workspaceName === '{}'
  const workspaceSlug = workspaceName.toLowerCase()
  const inWorkspace = (one: Repository) =>
    anyWorkspace || one.workspace.slug === workspaceSlug || one.workspace.uuid === workspaceName
  if (name.startsWith('{')) return sim.repositories.find((one) => one.uuid === name && inWorkspace(one))
  if (anyWorkspace) return undefined
  const slug = name.toLowerCase()
  return sim.repositories.find((one) => one.slug === slug && inWorkspace(one))
}

interface RepositoryQuestion {
  workspace: string
  slug: string
  wanted: Permission
}

/** The repository a call is about, when the caller may do what it wants; throws the remote's refusal otherwise. */
export function reachRepository(sim: Sim, principal: Principal, question: RepositoryQuestion): Repository {
  const repository = findRepository(sim, question.workspace, question.slug)
  const name = `Repository ${question.workspace}/${question.slug}`
  if (repository === undefined) {
    if (principal.kind === 'anonymous') throw anonymousRefusal(sim, name)
    throw notFound(`${name} not found`)
  }
  const has = permissionOf(repository, principal)
  if (atLeast(has, question.wanted)) return repository
  if (principal.kind === 'anonymous') throw anonymousRefusal(sim, name)
  if (has !== 'none') throw forbidden('Forbidden')
  if (sim.switches.hiddenRepositoryStatus === 404) throw notFound(`${name} not found`)
  throw forbidden('You do not have access to this repository.')
}

export function reachWorkspace(
  sim: Sim,
  principal: Principal,
  name: string,
): { workspace: Workspace; role: WorkspaceRole } {
  if (principal.kind === 'anonymous') throw anonymousRefusal(sim, `Workspace ${name}`)
  const workspace = findWorkspace(sim, name)
  if (workspace === undefined) throw notFound(`No workspace with identifier '${name}'.`)
  const role = workspaceRole(workspace, principal)
  if (role === undefined) throw forbidden('You do not have access to this workspace.')
  return { workspace, role }
}

/** Writes need someone to write as. */
export function assertKnown(
  sim: Sim,
  principal: Principal,
): asserts principal is Extract<Principal, { kind: 'known' }> {
  if (principal.kind !== 'known') throw anonymousRefusal(sim, 'Resource')
}

export function assertOwner(role: WorkspaceRole): void {
  if (role !== 'owner') throw new SimulatorError(403, 'Forbidden')
}
