import { atLeastInProject, projectPermission } from '../auth/permission.ts'
import type { Person, Project, Repository, Workspace } from '../model.ts'
import { badRequest } from '../simulator-error.ts'

/** A project by its key or UUID. */
export function findProject(workspace: Workspace, name: string): Project | undefined {
  return workspace.projects.find((one) => one.key === name || one.uuid === name)
}

interface Wish {
  workspace: Workspace
  actor: Person
  /** A key or UUID; undefined: the oldest project. */
  project: string | undefined
  /** Whose token acts for the whole workspace needs no rights of their own. */
  isOwner: boolean
}

/** The project a new repository goes into. Throws 400, as the remote does, for one that the actor may not add to. */
export function projectToFill({ workspace, actor, project: name, isOwner }: Wish): Project {
  const oldest = workspace.projects.toSorted((one, other) => (one.createdOn < other.createdOn ? -1 : 1))[0]
  const project = name === undefined ? oldest : findProject(workspace, name)
  if (project === undefined) {
    throw badRequest('Bad request', {
      project: [name === undefined ? 'This field is required.' : `Project "${name}" not found.`],
    })
  }
  if (!isOwner && !atLeastInProject(projectPermission(workspace, project, actor), 'create-repo'))
    throw badRequest("You can't create repositories under this project")
  return project
}

/** Private projects hold private repositories only. */
export function assertPrivacyFits(project: Project, isPrivate: boolean): void {
  if (project.isPrivate && !isPrivate)
    throw badRequest('Bad request', { is_private: ['Private projects cannot contain public repositories.'] })
}

export function repositoriesIn(repositories: readonly Repository[], project: Project): Repository[] {
  return repositories.filter((one) => one.project === project)
}
