import type { Person, Project, Workspace } from '../model.ts'
import { renderProject } from '../render/account.ts'
import { badRequest, forbidden } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { raiseWorkspaceEvent } from '../webhooks/raise-event.ts'
import { newProjectAdministration } from './new-administration.ts'
import { repositoriesIn } from './project-of.ts'

interface ProjectFields {
  key: string | undefined
  name: string | undefined
  description: string | undefined
  isPrivate: boolean | undefined
}

function readKey(workspace: Workspace, key: string | undefined): string {
  if (key === undefined) throw badRequest('Bad request', { key: ['required key not provided'] })
  if (!/^[A-Z][A-Z0-9_]*$/.test(key))
    throw badRequest('Bad request', {
      key: ['Project keys must start with a capital letter and only contain capital letters, numbers and underscores.'],
    })
  if (workspace.projects.some((one) => one.key === key))
    throw badRequest('Bad request', { __all__: ['Project with this Owner and Key already exists.'] })
  return key
}

/** Makes a project that its maker administers. */
export function createProject(
  sim: Sim,
  { workspace, actor }: { workspace: Workspace; actor: Person },
  fields: ProjectFields,
): Project {
  const { name } = fields
  const key = readKey(workspace, fields.key)
  if (name === undefined || name === '') throw badRequest('Bad request', { name: ['required key not provided'] })
  const createdOn = sim.now()
  const project: Project = {
    ...newProjectAdministration(),
    uuid: sim.newUuid(),
    key,
    name,
    description: fields.description ?? '',
    isPrivate: fields.isPrivate ?? true,
    createdOn,
    updatedOn: createdOn,
  }
  if (actor.kind === 'user') project.userPermissions.set(actor.uuid, 'admin')
  workspace.projects.push(project)
  return project
}

interface OnProject {
  workspace: Workspace
  project: Project
  actor: Person
}

/** A new key moves the project to another address. */
export function updateProject(sim: Sim, { workspace, project, actor }: OnProject, fields: ProjectFields): void {
  const key = fields.key === undefined || fields.key === project.key ? project.key : readKey(workspace, fields.key)
  const isPrivate = fields.isPrivate ?? project.isPrivate
  if (isPrivate && repositoriesIn(sim.repositories, project).some((one) => !one.isPrivate))
    throw badRequest('Bad request', { is_private: ['Private projects cannot contain public repositories.'] })
  const next = { key, name: fields.name ?? project.name, description: fields.description ?? project.description }
  const changes: Record<string, { old: string; new: string }> = {}
  for (const field of ['key', 'name', 'description'] as const) {
    if (next[field] !== project[field]) changes[field] = { old: project[field], new: next[field] }
    project[field] = next[field]
  }
  project.isPrivate = isPrivate
  project.updatedOn = sim.now()
  const payload = { project: renderProject(sim, workspace, project), changes }
  raiseWorkspaceEvent(sim, { event: 'project:updated', workspace, actor, payload })
}

/** Only an empty project goes. */
export function deleteProject(sim: Sim, { workspace, project }: OnProject): void {
  if (repositoriesIn(sim.repositories, project).length > 0)
    throw forbidden('You cannot delete a project that still contains repositories.')
  workspace.projects = workspace.projects.filter((one) => one !== project)
}
