import { Html, html, type Part } from '../../shared/html.ts'
import { closedIssueStates, type Issue, issueKinds, issuePriorities, issueStates } from '../model/issue-tracker.ts'
import { notFound } from '../simulator-error.ts'
import { dataTable } from './data-table.ts'
import { lozenge, moment } from './layout.ts'
import { type Answer, mayIn, type RepositoryVisit, show } from './visit.ts'

/** The web addresses of the tracker answer 404 where it is gone or switched off. */
export function assertTracker(visit: RepositoryVisit): void {
  if (visit.sim.mode === '2026')
    throw notFound('The page you requested does not exist. Issue trackers have been removed from Bitbucket.')
  if (!visit.repository.hasIssues) throw notFound('Repository has no issue tracker.')
}

export function options(choices: readonly string[], chosen: string): Html {
  return html`${choices.map((one) => html`<option${one === chosen && new Html(' selected')}>${one}</option>`)}`
}

/** A menu of a filter or form: its label and its choices; one that is empty stands for `none`. */
export function menu(
  name: string,
  label: string,
  choice: { of: readonly string[]; chosen: string; none?: string },
): Html {
  const none = choice.none !== undefined && html`<option value="">${choice.none}</option>`
  return html`<label for="${name}">${label}</label><select id="${name}" name="${name}">${none}${options(choice.of, choice.chosen)}</select>`
}

const shownOnAPage = 25

interface Filter {
  state: string
  kind: string
  priority: string
  text: string
}

function readFilter({ query }: RepositoryVisit): Filter {
  return {
    state: query.get('state') ?? 'active',
    kind: query.get('kind') ?? '',
    priority: query.get('priority') ?? '',
    text: query.get('text') ?? '',
  }
}

function matches(issue: Issue, filter: Filter): boolean {
  const text = filter.text.trim().toLowerCase()
  return (
    (filter.state === 'all' ||
      (filter.state === 'active' ? !closedIssueStates.includes(issue.state) : issue.state === filter.state)) &&
    (filter.kind === '' || issue.kind === filter.kind) &&
    (filter.priority === '' || issue.priority === filter.priority) &&
    (text === '' || `#${issue.id} ${issue.title}\n${issue.raw}`.toLowerCase().includes(text))
  )
}

function row(base: string, issue: Issue) {
  return {
    cells: [
      html`<a href="${base}/issues/${issue.id}">#${issue.id} ${issue.title}</a>`,
      lozenge(issue.state),
      issue.kind,
      issue.priority,
      issue.assignee?.displayName ?? html`<small>nobody</small>`,
      issue.voters.length,
      moment(issue.updatedOn),
    ],
  }
}

function filterForm(filter: Filter): Html {
  return html`<form method="get" class="row" id="issue-filter">
${menu('state', 'State', { of: ['active', 'all', ...issueStates], chosen: filter.state })}
${menu('kind', 'Kind', { of: issueKinds, chosen: filter.kind, none: 'any' })}
${menu('priority', 'Priority', { of: issuePriorities, chosen: filter.priority, none: 'any' })}
<label for="text">Text</label><input id="text" name="text" class="short" value="${filter.text}"><button id="filter-issues">Filter</button></form>`
}

function pages(visit: RepositoryVisit, page: number, count: number): Part {
  const link = (to: number, label: string) => {
    const query = new URLSearchParams(visit.query)
    query.set('page', String(to))
    return html`<a href="${visit.base}/issues?${query.toString()}">${label}</a>`
  }
  const last = Math.max(1, Math.ceil(count / shownOnAPage))
  if (last === 1) return null
  return html`<nav class="row" aria-label="Pages">${page > 1 && link(page - 1, 'Newer')} Page ${page} of ${last} ${page < last && link(page + 1, 'Older')}</nav>`
}

export function showIssues(visit: RepositoryVisit): Answer {
  assertTracker(visit)
  const { repository, base, person } = visit
  const filter = readFilter(visit)
  const found = repository.issues.filter((issue) => matches(issue, filter)).toReversed()
  const page = Math.max(1, Number.parseInt(visit.query.get('page') ?? '1', 10) || 1)
  const shown = found.slice((page - 1) * shownOnAPage, page * shownOnAPage)
  const settings =
    mayIn(repository, person, 'admin') && html`<a href="${base}/admin/issues" id="issue-settings">Issue settings</a>`
  const body = html`<h1>Issues</h1>${filterForm(filter)}
<p class="row"><a href="${base}/issues/new" id="new-issue" class="button">Create issue</a> ${settings} <small id="issue-count">${found.length} found</small></p>${
    shown.length === 0
      ? html`<p>${repository.issues.length === 0 ? 'This repository has no issues yet: create the first.' : html`No issue is like this. <a href="?state=all">Look at all</a>`}</p>`
      : dataTable({
          label: 'Issues',
          id: 'issues',
          heads: ['Issue', 'State', 'Kind', 'Priority', 'Assignee', 'Votes', 'Updated'],
          rows: shown.map((one) => row(base, one)),
        })
  }${pages(visit, page, found.length)}`
  return show({ title: 'Issues', body, repository, tab: 'issues' })
}
