import type { Permission, Repository, Workspace, WorkspaceRole } from '../model.ts'
import { forbidden, notFound, SimulatorError } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { anonymousRefusal, type Principal } from './authenticate.ts'

const ranks: Record<Permission, number> = { none: 0, read: 1, write: 2, admin: 3 }

export function atLeast(has: Permission, wanted: Permission): boolean {
  return ranks[has] >= ranks[wanted]
}

export function workspaceRole(workspace: Workspace, principal: Principal): WorkspaceRole | undefined {
  if (principal.kind === 'anonymous') return undefined
  const { credential, person } = principal
  if (credential.resource !== null) {
    return credential.resource.kind === 'workspace' && credential.resource.uuid === workspace.uuid ? 'owner' : undefined
  }
  return workspace.members.find((member) => member.person.uuid === person.uuid)?.role
}

/** What someone may do in a repository: owners of the workspace everything, others what the repository grants. */
export function permissionOf(repository: Repository, principal: Principal): Permission {
  const open: Permission = repository.isPrivate ? 'none' : 'read'
  if (principal.kind === 'anonymous') return open
  const { credential, person } = principal
  if (credential.resource?.kind === 'repository') return credential.resource.uuid === repository.uuid ? 'admin' : open
  if (workspaceRole(repository.workspace, principal) === 'owner') return 'admin'
  return repository.permissions.get(person.uuid) ?? open
}

/** `{}` stands for any workspace when the repository is named by its UUID. */
export function findWorkspace(sim: Sim, name: string): Workspace | undefined {
  return sim.workspaces.find((one) => one.slug === name || one.uuid === name)
}

export function findRepository(sim: Sim, workspaceName: string, name: string): Repository | undefined {
  const anyWorkspace = workspaceName === '{}'
  const inWorkspace = (one: Repository) =>
    anyWorkspace || one.workspace.slug === workspaceName || one.workspace.uuid === workspaceName
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
