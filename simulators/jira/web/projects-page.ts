import { type Html, html } from '../../shared/html.ts'
import { textToDocument } from '../adf/text-to-document.ts'
import { getProject, mayIn } from '../auth/permission.ts'
import type { Issue, Project } from '../model.ts'
import { createIssue, readDraft } from '../operations/issues.ts'
import { lozenge, moment } from './layout.ts'
import { type Answer, type PersonVisit, redirect, show } from './visit.ts'

/** Newest issues shown of a project. */
const issuesShown = 200

export function showProjects(visit: PersonVisit): Answer {
  const { sim, person } = visit
  const projects = sim.projects.filter((one) => mayIn(one, person, 'view'))
  const hooks = person.isSiteAdmin && html`<p><a href="/plugins/servlet/webhooks">Webhooks</a></p>`
  const body = html`<h1>Projects</h1>${
    projects.length === 0 ? html`<p>There is no project you may see.</p>` : null
  }<ul class="plain cards" id="projects">${projects.map(
    (one) =>
      html`<li><div><a href="/jira/projects/${one.key}">${one.name}</a> <code>${one.key}</code><br><small>${one.description}</small></div></li>`,
  )}</ul>${hooks}`
  return show({ title: 'Projects', body })
}

function row(issue: Issue): Html {
  return html`<tr id="row-${issue.key}"><td><a href="/browse/${issue.key}">${issue.key}</a></td><td>${issue.summary}</td>
<td>${lozenge(issue.status.name, issue.status.category)}</td><td>${issue.priority.name}</td><td>${issue.assignee?.displayName ?? 'Unassigned'}</td><td>${moment(issue.updated)}</td></tr>`
}

function projectOf(visit: PersonVisit): Project {
  return getProject(visit.sim, visit.person, visit.params['project'] ?? '')
}

export function showProject(visit: PersonVisit): Answer {
  const project = projectOf(visit)
  const wanted = (visit.query.get('search') ?? '').toLowerCase()
  const issues = visit.sim.issues
    .filter((one) => one.project === project && `${one.key} ${one.summary}`.toLowerCase().includes(wanted))
    .toReversed()
  const body = html`<nav class="path"><a href="/jira/projects">Projects</a></nav><h1>${project.name}</h1>
<div class="row"><form class="row" role="search"><input name="search" aria-label="Search" value="${visit.query.get('search') ?? ''}"><button>Search</button></form>
${mayIn(project, visit.person, 'work') && html`<a href="/jira/projects/${project.key}/create" id="create">Create</a>`}</div>
<div class="scroll"><table id="issues"><thead><tr><th>Key</th><th>Summary</th><th>Status</th><th>Priority</th><th>Assignee</th><th>Updated</th></tr></thead>
<tbody>${issues.slice(0, issuesShown).map(row)}</tbody></table></div>`
  return show({ title: project.name, body })
}

/** Kinds this page has an input for; the others are set by the API alone. */
function drawn(project: Project): Project['customFields'] {
  return project.customFields.filter(({ field }) => field.kind === 'select' || field.kind === 'text')
}

function customInputs(project: Project): Html {
  return html`${drawn(project).map(({ field, isRequired }) => {
    const label = html`<label for="${field.id}">${field.name}${isRequired && ' (required)'}</label>`
    if (field.kind !== 'select') return html`${label}<input id="${field.id}" name="${field.id}">`
    return html`${label}<select id="${field.id}" name="${field.id}"><option value="">None</option>${field.options.map(
      (one) => html`<option value="${one.id}">${one.value}</option>`,
    )}</select>`
  })}`
}

export function showCreate(visit: PersonVisit): Answer {
  const project = projectOf(visit)
  const action = `/jira/projects/${project.key}/create`
  const body = html`<nav class="path"><a href="/jira/projects/${project.key}">${project.name}</a></nav><h1>Create</h1>
<form method="post" action="${action}" id="new-issue" class="narrow">
<label for="issuetype">Type</label><select id="issuetype" name="issuetype">${project.issueTypes.map((one) => html`<option value="${one.id}">${one.name}</option>`)}</select>
<label for="summary">Summary</label><input id="summary" name="summary" required maxlength="254">
<label for="description">Description</label><textarea id="description" name="description" rows="6"></textarea>
<label for="priority">Priority</label><select id="priority" name="priority">${visit.sim.priorities.map(
    (one) => html`<option value="${one.id}" ${one.name === 'Medium' && 'selected'}>${one.name}</option>`,
  )}</select>
<label for="labels">Labels, with spaces between</label><input id="labels" name="labels">
${customInputs(project)}
<button class="primary" id="new-issue-save">Create</button></form>`
  return show({ title: 'Create', body })
}

/** Says what the form says in the words of the API, so that both are checked alike. */
export function create(visit: PersonVisit): Answer {
  const { sim, person, form } = visit
  const project = projectOf(visit)
  const text = (name: string) => form.get(name)?.trim() ?? ''
  const custom = drawn(project)
    .filter(({ field }) => text(field.id) !== '')
    .map(({ field }): [string, unknown] => [
      field.id,
      field.kind === 'select' ? { id: text(field.id) } : text(field.id),
    ])
  const fields = {
    project: { key: project.key },
    issuetype: { id: text('issuetype') },
    summary: text('summary'),
    description: text('description') === '' ? null : textToDocument(text('description')),
    priority: { id: text('priority') === '' ? '3' : text('priority') },
    labels: text('labels')
      .split(/\s+/)
      .filter((one) => one !== ''),
    ...Object.fromEntries(custom),
  }
  const draft = readDraft(sim, person, { fields })
  const issue = createIssue(sim, person, { ...draft, properties: new Map() })
  return redirect(`/browse/${issue.key}`)
}
