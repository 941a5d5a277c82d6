import { html } from '../../shared/html.ts'
import type { PullRequest } from '../model.ts'
import { lozenge, moment } from './layout.ts'
import { scrollBox } from './scroll-box.ts'
import { type Answer, type RepositoryVisit, show } from './visit.ts'

const filters = ['OPEN', 'MERGED', 'DECLINED', 'SUPERSEDED', 'ALL'] as const

function row(base: string, one: PullRequest) {
  const tasks = one.tasks.filter((task) => task.state === 'UNRESOLVED').length
  return html`<tr><td><a href="${base}/pull-requests/${one.id}">#${one.id} ${one.title}</a><br>
<small>${one.author.displayName} · ${one.sourceBranch} → ${one.destinationBranch}</small></td><td>${lozenge(one.state)}</td>
<td>${one.comments.filter((comment) => !comment.deleted).length}</td><td>${tasks}</td><td>${moment(one.updatedOn)}</td></tr>`
}

const perPage = 50

export function showPullRequests(visit: RepositoryVisit): Answer {
  const { repository, base } = visit
  const wanted = visit.query.get('state')?.toUpperCase()
  const filter = filters.find((one) => one === wanted) ?? 'OPEN'
  const shown = repository.pullRequests.filter((one) => filter === 'ALL' || one.state === filter).toReversed()
  const page = Math.max(1, Math.trunc(Number(visit.query.get('page') ?? '1')) || 1)
  const start = (page - 1) * perPage
  const body = html`<h1>Pull requests</h1><p><a href="${base}/pull-requests/new" id="new-pull-request">Create pull request</a></p><nav class="tabs" aria-label="State">${filters.map(
    (one) =>
      one === filter
        ? html`<a href="?state=${one}" aria-current="page">${one.toLowerCase()}</a>`
        : html`<a href="?state=${one}">${one.toLowerCase()}</a>`,
  )}</nav>${
    shown.length === 0
      ? html`<p>No pull requests here.</p>`
      : scrollBox(
          'Pull requests',
          html`<table id="pull-requests"><thead><tr><th>Pull request</th><th>State</th><th>Comments</th><th>Tasks</th><th>Updated</th></tr></thead>
<tbody>${shown.slice(start, start + perPage).map((one) => row(base, one))}</tbody></table>`,
        )
  }<nav class="row" aria-label="Pages">${page > 1 && html`<a href="?state=${filter}&amp;page=${page - 1}" rel="prev">Newer</a>`}${
    start + perPage < shown.length && html`<a href="?state=${filter}&amp;page=${page + 1}" rel="next">Older</a>`
  }</nav>`
  return show({ title: 'Pull requests', body, repository, tab: 'pull-requests' })
}
