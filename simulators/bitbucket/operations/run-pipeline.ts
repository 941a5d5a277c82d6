import { readCommit } from '../git/commits.ts'
import { type GitRef, resolveCommit } from '../git/refs.ts'
import { findEntry, readFile } from '../git/tree.ts'
import type {
  Deployment,
  Pipeline,
  PipelineResult,
  PipelineSelector,
  PipelineStep,
  PipelineTarget,
  PipelineTrigger,
  PlainVariable,
} from '../model/pipelines.ts'
import type { Repository } from '../model.ts'
import { definitionFile, type Plan, type PlanWish, planOf, type StepPlan } from '../pipelines/definition.ts'
import { parseYaml, YamlError } from '../pipelines/parse-yaml.ts'
import { fails } from '../pipelines/step-log.ts'
import { SimulatorError } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { findEnvironment } from './environments.ts'
import { reportStatus } from './pipeline-status.ts'
import type { Acting } from './pull-requests.ts'

interface RunWish {
  target: PipelineTarget
  trigger: PipelineTrigger
  variables: PlainVariable[]
  plan: Plan
}

/** What a pipeline is told about its own end; these two variables are the simulator's, everything else is the file's. */
const resultVariable = 'SIMULATOR_RESULT'
const stepVariable = 'SIMULATOR_STEP'

const results: PipelineResult[] = ['SUCCESSFUL', 'FAILED', 'ERROR', 'STOPPED', 'EXPIRED']

function outcomesOf(sim: Sim, { plan, variables }: RunWish): PipelineResult[] {
  const valueOf = (key: string) => variables.find((one) => one.key === key)?.value
  const wanted = results.find((one) => one === valueOf(resultVariable)) ?? sim.switches.pipelines.result
  const place = valueOf(stepVariable) ?? '1'
  const chosen = plan.steps.findIndex((step, index) => step.name === place || String(index + 1) === place)
  return plan.steps.map((step, index) => {
    if (index === Math.max(0, chosen) && wanted !== 'SUCCESSFUL') return wanted
    return step.script.some(fails) ? 'FAILED' : 'SUCCESSFUL'
  })
}

function makeStep(sim: Sim, repository: Repository, plan: StepPlan): PipelineStep {
  return {
    uuid: sim.newUuid(),
    name: plan.name,
    state: { name: 'PENDING' },
    startedOn: null,
    completedOn: null,
    buildSeconds: 0,
    maxTime: plan.maxTime,
    runNumber: 1,
    environment: plan.environment === null ? null : (findEnvironment(repository, plan.environment) ?? null),
    script: plan.script,
    log: null,
    image: plan.image,
    ...(plan.manual ? { manual: true } : {}),
  }
}

export function nextBuildNumber({ pipelines, pipelinesConfig }: Repository): number {
  return Math.max(pipelinesConfig.nextBuildNumber, (pipelines.at(-1)?.buildNumber ?? 0) + 1)
}

function planDeployments(sim: Sim, repository: Repository, pipeline: Pipeline): void {
  for (const step of pipeline.steps) {
    const { environment } = step
    if (environment === null) continue
    const last = repository.deployments.findLast((one) => one.environment === environment)
    const deployment: Deployment = {
      uuid: sim.newUuid(),
      environment,
      pipeline,
      step,
      number: (last?.number ?? 0) + 1,
      state: { name: 'UNDEPLOYED' },
      hash: pipeline.target.hash,
      createdOn: pipeline.createdOn,
      lastUpdateTime: pipeline.createdOn,
    }
    repository.deployments.push(deployment)
  }
}

function makePipeline(
  sim: Sim,
  { repository, actor }: Acting,
  wish: Pick<RunWish, 'target' | 'trigger' | 'variables'>,
): Pipeline {
  const pipeline: Pipeline = {
    uuid: sim.newUuid(),
    buildNumber: nextBuildNumber(repository),
    creator: actor,
    target: wish.target,
    trigger: wish.trigger,
    state: { name: 'PENDING' },
    createdOn: sim.now(),
    completedOn: null,
    steps: [],
    variables: wish.variables,
  }
  repository.pipelines.push(pipeline)
  return pipeline
}

/** Makes a pipeline; from here on it goes by the simulator's clock. */
async function launch(sim: Sim, { repository, actor }: Acting, wish: RunWish): Promise<Pipeline> {
  const missing = wish.plan.steps.find(
    ({ environment }) => environment !== null && findEnvironment(repository, environment) === undefined,
  )
  const pipeline = makePipeline(sim, { repository, actor }, wish)
  if (missing !== undefined) {
    return await refuse(sim, repository, pipeline, {
      key: 'plan-service.deployment.environment-not-found',
      message: `The deployment environment '${missing.environment ?? ''}' in your step '${missing.name}' is not configured.`,
    })
  }
  pipeline.steps = wish.plan.steps.map((step) => makeStep(sim, repository, step))
  planDeployments(sim, repository, pipeline)
  const nextAt = sim.clock() + sim.switches.pipelines.pendingMs
  const run = { pipeline, nextAt, stepIndex: 0, outcomes: outcomesOf(sim, wish) }
  sim.pipelines.runs.push({ repository, run })
  await reportStatus(sim, repository, pipeline)
  return pipeline
}

/** A pipeline that cannot begin is over at once, with an error. */
async function refuse(
  sim: Sim,
  repository: Repository,
  pipeline: Pipeline,
  error: { key: string; message: string },
): Promise<Pipeline> {
  Object.assign(pipeline, { state: { name: 'COMPLETED', result: 'ERROR' }, completedOn: pipeline.createdOn, error })
  await reportStatus(sim, repository, pipeline)
  return pipeline
}

async function readDefinition(repository: Repository, hash: string): Promise<string | undefined> {
  const entry = await findEntry(repository.directory, hash, definitionFile)
  if (entry?.kind !== 'file') return undefined
  return (await readFile(repository.directory, hash, definitionFile)).toString('utf8')
}

function badPipeline(detail: string, key: string): SimulatorError {
  return new SimulatorError(400, 'Bad request', { detail, data: { key } })
}

export interface StartInput {
  target: PipelineTarget
  trigger: PipelineTrigger
  variables: PlainVariable[]
  /** The file for this run alone. */
  definition?: string | undefined
}

function wishOf(target: PipelineTarget): PlanWish {
  const selector: PipelineSelector | null = target.selector ?? null
  if (selector !== null) return { kind: 'selector', selector }
  switch (target.kind) {
    case 'ref':
      return { kind: target.refType, name: target.refName }
    case 'pull_request':
      return { kind: 'pull_request', source: target.source }
    case 'commit':
      return { kind: 'default' }
    default:
      return target satisfies never
  }
}

/** Starts a pipeline somebody asked for. 400 when pipelines are off, the file is missing or has no such part. */
export async function startPipeline(sim: Sim, acting: Acting, input: StartInput): Promise<Pipeline> {
  const { repository } = acting
  if (repository.pipelinesConfig.enabled !== true) {
    throw badPipeline('Pipelines is not enabled for this repository.', 'result-service.pipeline.not-enabled')
  }
  const text = input.definition ?? (await readDefinition(repository, input.target.hash))
  if (text === undefined) {
    throw badPipeline(
      `Commit ${input.target.hash} does not have a ${definitionFile}.`,
      'result-service.pipeline.yml-not-found',
    )
  }
  let plan: Plan | undefined
  try {
    plan = planOf(parseYaml(text), wishOf(input.target))
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    throw badPipeline(`There is an error in your ${definitionFile}: ${error.message}`, 'plan-service.parse.invalid')
  }
  if (plan === undefined) {
    throw badPipeline(
      `Requested selector is not found in ${definitionFile}.`,
      'result-service.pipeline.selector-not-found',
    )
  }
  const target = { ...input.target, selector: plan.selector }
  return await launch(sim, acting, { target, trigger: input.trigger, variables: input.variables, plan })
}

export type PushedRef = Pick<GitRef, 'kind' | 'name' | 'hash'>

async function startQuietly(sim: Sim, acting: Acting, target: PipelineTarget): Promise<void> {
  const { repository } = acting
  const text = await readDefinition(repository, target.hash)
  if (text === undefined) return
  try {
    const plan = planOf(parseYaml(text), wishOf(target))
    if (plan === undefined) return
    const wanted = { ...target, selector: plan.selector }
    await launch(sim, acting, { target: wanted, trigger: 'PUSH', variables: [], plan })
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    const pipeline = makePipeline(sim, acting, { target, trigger: 'PUSH', variables: [] })
    await refuse(sim, repository, pipeline, { key: 'plan-service.parse.invalid', message: error.message })
  }
}

function startsByItself(sim: Sim, repository: Repository): boolean {
  return sim.switches.pipelines.startOnPush && repository.pipelinesConfig.enabled === true
}

/** Pipelines of open pull requests; of one, or of all from a branch. Those from a fork start none. */
export async function startPullRequestPipelines(
  sim: Sim,
  acting: Acting,
  chosen: { id: number } | { sourceBranch: string },
): Promise<void> {
  if (!startsByItself(sim, acting.repository)) return
  const wanted = acting.repository.pullRequests.filter((one) => {
    if (one.state !== 'OPEN' || one.sourceRepository !== undefined) return false
    return 'id' in chosen ? one.id === chosen.id : one.sourceBranch === chosen.sourceBranch
  })
  for (const one of wanted) {
    await startQuietly(sim, acting, {
      kind: 'pull_request',
      pullRequestId: one.id,
      source: one.sourceBranch,
      destination: one.destinationBranch,
      hash: one.sourceHash,
      destinationHash: one.destinationHash,
    })
  }
}

/** What a push or a merge starts. */
export async function startPushedPipelines(sim: Sim, acting: Acting, refs: PushedRef[]): Promise<void> {
  if (!startsByItself(sim, acting.repository)) return
  for (const ref of refs) {
    const commit = await readCommit(acting.repository.directory, ref.hash)
    if (commit === undefined || /\[(skip ci|ci skip)\]/i.test(commit.message)) continue
    await startQuietly(sim, acting, {
      kind: 'ref',
      refType: ref.kind,
      refName: ref.name,
      hash: ref.hash,
      selector: null,
    })
    if (ref.kind === 'branch') await startPullRequestPipelines(sim, acting, { sourceBranch: ref.name })
  }
}

/** The commit of a branch or a tag, or one that is named; 400 when there is none. */
export async function commitFor(repository: Repository, revision: string): Promise<string> {
  const hash = /^[\w./-]+$/.test(revision) ? await resolveCommit(repository.directory, revision) : undefined
  if (hash === undefined)
    throw badPipeline(`Revision ${revision} was not found.`, 'result-service.pipeline.revision-not-found')
  return hash
}
