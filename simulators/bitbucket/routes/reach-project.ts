import { atLeastInProject, projectPermission } from '../auth/permission.ts'
import { type Call, callerOf, workspaceOf } from '../call.ts'
import type { ProjectPermission } from '../model/administration.ts'
import type { Person, Project, Workspace } from '../model.ts'
import { findProject } from '../operations/project-of.ts'
import { forbidden, notFound } from '../simulator-error.ts'

interface OnProject {
  workspace: Workspace
  project: Project
  actor: Person
}

/** The project of the path; with `wanted` only when the caller has that much in it. */
export function reachProject(call: Call, wanted?: ProjectPermission): OnProject {
  const { workspace, role } = workspaceOf(call)
  const actor = callerOf(call)
  const project = findProject(workspace, call.params['key'] ?? '')
  if (project === undefined) throw notFound('Project not found.')
  const may =
    wanted === undefined || role === 'owner' || atLeastInProject(projectPermission(workspace, project, actor), wanted)
  if (!may) throw forbidden('You do not have admin access to this project.')
  return { workspace, project, actor }
}
