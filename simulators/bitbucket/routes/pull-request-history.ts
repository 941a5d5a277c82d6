import { activityPage, commitPage, cursorPage, numberedPage, readCursor, readPagelen } from '../answers/paging.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, type Call, type Endpoint, listItems, repositoryOf } from '../call.ts'
import { type GitCommit, listCommits } from '../git/commits.ts'
import type { PullRequest, Repository } from '../model.ts'
import { statusesOf } from '../operations/merge-checks.ts'
import { hasSourceBranch, sourceOf } from '../operations/pull-request-source.ts'
import { getPullRequest } from '../operations/pull-requests.ts'
import { queryable } from '../query/select-items.ts'
import { renderActivity } from '../render/activity.ts'
import { renderCommit, renderStatus } from '../render/commit.ts'
import { apiRepositoryUrl } from '../render/links.ts'
import { diffSpec } from '../render/pull-request.ts'
import { notFound } from '../simulator-error.ts'
import type { Happening, Sim } from '../state.ts'

const base = '/repositories/:workspace/:slug/pullrequests'

function reading(call: Call) {
  const repository = repositoryOf(call)
  const pullRequest = getPullRequest(repository, call.params['id'] ?? '')
  return { place: { sim: call.sim, repository }, repository, pullRequest }
}

/** Documented as unknown once the fork is gone, and as empty once the source branch is; merged ones still have them then. */
async function listOwnCommits(call: Call, repository: Repository, pullRequest: PullRequest): Promise<GitCommit[]> {
  const { directory } = repository
  const on = { repository, pullRequest }
  if (sourceOf(call.sim, on) === undefined) throw notFound('The source repository does not exist any more.')
  const keeps = pullRequest.state === 'MERGED' && call.sim.switches.commitsOfDeletedBranch === 'merged'
  if (!keeps && !(await hasSourceBranch(call.sim, on))) return []
  return await listCommits(directory, { include: [pullRequest.sourceHash], exclude: [pullRequest.destinationHash] })
}

async function commits(call: Call): Promise<Answer> {
  const { place, repository, pullRequest } = reading(call)
  const found = await listOwnCommits(call, repository, pullRequest)
  const render = (commit: GitCommit) => renderCommit(place, commit)
  const { size: _size, previous: _previous, ...page } = numberedPage(call, found, { size: commitPage, render })
  return { body: page }
}

function newestFirst(pullRequests: readonly PullRequest[]): Happening[] {
  return pullRequests
    .flatMap((pullRequest) => pullRequest.activity.map((activity) => ({ pullRequest, activity })))
    .toSorted((one, other) => (one.activity.date < other.activity.date ? 1 : -1))
}

/** What a long walk through a repository's pages asks for again and again; activity is only ever added. */
function ofRepository({ happenings }: Sim, repository: Repository): Happening[] {
  const count = repository.pullRequests.reduce((sum, one) => sum + one.activity.length, 0)
  const last = happenings.get(repository)
  if (last?.count === count) return last.all
  const all = newestFirst(repository.pullRequests)
  happenings.set(repository, { count, all })
  return all
}

function activities(call: Call, repository: Repository, happenings: readonly Happening[]): Answer {
  const place = { sim: call.sim, repository }
  const pagelen = readPagelen(call, activityPage)
  const offset = readCursor(call)
  const values = happenings
    .slice(offset, offset + pagelen + 1)
    .map(({ pullRequest, activity }) => renderActivity(place, pullRequest, activity))
  return { body: cursorPage(call, { values, pagelen, offset }) }
}

function statuses(call: Call): Answer {
  return listItems(call, statusesOf(call.sim, reading(call)), {
    queryable: queryable.status,
    render: ({ repository, status }) => renderStatus({ sim: call.sim, repository }, status),
  })
}

/** Leads on to the range of the pull request; what else was asked goes along. */
function redirectTo(kind: 'diff' | 'diffstat' | 'patch' | 'file-conflicts') {
  return (call: Call): Answer => {
    const { place, repository, pullRequest } = reading(call)
    const asked = new URLSearchParams(call.query)
    for (const name of ['from_pullrequest_id', 'topic']) asked.delete(name)
    const more = asked.size === 0 ? '' : `&${asked.toString()}`
    const location = `${apiRepositoryUrl(call.sim, repository)}/${kind}/${diffSpec(place, pullRequest)}${more}`
    return { status: 302, headers: { location } }
  }
}

export const pullRequestHistoryEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: `${base}/activity`,
    need: needs.readPullRequest,
    handle: (call) => {
      const repository = repositoryOf(call)
      return activities(call, repository, ofRepository(call.sim, repository))
    },
  },
  {
    method: 'GET',
    path: `${base}/:id/activity`,
    need: needs.readPullRequest,
    handle: (call) => {
      const { repository, pullRequest } = reading(call)
      return activities(call, repository, newestFirst([pullRequest]))
    },
  },
  { method: 'GET', path: `${base}/:id/commits`, need: needs.readPullRequest, handle: commits },
  { method: 'GET', path: `${base}/:id/statuses`, need: needs.readPullRequest, handle: statuses },
  { method: 'GET', path: `${base}/:id/diff`, need: needs.readPullRequest, handle: redirectTo('diff') },
  { method: 'GET', path: `${base}/:id/diffstat`, need: needs.readPullRequest, handle: redirectTo('diffstat') },
  { method: 'GET', path: `${base}/:id/patch`, need: needs.readPullRequest, handle: redirectTo('patch') },
  { method: 'GET', path: `${base}/:id/conflicts`, need: needs.readPullRequest, handle: redirectTo('file-conflicts') },
]
