import { Html, html } from '../../shared/html.ts'
import { listCommits } from '../git/commits.ts'
import { type GitRef, listRefs } from '../git/refs.ts'
import { dataTable, pageLinks } from './data-table.ts'
import { encodePath } from './encode-path.ts'
import { formNumber } from './form.ts'
import { lozenge, moment } from './layout.ts'
import { locate } from './source-location.ts'
import { type Answer, type RepositoryVisit, show } from './visit.ts'

const commitsPerPage = 30

function refFilter(refs: GitRef[], chosen: string | null): Html {
  return html`<form method="get" class="row"><label for="ref">Branch</label><select id="ref" name="ref"><option value="">all</option>${refs
    .filter((ref) => ref.kind === 'branch')
    .map(
      (ref) => html`<option${ref.name === chosen && new Html(' selected')}>${ref.name}</option>`,
    )}</select><button id="filter-commits">Show</button></form>`
}

/** Commits of all branches, or of `?ref=`. */
export async function showCommits(visit: RepositoryVisit): Promise<Answer> {
  const { repository, base } = visit
  const ref = visit.query.get('ref') || null
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
  const table = dataTable({
    label: 'Commits',
    id: 'commits',
    heads: ['Commit', 'Message', 'Author', 'Date'],
    rows: commits.slice(0, commitsPerPage).map((commit) => ({
      cells: [
        html`<a href="${base}/commits/${commit.hash}"><code>${commit.hash.slice(0, 7)}</code></a>`,
        commit.message.split('\n')[0],
        commit.author.replace(/ <.*/, ''),
        moment(commit.date),
      ],
    })),
  })
  const body = html`<h1>Commits</h1>${refFilter(refs, ref)}${
    commits.length === 0
      ? html`<p>There are no commits yet: clone the repository, commit and push.</p>`
      : html`${table}${pageLinks({ page, last: commits.length <= commitsPerPage, address })}`
  }`
  return show({ title: 'Commits', body, repository, tab: 'commits' })
}

export async function showBranches(visit: RepositoryVisit): Promise<Answer> {
  const { repository, base } = visit
  const branches = (await listRefs(repository.directory)).filter((ref) => ref.kind === 'branch')
  const rows = branches.map((ref) => {
    const pullRequest = repository.pullRequests.findLast(
      (one) => one.sourceRepository === undefined && one.sourceBranch === ref.name,
    )
    const isMain = ref.name === repository.mainBranch
    // Nothing new since it was merged: there would be no changes to pull.
    const hasNews = pullRequest === undefined || (pullRequest.state !== 'OPEN' && pullRequest.sourceHash !== ref.hash)
    const offer = html`<a href="${base}/pull-requests/new?${new URLSearchParams({ source: ref.name }).toString()}">Create</a>`
    return {
      cells: [
        html`<a href="${base}/src/${encodePath(ref.name)}/">${ref.name}</a>${isMain && html` <small>main branch</small>`}`,
        html`<a href="${base}/commits/${ref.hash}"><code>${ref.hash.slice(0, 7)}</code></a>`,
        html`${pullRequest !== undefined && html`<a href="${base}/pull-requests/${pullRequest.id}">#${pullRequest.id}</a> ${lozenge(pullRequest.state)} `}${
          !isMain && hasNews && offer
        }`,
        !isMain &&
          repository.mainBranch !== null &&
          html`<a href="${base}/branches/compare/${encodePath(ref.name)}..${encodePath(repository.mainBranch)}">Compare</a>`,
      ],
    }
  })
  const body = html`<h1>Branches</h1>${
    rows.length === 0
      ? html`<p>There are no branches yet: clone the repository, commit and push.</p>`
      : dataTable({ label: 'Branches', id: 'branches', heads: ['Branch', 'Commit', 'Pull request', 'Changes'], rows })
  }`
  return show({ title: 'Branches', body, repository, tab: 'branches' })
}
