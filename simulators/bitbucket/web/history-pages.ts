import { html } from '../../shared/html.ts'
import { listCommits } from '../git/commits.ts'
import { listRefs } from '../git/refs.ts'
import { encodePath } from './encode-path.ts'
import { formNumber } from './form.ts'
import { moment } from './layout.ts'
import { scrollBox } from './scroll-box.ts'
import { locate } from './source-location.ts'
import { type Answer, type RepositoryVisit, show } from './visit.ts'

const commitsPerPage = 30

/** Commits of all branches, or of `?ref=`. */
export async function showCommits(visit: RepositoryVisit): Promise<Answer> {
  const { repository, base } = visit
  const ref = visit.query.get('ref')
  const refs = await listRefs(repository.directory)
  const include =
    ref === null
      ? refs.filter((one) => one.kind === 'branch').map((one) => one.hash)
      : [(await locate(repository, ref)).hash]
  const page = Math.max(1, formNumber(visit.query, 'page') ?? 1)
  const commits = await listCommits(repository.directory, {
    include,
    exclude: [],
    skip: (page - 1) * commitsPerPage,
    limit: commitsPerPage + 1,
  })
  const address = (number: number) =>
    `?${new URLSearchParams({ ...(ref === null ? {} : { ref }), page: String(number) }).toString()}`
  const table = html`<table id="commits"><thead><tr><th>Commit</th><th>Message</th><th>Author</th><th>Date</th></tr></thead>
<tbody>${commits.slice(0, commitsPerPage).map(
    (commit) => html`<tr><td><a href="${base}/commits/${commit.hash}"><code>${commit.hash.slice(0, 7)}</code></a></td>
<td>${commit.message.split('\n')[0]}</td><td>${commit.author.replace(/ <.*/, '')}</td><td>${moment(commit.date)}</td></tr>`,
  )}</tbody></table>`
  const body = html`<h1>Commits</h1>${scrollBox('Commits', table)}<nav class="row" aria-label="Pages">${page > 1 && html`<a href="${address(page - 1)}" rel="prev">Newer</a>`}${
    commits.length > commitsPerPage && html`<a href="${address(page + 1)}" rel="next">Older</a>`
  }</nav>`
  return show({ title: 'Commits', body, repository, tab: 'commits' })
}

export async function showBranches(visit: RepositoryVisit): Promise<Answer> {
  const { repository, base } = visit
  const branches = (await listRefs(repository.directory)).filter((ref) => ref.kind === 'branch')
  const body = html`<h1>Branches</h1><table id="branches"><thead><tr><th>Branch</th><th>Commit</th><th>Pull request</th></tr></thead><tbody>${branches.map(
    (ref) => {
      const pullRequest = repository.pullRequests.findLast((one) => one.sourceBranch === ref.name)
      return html`<tr><td><a href="${base}/src/${encodePath(ref.name)}/">${ref.name}</a>${ref.name === repository.mainBranch && html` <small>main branch</small>`}</td>
<td><a href="${base}/commits/${ref.hash}"><code>${ref.hash.slice(0, 7)}</code></a></td>
<td>${pullRequest !== undefined && html`<a href="${base}/pull-requests/${pullRequest.id}">#${pullRequest.id}</a>`}</td></tr>`
    },
  )}</tbody></table>`
  return show({ title: 'Branches', body, repository, tab: 'branches' })
}
