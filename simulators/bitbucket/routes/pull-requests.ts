import { at, booleanAt, stringAt } from '../../shared/json.ts'
import {
  activityPage,
  commitPage,
  cursorPage,
  numberedPage,
  pullRequestPage,
  readCursor,
  readPagelen,
} from '../answers/paging.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, actingOn, type Call, type Endpoint, listItems, listing, repositoryOf } from '../call.ts'
import { type GitCommit, listCommits } from '../git/commits.ts'
import { mergeStrategies } from '../git/merge.ts'
import type { Person, PullRequest } from '../model.ts'
import { mergePullRequest } from '../operations/merge-pull-request.ts'
import {
  createPullRequest,
  declinePullRequest,
  getPullRequest,
  giveVerdict,
  type OnPullRequest,
  updatePullRequest,
  withdrawVerdict,
} from '../operations/pull-requests.ts'
import { queryable } from '../query/select-items.ts'
import { renderActivity } from '../render/activity.ts'
import { renderCommit, renderStatus } from '../render/commit.ts'
import { apiRepositoryUrl } from '../render/links.ts'
import { diffSpec, renderParticipant, renderPullRequest } from '../render/pull-request.ts'
import { badRequest, notFound } from '../simulator-error.ts'

const base = '/repositories/:workspace/:slug/pullrequests'
const hiddenInLists = ['reviewers', 'participants', 'rendered']

export function onPullRequest(call: Call): OnPullRequest {
  const acting = actingOn(call)
  return { ...acting, pullRequest: getPullRequest(acting.repository, call.params['id'] ?? '') }
}

function reading(call: Call) {
  const repository = repositoryOf(call)
  return {
    place: { sim: call.sim, repository },
    repository,
    pullRequest: getPullRequest(repository, call.params['id'] ?? ''),
  }
}

function answer(call: Call, on: OnPullRequest): Answer {
  return { body: renderPullRequest({ sim: call.sim, repository: on.repository }, on.pullRequest) }
}

function readReviewers(call: Call): Person[] | undefined {
  const reviewers = at(call.body, 'reviewers')
  if (reviewers === undefined) return undefined
  if (!Array.isArray(reviewers)) throw badRequest('Bad request', { reviewers: ['Expected a list.'] })
  return reviewers.map((one) => {
    const id = stringAt(one, 'uuid') ?? stringAt(one, 'account_id')
    const person = call.sim.people.find((other) => other.uuid === id || other.accountId === id)
    if (person === undefined) throw badRequest('Bad request', { reviewers: [`${id ?? 'unknown'} is not a valid user`] })
    return person
  })
}

function list(call: Call): Answer {
  const repository = repositoryOf(call)
  const states = call.query.getAll('state').flatMap((text) => text.toUpperCase().split(','))
  const all = states.includes('ALL') || (states.length === 0 && /\bstate\b/.test(call.query.get('q') ?? ''))
  const wanted = states.length === 0 ? ['OPEN'] : states
  const found = repository.pullRequests.filter((one) => all || wanted.includes(one.state)).toReversed()
  return listItems(call, found, {
    queryable: queryable.pullRequest,
    size: pullRequestPage,
    hidden: hiddenInLists,
    render: (one) => renderPullRequest({ sim: call.sim, repository }, one),
    quick: {
      id: (one) => one.id,
      title: (one) => one.title,
      state: (one) => one.state,
      draft: (one) => one.draft,
      created_on: (one) => one.createdOn,
      updated_on: (one) => one.updatedOn,
      'source.branch.name': (one) => one.sourceBranch,
      'destination.branch.name': (one) => one.destinationBranch,
      'author.uuid': (one) => one.author.uuid,
      'author.account_id': (one) => one.author.accountId,
      'author.nickname': (one) => one.author.displayName,
    },
  })
}

async function create(call: Call): Promise<Answer> {
  const acting = actingOn(call)
  const title = stringAt(call.body, 'title')
  const sourceBranch = stringAt(call.body, 'source', 'branch', 'name')
  if (title === undefined || title === '') throw badRequest('Bad request', { title: ['required key not provided'] })
  if (sourceBranch === undefined) throw badRequest('Bad request', { source: ['required key not provided'] })
  const pullRequest = await createPullRequest(call.sim, acting, {
    title,
    sourceBranch,
    description: stringAt(call.body, 'description') ?? '',
    destinationBranch: stringAt(call.body, 'destination', 'branch', 'name'),
    closeSourceBranch: booleanAt(call.body, 'close_source_branch') ?? false,
    draft: booleanAt(call.body, 'draft') ?? false,
    reviewers: readReviewers(call) ?? [],
  })
  const place = { sim: call.sim, repository: acting.repository }
  return {
    status: 201,
    body: renderPullRequest(place, pullRequest),
    headers: { location: `${apiRepositoryUrl(call.sim, acting.repository)}/pullrequests/${pullRequest.id}` },
  }
}

async function update(call: Call): Promise<Answer> {
  const on = onPullRequest(call)
  await updatePullRequest(call.sim, on, {
    title: stringAt(call.body, 'title'),
    description: stringAt(call.body, 'description') ?? stringAt(call.body, 'summary', 'raw'),
    draft: booleanAt(call.body, 'draft'),
    closeSourceBranch: booleanAt(call.body, 'close_source_branch'),
    reviewers: readReviewers(call),
    destinationBranch: stringAt(call.body, 'destination', 'branch', 'name'),
  })
  return answer(call, on)
}

async function merge(call: Call): Promise<Answer> {
  const acting = actingOn(call, 'write')
  const on = { ...acting, pullRequest: getPullRequest(acting.repository, call.params['id'] ?? '') }
  const wanted = stringAt(call.body, 'merge_strategy') ?? 'merge_commit'
  const strategy = mergeStrategies.find((one) => one === wanted)
  if (strategy === undefined)
    throw badRequest('Bad request', { merge_strategy: [`"${wanted}" is not a valid choice.`] })
  await mergePullRequest(call.sim, on, {
    strategy,
    message: stringAt(call.body, 'message'),
    closeSourceBranch: booleanAt(call.body, 'close_source_branch'),
  })
  return answer(call, on)
}

async function commits(call: Call): Promise<Answer> {
  const { place, repository, pullRequest } = reading(call)
  const found = await listCommits(repository.directory, {
    include: [pullRequest.sourceHash],
    exclude: [pullRequest.destinationHash],
  })
  const render = (commit: GitCommit) => renderCommit(place, commit)
  const { size: _size, previous: _previous, ...page } = numberedPage(call, found, { size: commitPage, render })
  return { body: page }
}

function activities(call: Call, pullRequests: PullRequest[]): Answer {
  const place = { sim: call.sim, repository: repositoryOf(call) }
  const records = pullRequests
    .flatMap((pullRequest) => pullRequest.activity.map((activity) => ({ pullRequest, activity })))
    .toSorted((one, other) => (one.activity.date < other.activity.date ? 1 : -1))
  const pagelen = readPagelen(call, activityPage)
  const offset = readCursor(call)
  const values = records
    .slice(offset, offset + pagelen + 1)
    .map(({ pullRequest, activity }) => renderActivity(place, pullRequest, activity))
  return { body: cursorPage(call, { values, pagelen, offset }) }
}

function redirectTo(kind: 'diff' | 'diffstat' | 'patch') {
  return (call: Call): Answer => {
    const { repository, pullRequest } = reading(call)
    return {
      status: 302,
      headers: { location: `${apiRepositoryUrl(call.sim, repository)}/${kind}/${diffSpec(repository, pullRequest)}` },
    }
  }
}

function verdictEndpoints(path: string, verdict: 'approved' | 'changes_requested'): Endpoint[] {
  return [
    {
      method: 'POST',
      path: `${base}/:id/${path}`,
      need: needs.writePullRequest,
      handle: (call) => ({ body: renderParticipant(call.sim, giveVerdict(call.sim, onPullRequest(call), verdict)) }),
    },
    {
      method: 'DELETE',
      path: `${base}/:id/${path}`,
      need: needs.withdrawReview,
      handle: (call) => {
        withdrawVerdict(call.sim, onPullRequest(call), verdict)
        return { status: 204 }
      },
    },
  ]
}

function statuses(call: Call): Answer {
  const { place, repository, pullRequest } = reading(call)
  const records = repository.statuses
    .filter((one) => one.hash === pullRequest.sourceHash)
    .map((one) => renderStatus(place, one))
  return listing(call, records, { queryable: queryable.status })
}

export const pullRequestEndpoints: Endpoint[] = [
  { method: 'GET', path: base, need: needs.readPullRequest, handle: list },
  { method: 'POST', path: base, need: needs.writePullRequest, handle: create },
  {
    method: 'GET',
    path: `${base}/activity`,
    need: needs.readPullRequest,
    handle: (call) => activities(call, repositoryOf(call).pullRequests),
  },
  {
    method: 'GET',
    path: `${base}/:id`,
    need: needs.readPullRequest,
    handle: (call) => {
      const { place, pullRequest } = reading(call)
      return { body: renderPullRequest(place, pullRequest) }
    },
  },
  { method: 'PUT', path: `${base}/:id`, need: needs.writePullRequest, handle: update },
  {
    method: 'GET',
    path: `${base}/:id/activity`,
    need: needs.readPullRequest,
    handle: (call) => activities(call, [reading(call).pullRequest]),
  },
  { method: 'GET', path: `${base}/:id/commits`, need: needs.readPullRequest, handle: commits },
  { method: 'GET', path: `${base}/:id/statuses`, need: needs.readPullRequest, handle: statuses },
  { method: 'GET', path: `${base}/:id/diff`, need: needs.readPullRequest, handle: redirectTo('diff') },
  { method: 'GET', path: `${base}/:id/diffstat`, need: needs.readPullRequest, handle: redirectTo('diffstat') },
  { method: 'GET', path: `${base}/:id/patch`, need: needs.readPullRequest, handle: redirectTo('patch') },
  ...verdictEndpoints('approve', 'approved'),
  ...verdictEndpoints('request-changes', 'changes_requested'),
  {
    method: 'POST',
    path: `${base}/:id/decline`,
    need: needs.writePullRequest,
    handle: (call) => {
      const on = onPullRequest(call)
      declinePullRequest(call.sim, on, stringAt(call.body, 'reason') ?? stringAt(call.body, 'message') ?? '')
      return answer(call, on)
    },
  },
  { method: 'POST', path: `${base}/:id/merge`, need: needs.writePullRequest, handle: merge },
  {
    method: 'GET',
    path: `${base}/:id/merge/task-status/:task`,
    need: needs.readPullRequest,
    handle: () => {
      throw notFound('Task not found.')
    },
  },
]
