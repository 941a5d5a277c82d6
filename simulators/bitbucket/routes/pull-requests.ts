import { at, booleanAt, isJsonObject, type JsonObject, stringAt } from '../../shared/json.ts'
import { pullRequestPage } from '../answers/paging.ts'
import { atLeast, permissionOf } from '../auth/permission.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, actingOn, type Call, type Endpoint, listItems, repositoryOf } from '../call.ts'
import { mergeStrategies } from '../git/merge.ts'
import type { Person, PullRequest, Repository } from '../model.ts'
import { createPullRequest } from '../operations/create-pull-request.ts'
import { reviewersFor } from '../operations/default-reviewers.ts'
import { findSource, sourceOf } from '../operations/pull-request-source.ts'
import {
  declinePullRequest,
  getPullRequest,
  type OnPullRequest,
  updatePullRequest,
} from '../operations/pull-requests.ts'
import { giveVerdict, withdrawVerdict } from '../operations/verdicts.ts'
import { pullRequestReaders } from '../query/pull-request-readers.ts'
import { queryable } from '../query/select-items.ts'
import { apiRepositoryUrl } from '../render/links.ts'
import { renderParticipant, renderPullRequest } from '../render/pull-request.ts'
import { badRequest, forbidden, wrongField } from '../simulator-error.ts'

const base = '/repositories/:workspace/:slug/pullrequests'

/** What the destination allows is told only to who asks for it by `fields`. */
const hiddenAlways = ['destination.branch.merge_strategies', 'destination.branch.default_merge_strategy']
export const hiddenInLists = ['reviewers', 'participants', 'rendered', ...hiddenAlways]

export function onPullRequest(call: Call): OnPullRequest {
  const acting = actingOn(call)
  return { ...acting, pullRequest: getPullRequest(acting.repository, call.params['id'] ?? '') }
}

/** Authors change their own; others need to be able to write. */
function changing(call: Call): OnPullRequest {
  const on = onPullRequest(call)
  const isAuthor = on.pullRequest.author.uuid === on.actor.uuid
  if (!isAuthor && !atLeast(permissionOf(on.repository, call.principal), 'write')) throw forbidden('Forbidden')
  return on
}

export function renderForCall(call: Call, repository: Repository, pullRequest: PullRequest): JsonObject {
  const rendered = renderPullRequest({ sim: call.sim, repository }, pullRequest)
  const destination = rendered['destination']
  const branch = isJsonObject(destination) ? destination['branch'] : undefined
  if (!isJsonObject(destination) || !isJsonObject(branch)) return rendered
  const allowed = { merge_strategies: [...mergeStrategies], default_merge_strategy: 'merge_commit' }
  return { ...rendered, destination: { ...destination, branch: { ...branch, ...allowed } } }
}

function answer(call: Call, on: { repository: Repository; pullRequest: PullRequest }): Answer {
  return { body: renderForCall(call, on.repository, on.pullRequest), hidden: hiddenAlways }
}

function readReviewers(call: Call): Person[] | undefined {
  const reviewers = at(call.body, 'reviewers')
  if (reviewers === undefined) return undefined
  if (!Array.isArray(reviewers)) throw wrongField('reviewers', 'Malformed reviewers list')
  return reviewers.map((one) => {
    const id = stringAt(one, 'uuid') ?? stringAt(one, 'account_id')
    const person = call.sim.people.find((other) => other.uuid === id || other.accountId === id)
    if (person === undefined) throw wrongField('reviewers', 'Malformed reviewers list')
    return person
  })
}

/** Whether a list of pull requests is to have one, by the states asked for: open ones unless said otherwise. */
export function wantsState(call: Call): (pullRequest: PullRequest) => boolean {
  const hasQuery = (call.query.get('q') ?? '').trim() !== ''
  const states = call.query.getAll('state').flatMap((text) => text.toUpperCase().split(','))
  if (hasQuery && (call.sim.switches.stateBesideQuery === 'ignored' || states.length === 0)) return () => true
  if (states.includes('ALL')) return () => true
  return ({ state }) => (states.length === 0 ? state === 'OPEN' : states.includes(state))
}

function list(call: Call): Answer {
  const repository = repositoryOf(call)
  const found = repository.pullRequests.filter(wantsState(call)).toReversed()
  return listItems(call, found, {
    queryable: queryable.pullRequest,
    size: pullRequestPage,
    hidden: hiddenInLists,
    render: (one) => renderForCall(call, repository, one),
    quick: pullRequestReaders((pullRequest) => ({ repository, pullRequest })),
  })
}

function readSource(call: Call, repository: Repository): Repository | undefined {
  const named =
    stringAt(call.body, 'source', 'repository', 'uuid') ?? stringAt(call.body, 'source', 'repository', 'full_name')
  return named === undefined ? undefined : findSource(call.sim, call.principal, { repository, named })
}

async function create(call: Call): Promise<Answer> {
  const acting = actingOn(call)
  const title = stringAt(call.body, 'title')
  const sourceBranch = stringAt(call.body, 'source', 'branch', 'name')
  if (title === undefined || title === '') throw badRequest('Bad request', { title: ['required key not provided'] })
  if (sourceBranch === undefined) throw badRequest('Bad request', { source: ['required key not provided'] })
  const pullRequest = await createPullRequest(call.sim, acting, {
    title,
    source: readSource(call, acting.repository) ?? acting.repository,
    sourceBranch,
    description: stringAt(call.body, 'description') ?? stringAt(call.body, 'summary', 'raw') ?? '',
    destinationBranch: stringAt(call.body, 'destination', 'branch', 'name'),
    closeSourceBranch: booleanAt(call.body, 'close_source_branch') ?? false,
    draft: booleanAt(call.body, 'draft') ?? false,
    reviewers:
      readReviewers(call) ??
      (call.sim.switches.defaultReviewersByApi ? reviewersFor(acting.repository, acting.actor) : []),
  })
  return {
    ...answer(call, { ...acting, pullRequest }),
    status: 201,
    headers: { location: `${apiRepositoryUrl(call.sim, acting.repository)}/pullrequests/${pullRequest.id}` },
  }
}

async function update(call: Call): Promise<Answer> {
  const on = changing(call)
  const title = stringAt(call.body, 'title')
  if (title === '') throw badRequest('Bad request', { title: ['This field may not be blank.'] })
  const source = readSource(call, on.repository)
  if (source !== undefined && source !== sourceOf(call.sim, on))
    throw wrongField('source', 'The source repository of a pull request cannot be changed.')
  await updatePullRequest(call.sim, on, {
    title,
    description: stringAt(call.body, 'description') ?? stringAt(call.body, 'summary', 'raw'),
    draft: booleanAt(call.body, 'draft'),
    closeSourceBranch: booleanAt(call.body, 'close_source_branch'),
    reviewers: readReviewers(call),
    sourceBranch: stringAt(call.body, 'source', 'branch', 'name'),
    destinationBranch: stringAt(call.body, 'destination', 'branch', 'name'),
  })
  return answer(call, on)
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

export const pullRequestEndpoints: Endpoint[] = [
  { method: 'GET', path: base, need: needs.readPullRequest, handle: list },
  { method: 'POST', path: base, need: needs.writePullRequest, handle: create },
  {
    method: 'GET',
    path: `${base}/:id`,
    need: needs.readPullRequest,
    handle: (call) => {
      const repository = repositoryOf(call)
      return answer(call, { repository, pullRequest: getPullRequest(repository, call.params['id'] ?? '') })
    },
  },
  { method: 'PUT', path: `${base}/:id`, need: needs.writePullRequest, handle: update },
  ...verdictEndpoints('approve', 'approved'),
  ...verdictEndpoints('request-changes', 'changes_requested'),
  {
    method: 'POST',
    path: `${base}/:id/decline`,
    need: needs.writePullRequest,
    handle: async (call) => {
      const on = changing(call)
      await declinePullRequest(call.sim, on, stringAt(call.body, 'message') ?? stringAt(call.body, 'reason') ?? '')
      return answer(call, on)
    },
  },
]
