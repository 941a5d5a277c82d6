import { Html, html } from '../../shared/html.ts'
import { type Issue, issueKinds, issuePriorities, issueStates } from '../model.ts'
import { createIssue } from '../operations/issues.ts'
import { notFound } from '../simulator-error.ts'
import { formText } from './form.ts'
import { lozenge, moment } from './layout.ts'
import { type Answer, type RepositoryVisit, redirect, show } from './visit.ts'

/** The web addresses of the tracker answer 404 where it is gone or switched off. */
export function assertTracker(visit: RepositoryVisit): void {
  if (visit.sim.mode === '2026')
    throw notFound('The page you requested does not exist. Issue trackers have been removed from Bitbucket.')
  if (!visit.repository.hasIssues) throw notFound('Repository has no issue tracker.')
}

export function options(choices: readonly string[], chosen: string): Html {
  return html`${choices.map((one) => html`<option${one === chosen && new Html(' selected')}>${one}</option>`)}`
}

function row(base: string, issue: Issue): Html {
  return html`<tr><td><a href="${base}/issues/${issue.id}">#${issue.id} ${issue.title}</a></td><td>${lozenge(issue.state)}</td><td>${issue.kind}</td>
<td>${issue.priority}</td><td>${issue.assignee?.displayName}</td><td>${moment(issue.updatedOn)}</td></tr>`
}

const closedStates: readonly string[] = ['resolved', 'invalid', 'duplicate', 'wontfix', 'closed']

export function showIssues(visit: RepositoryVisit): Answer {
  assertTracker(visit)
  const { repository, base } = visit
  const filter = visit.query.get('state') ?? 'active'
  const matches = (issue: Issue) =>
    filter === 'all' || (filter === 'active' ? !closedStates.includes(issue.state) : issue.state === filter)
  const shown = repository.issues.filter(matches).toReversed()
  const body = html`<h1>Issues</h1><div class="row"><form method="get" class="row"><label for="state">State</label>
<select id="state" name="state">${options(['active', 'all', ...issueStates], filter)}</select><button id="filter-issues">Filter</button></form>
<a href="${base}/issues/new" id="new-issue">Create issue</a></div>${
    shown.length === 0
      ? html`<p>No issues here.</p>`
      : html`<div class="scroll"><table id="issues"><thead><tr><th>Issue</th><th>State</th><th>Kind</th><th>Priority</th><th>Assignee</th><th>Updated</th></tr></thead>
<tbody>${shown.map((one) => row(base, one))}</tbody></table></div>`
  }`
  return show({ title: 'Issues', body, repository, tab: 'issues' })
}

export function showNewIssue(visit: RepositoryVisit): Answer {
  assertTracker(visit)
  const body = html`<h1>Create issue</h1><form method="post" action="${visit.base}/issues" class="narrow" id="new-issue-form">
<label for="title">Title</label><input id="title" name="title" required maxlength="255">
<label for="content">Description</label><textarea id="content" name="content" rows="6"></textarea>
<label for="kind">Kind</label><select id="kind" name="kind">${options(issueKinds, 'bug')}</select>
<label for="priority">Priority</label><select id="priority" name="priority">${options(issuePriorities, 'major')}</select>
<button class="primary" id="create-issue">Create issue</button></form>`
  return show({ title: 'Create issue', body, repository: visit.repository, tab: 'issues' })
}

export function addIssue(visit: RepositoryVisit): Answer {
  assertTracker(visit)
  const { sim, repository, person: actor, form, base } = visit
  const issue = createIssue(
    sim,
    { repository, actor },
    {
      title: formText(form, 'title'),
      raw: formText(form, 'content'),
      kind: formText(form, 'kind'),
      priority: formText(form, 'priority'),
    },
  )
  return redirect(`${base}/issues/${issue.id}`)
}
