import { type Html, html } from '../../shared/html.ts'
import type { PullRequest } from '../model.ts'
import { branchNames } from './branch-names.ts'
import { dataTable, pageLinks } from './data-table.ts'
import { lozenge, moment } from './layout.ts'
import { type Answer, type RepositoryVisit, show } from './visit.ts'

const filters = ['OPEN', 'MERGED', 'DECLINED', 'SUPERSEDED', 'ALL'] as const

function row({ sim, repository, base }: RepositoryVisit, one: PullRequest) {
  const { source, destination } = branchNames(sim, { repository, pullRequest: one })
  const title = html`<a href="${base}/pull-requests/${one.id}">#${one.id} ${one.title}</a>${one.draft && html` ${lozenge('DRAFT')}`}<br>
<small>${one.author.displayName} · ${source} → ${destination}</small>`
  const comments = one.comments.filter((comment) => !comment.deleted).length
  const tasks = one.tasks.filter((task) => task.state === 'UNRESOLVED').length
  return { cells: [title, lozenge(one.state), comments, tasks, moment(one.updatedOn)] }
}

function empty(filter: string, base: string): Html {
  if (filter !== 'OPEN' && filter !== 'ALL')
    return html`<p>No pull request is ${filter.toLowerCase()}. <a href="?state=ALL">Look at all</a></p>`
  return html`<p>No ${filter === 'OPEN' && 'open '}pull requests. Push a branch, then <a href="${base}/pull-requests/new">create one</a>.</p>`
}

const perPage = 50

export function showPullRequests(visit: RepositoryVisit): Answer {
  const { repository, base } = visit
  const wanted = visit.query.get('state')?.toUpperCase()
  const filter = filters.find((one) => one === wanted) ?? 'OPEN'
  const shown = repository.pullRequests.filter((one) => filter === 'ALL' || one.state === filter).toReversed()
  const page = Math.max(1, Math.trunc(Number(visit.query.get('page') ?? '1')) || 1)
  const start = (page - 1) * perPage
  const body = html`<h1>Pull requests</h1><p><a href="${base}/pull-requests/new" id="new-pull-request" class="button">Create pull request</a></p><nav class="tabs" aria-label="State">${filters.map(
    (one) =>
      one === filter
        ? html`<a href="?state=${one}" aria-current="page">${one.toLowerCase()}</a>`
        : html`<a href="?state=${one}">${one.toLowerCase()}</a>`,
  )}</nav>${
    shown.length === 0
      ? empty(filter, base)
      : dataTable({
          label: 'Pull requests',
          id: 'pull-requests',
          heads: ['Pull request', 'State', 'Comments', 'Tasks', 'Updated'],
          rows: shown.slice(start, start + perPage).map((one) => row(visit, one)),
        })
  }${pageLinks({ page, last: start + perPage >= shown.length, address: (number) => `?state=${filter}&page=${number}` })}`
  return show({ title: 'Pull requests', body, repository, tab: 'pull-requests' })
}
