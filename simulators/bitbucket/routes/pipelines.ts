import { at, booleanAt, isObject, numberAt, stringAt } from '../../shared/json.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, actingOn, type Call, type Endpoint, listItems, repositoryOf } from '../call.ts'
import type { Pipeline, PipelineSelector, PipelineTarget, PlainVariable } from '../model/pipelines.ts'
import type { Repository } from '../model.ts'
import { haltPipeline } from '../operations/advance-runs.ts'
import { advancePipelines, runPipeline } from '../operations/pipeline-clock.ts'
import { commitFor } from '../operations/run-pipeline.ts'
import { choosePipelines } from '../pipelines/choose-pipelines.ts'
import { apiRepositoryUrl, encodeUuid } from '../render/links.ts'
import { renderPipeline } from '../render/pipeline.ts'
import { badRequest, SimulatorError } from '../simulator-error.ts'

const base = '/repositories/:workspace/:slug/pipelines'

/** Pipelines as they are now by the simulator's clock. */
export async function currentRepository(call: Call): Promise<Repository> {
  const repository = repositoryOf(call)
  await advancePipelines(call.sim)
  return repository
}

/** By UUID, or by build number as clients do. */
export function pipelineOf(call: Call, repository: Repository): Pipeline {
  const id = call.params['pipeline'] ?? ''
  const isNumber = /^\d+$/.test(id)
  const found = repository.pipelines.find((one) => (isNumber ? one.buildNumber === Number(id) : one.uuid === id))
  if (found !== undefined) return found
  throw new SimulatorError(404, 'Not found', {
    detail: isNumber
      ? `Pipeline with build number '${id}' not found in repository ${repository.uuid}`
      : `Pipeline with uuid '${id}' not found in repository ${repository.uuid}`,
    data: { key: 'result-service.pipeline-id.not-found' },
  })
}

async function list(call: Call): Promise<Answer> {
  const repository = await currentRepository(call)
  const place = { sim: call.sim, repository }
  const chosen = choosePipelines(repository.pipelines, call.query)
  // Unlike elsewhere, the links to other pages forget which fields were asked for.
  const query = new URLSearchParams(call.query)
  query.delete('fields')
  return listItems({ ...call, query }, chosen, { render: (pipeline) => renderPipeline(place, pipeline) })
}

/** A definition in the body leaves the target to parameters: `target.commit.hash=…&variables[0].key=…`. */
function fromQuery(query: URLSearchParams): unknown {
  const found: Record<string, unknown> = {}
  for (const [name, value] of query) {
    const path = name.replaceAll(/\[(\d+)\]/g, '.$1').split('.')
    let here = found
    for (const key of path.slice(0, -1)) {
      // No name reaches what every object inherits.
      const inner = Object.hasOwn(here, key) ? here[key] : undefined
      const next = isObject(inner) ? inner : {}
      here[key] = next
      here = next
    }
    here[path.at(-1) ?? ''] = value
  }
  return found
}

const selectorTypes = ['branches', 'tags', 'custom', 'default', 'pull-requests'] as const

export function readSelector(value: unknown): PipelineSelector | undefined {
  const type = selectorTypes.find((one) => one === stringAt(value, 'type'))
  return type === undefined ? undefined : { type, pattern: stringAt(value, 'pattern') ?? '' }
}

function readVariables(wanted: unknown): PlainVariable[] {
  const given = at(wanted, 'variables')
  const all: unknown[] = Array.isArray(given) ? given : isObject(given) ? Object.values(given) : []
  return all.map((one) => {
    const key = stringAt(one, 'key')
    if (key === undefined || key === '') throw badRequest('Bad request', { variables: ['required key not provided'] })
    const isSecured = booleanAt(one, 'secured') ?? stringAt(one, 'secured') === 'true'
    return { key, value: stringAt(one, 'value') ?? '', secured: isSecured }
  })
}

async function readRefTarget(repository: Repository, target: unknown): Promise<PipelineTarget> {
  const refName = stringAt(target, 'ref_name')
  const refType = stringAt(target, 'ref_type')
  if (refName === undefined) throw badRequest('Bad request', { 'target.ref_name': ['required key not provided'] })
  if (refType !== 'branch' && refType !== 'tag')
    throw badRequest('Bad request', { 'target.ref_type': ['Unknown reference type'] })
  const named = refType === 'branch' ? `refs/heads/${refName}` : `refs/tags/${refName}`
  const head = await commitFor(repository, named)
  const wanted = stringAt(target, 'commit', 'hash')
  const hash = wanted === undefined ? head : await commitFor(repository, wanted)
  return { kind: 'ref', refType, refName, hash, selector: readSelector(at(target, 'selector')) ?? null }
}

async function readPullRequestTarget(repository: Repository, target: unknown): Promise<PipelineTarget> {
  const id = numberAt(target, 'pullrequest', 'id') ?? Number(stringAt(target, 'pullrequest', 'id'))
  const pullRequest = repository.pullRequests.find((one) => one.id === id)
  if (pullRequest === undefined) throw badRequest('Bad request', { 'target.pullrequest': ['No such pull request.'] })
  const hash = stringAt(target, 'commit', 'hash')
  const destinationHash = stringAt(target, 'destination_commit', 'hash')
  return {
    kind: 'pull_request',
    pullRequestId: pullRequest.id,
    source: stringAt(target, 'source') ?? pullRequest.sourceBranch,
    destination: stringAt(target, 'destination') ?? pullRequest.destinationBranch,
    hash: hash === undefined ? pullRequest.sourceHash : await commitFor(repository, hash),
    destinationHash:
      destinationHash === undefined ? pullRequest.destinationHash : await commitFor(repository, destinationHash),
    selector: readSelector(at(target, 'selector')) ?? null,
  }
}

async function readTarget(repository: Repository, target: unknown): Promise<PipelineTarget> {
  switch (stringAt(target, 'type')) {
    case 'pipeline_ref_target':
      return await readRefTarget(repository, target)
    case 'pipeline_pullrequest_target':
      return await readPullRequestTarget(repository, target)
    case 'pipeline_commit_target': {
      const hash = stringAt(target, 'commit', 'hash')
      if (hash === undefined) throw badRequest('Bad request', { 'target.commit': ['required key not provided'] })
      const selector = readSelector(at(target, 'selector')) ?? null
      return { kind: 'commit', hash: await commitFor(repository, hash), selector }
    }
    default:
      throw badRequest('Bad request', { 'target.type': ['Unknown target type'] })
  }
}

async function create(call: Call): Promise<Answer> {
  const acting = actingOn(call, 'write')
  const { sim, body } = call
  const definition = typeof body === 'string' ? body : undefined
  const wanted = definition === undefined ? body : fromQuery(call.query)
  const target = await readTarget(acting.repository, at(wanted, 'target'))
  const variables = readVariables(wanted)
  const pipeline = await runPipeline(sim, acting, { target, trigger: 'MANUAL', variables, definition })
  const location = `${apiRepositoryUrl(sim, acting.repository)}/pipelines/${encodeUuid(pipeline.uuid)}`
  // As it was made: with a quick clock it may be over by the time of the answer.
  return { status: 201, body: renderPipeline({ sim, repository: acting.repository }, pipeline), headers: { location } }
}

export const pipelineEndpoints: Endpoint[] = [
  { method: 'GET', path: base, need: needs.readPipeline, handle: list },
  { method: 'POST', path: base, need: needs.writePipeline, handle: create },
  {
    method: 'GET',
    path: `${base}/:pipeline`,
    need: needs.readPipeline,
    handle: async (call) => {
      const repository = await currentRepository(call)
      return { body: renderPipeline({ sim: call.sim, repository }, pipelineOf(call, repository)) }
    },
  },
  {
    method: 'POST',
    path: `${base}/:pipeline/stopPipeline`,
    need: needs.stopPipeline,
    handle: async (call) => {
      const { repository, actor } = actingOn(call, 'write')
      await advancePipelines(call.sim)
      const pipeline = pipelineOf(call, repository)
      if (!(await haltPipeline(call.sim, repository, { pipeline, person: actor }))) {
        throw new SimulatorError(400, 'Bad request', {
          detail: 'The specified pipeline has already completed.',
          data: { key: 'result-service.pipeline.already-completed' },
        })
      }
      return { status: 204 }
    },
  },
]
