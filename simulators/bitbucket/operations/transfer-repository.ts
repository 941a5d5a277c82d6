import type { Project, Workspace } from '../model.ts'
import { renderOwner } from '../render/account.ts'
import type { Sim } from '../state.ts'
import { raiseEvent } from '../webhooks/raise-event.ts'
import { newProjectAdministration } from './new-administration.ts'
import type { Acting } from './pull-requests.ts'
import { assertSlugFree } from './repositories.ts'

function workspaceFor(sim: Sim, { actor }: Acting, slug: string): Workspace {
  const known = sim.workspaces.find((one) => one.slug === slug)
  if (known !== undefined) return known
  const workspace: Workspace = {
    uuid: sim.newUuid(),
    slug,
    name: slug,
    createdOn: sim.now(),
    members: [{ person: actor, role: 'owner' }],
    groups: [],
    projects: [],
  }
  sim.workspaces.push(workspace)
  return workspace
}

/** The project of the same key, or a new one. */
function projectFor(sim: Sim, { repository }: Acting, workspace: Workspace): Project {
  const { key, name, isPrivate } = repository.project
  const known = workspace.projects.find((one) => one.key === key)
  if (known !== undefined) return known
  const now = sim.now()
  const project: Project = {
    ...newProjectAdministration(),
    uuid: sim.newUuid(),
    key,
    name,
    isPrivate,
    description: '',
    createdOn: now,
    updatedOn: now,
  }
  workspace.projects.push(project)
  return project
}

/** Hands a repository to another workspace, where only its owners have rights to it; its old address is gone. */
export function transferRepository(sim: Sim, acting: Acting, slug: string): void {
  const { repository, actor } = acting
  const previous = repository.workspace
  if (previous.slug === slug) return
  const workspace = workspaceFor(sim, acting, slug)
  assertSlugFree(sim, workspace, repository.slug)
  raiseEvent(sim, {
    event: 'repo:transfer',
    repository,
    actor,
    payload: { previous_owner: renderOwner(sim, previous) },
  })
  repository.workspace = workspace
  repository.project = projectFor(sim, acting, workspace)
  repository.permissions.clear()
  repository.formerSlugs = []
  repository.updatedOn = sim.now()
}
