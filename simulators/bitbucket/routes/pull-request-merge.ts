import { booleanAt, isJsonObject, type JsonObject, stringAt } from '../../shared/json.ts'
import { atLeast, permissionOf } from '../auth/permission.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, actingOn, type Call, type Endpoint, repositoryOf } from '../call.ts'
import { mergeStrategies } from '../git/merge.ts'
import type { PullRequest, Repository } from '../model.ts'
import { type MergeCheck, mergeChecks } from '../operations/merge-checks.ts'
import { type MergeWish, mergePullRequest } from '../operations/merge-pull-request.ts'
import { readMergeTask, startMergeTask } from '../operations/merge-tasks.ts'
import { getPullRequest, type OnPullRequest } from '../operations/pull-requests.ts'
import { apiRepositoryUrl, href } from '../render/links.ts'
import { renderPullRequest } from '../render/pull-request.ts'
import { SimulatorError, tookTooLong, wrongField } from '../simulator-error.ts'

const base = '/repositories/:workspace/:slug/pullrequests/:id'

function readWish(call: Call): MergeWish {
  const wanted = stringAt(call.body, 'merge_strategy') ?? 'merge_commit'
  const strategy = mergeStrategies.find((one) => one === wanted)
  if (strategy === undefined) throw wrongField('merge_strategy', `"${wanted}" is not a valid choice.`)
  return {
    strategy,
    message: stringAt(call.body, 'message'),
    closeSourceBranch: booleanAt(call.body, 'close_source_branch'),
  }
}

function taskUrl(call: Call, on: { repository: Repository; pullRequest: PullRequest }, id: string): string {
  return `${apiRepositoryUrl(call.sim, on.repository)}/pullrequests/${on.pullRequest.id}/merge/task-status/${id}`
}

/** Hashes in pull requests have twelve characters; whether the answer to a merge has more is a switch. */
function renderMerged(call: Call, on: { repository: Repository; pullRequest: PullRequest }): JsonObject {
  const rendered = renderPullRequest({ sim: call.sim, repository: on.repository }, on.pullRequest)
  const commit = rendered['merge_commit']
  if (call.sim.switches.mergeAnswerHash === 'short' || !isJsonObject(commit)) return rendered
  return { ...rendered, merge_commit: { ...commit, hash: on.pullRequest.mergeCommit } }
}

async function merge(call: Call): Promise<Answer> {
  const acting = actingOn(call, 'write')
  const on: OnPullRequest = { ...acting, pullRequest: getPullRequest(acting.repository, call.params['id'] ?? '') }
  const wish = readWish(call)
  const { slowMerge } = call.sim.switches
  if (call.query.get('async') === 'true' || slowMerge === 'answers_202') {
    const task = startMergeTask(call.sim, on, wish)
    return { status: 202, body: '', headers: { location: taskUrl(call, on, task.id) } }
  }
  if (slowMerge === 'answers_555') throw tookTooLong('The merge took too long and timed out.')
  await mergePullRequest(call.sim, on, wish)
  return { body: renderMerged(call, on) }
}

async function taskStatus(call: Call): Promise<Answer> {
  const repository = repositoryOf(call)
  const pullRequest = getPullRequest(repository, call.params['id'] ?? '')
  const id = call.params['task'] ?? ''
  const links = { self: href(taskUrl(call, { repository, pullRequest }, id)) }
  const state = await readMergeTask(call.sim, { repository, pullRequest }, id)
  switch (state.kind) {
    case 'pending':
      return { body: { task_status: 'PENDING', links } }
    case 'success':
      return { body: { task_status: 'SUCCESS', links, merge_result: renderMerged(call, { repository, pullRequest }) } }
    case 'elsewhere':
      throw new SimulatorError(400, 'The task does not belong to this pull request.')
    case 'failed':
      throw state.error
    default:
      return state satisfies never
  }
}

function renderCheck({ type, passed, required, reason, state }: MergeCheck): JsonObject {
  const status = passed ? 'PASSED' : 'FAILED'
  return { type, status, required, blocking: required && !passed, reason, ...(state === undefined ? {} : { state }) }
}

async function checks(call: Call): Promise<Answer> {
  const acting = actingOn(call)
  const on = { ...acting, pullRequest: getPullRequest(acting.repository, call.params['id'] ?? '') }
  const found = await mergeChecks(call.sim, on, atLeast(permissionOf(acting.repository, call.principal), 'write'))
  return { body: { size: found.length, values: found.map(renderCheck) } }
}

export const pullRequestMergeEndpoints: Endpoint[] = [
  { method: 'POST', path: `${base}/merge`, need: needs.writePullRequest, handle: merge },
  { method: 'GET', path: `${base}/merge/task-status/:task`, need: needs.readPullRequest, handle: taskStatus },
  { method: 'GET', path: `${base}/mergeability/checks`, need: needs.readPullRequest, handle: checks },
]
