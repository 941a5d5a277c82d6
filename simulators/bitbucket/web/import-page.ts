import { html } from '../../shared/html.ts'
import { reachWorkspace, workspaceRole } from '../auth/permission.ts'
import { importRepository } from '../operations/import-repository.ts'
import { projectToFill } from '../operations/project-of.ts'
import { formText } from './form.ts'
import { type Answer, type PersonVisit, principalOf, redirect, repositoryBase, show } from './visit.ts'

/** The form that copies a repository from elsewhere. */
export function showImport({ sim, person, query }: PersonVisit): Answer {
  const mine = sim.workspaces.filter((one) => workspaceRole(one, principalOf(person)) !== undefined)
  const body = html`<h1>Import a repository</h1><form method="post" action="/repo/import" class="narrow" id="import-form">
<label for="url">Address of the old repository</label><input id="url" name="url" type="url" required>
<label for="workspace">Workspace</label><select id="workspace" name="workspace">${mine.map(
    (one) => html`<option value="${one.slug}">${one.name}</option>`,
  )}</select>
<label for="project">Key of the project (optional)</label><input id="project" name="project" value="${query.get('project') ?? ''}">
<label for="name">Name</label><input id="name" name="name" required maxlength="62">
<button class="primary" id="import">Import repository</button></form>`
  return show({ title: 'Import a repository', body })
}

/** Imports, and shows what has come. */
export async function runImport({ sim, person, form }: PersonVisit): Promise<Answer> {
  const { workspace, role } = reachWorkspace(sim, principalOf(person), formText(form, 'workspace') ?? '')
  const key = formText(form, 'project') ?? ''
  const project = projectToFill({
    workspace,
    actor: person,
    project: key === '' ? undefined : key,
    isOwner: role === 'owner',
  })
  const name = formText(form, 'name') ?? ''
  const url = formText(form, 'url') ?? ''
  return redirect(repositoryBase(await importRepository(sim, { workspace, project, actor: person, name, url })))
}
