import type { Environment, Pipeline, PipelineStep, TestCase } from '../model/pipelines.ts'
import type { Repository } from '../model.ts'
import { ensureEnvironments, findEnvironment } from '../operations/environments.ts'
import { statusOf } from '../operations/pipeline-status.ts'
import { definitionFile, planOf, type StepPlan } from '../pipelines/definition.ts'
import { parseYaml } from '../pipelines/parse-yaml.ts'
import { logRest, logStart } from '../pipelines/step-log.ts'
import { type Sim, stableUuid, toTimestamp } from '../state.ts'
import { planRuns, type SeedRun } from './plan-runs.ts'
import { personOf } from './plant-pull-requests.ts'
import type { SeedRepository } from './seed-repository.ts'
import { seedToday } from './today.ts'

interface Soil {
  seed: SeedRepository
  hashes: Map<number, string>
}

interface Bed extends Soil {
  sim: Sim
  repository: Repository
  definition: ReturnType<typeof parseYaml>
}

/** Seconds since 1970 as a timestamp with a believable fraction. */
function stamp(seconds: number, salt: number): string {
  return toTimestamp(Math.round(seconds) * 1_000_000 + ((salt * 7919 + 123_457) % 1_000_000))
}

const suites = ['orders', 'sessions', 'search', 'export']
const cases = ['accepts what is valid', 'refuses what is not', 'keeps its order', 'is quick enough']

function testsOf(number: number, hasFailed: boolean): TestCase[] {
  const all = suites.flatMap((suite) => cases.map((name) => `shop.${suite}.${name}`))
  return all.slice(0, 9 + (number % 8)).map((name, index): TestCase => {
    const fails = hasFailed && index === 3
    const status = fails ? 'FAILED' : index === 5 ? 'SKIPPED' : 'SUCCESSFUL'
    const reason = fails ? 'expected 200, received 500' : null
    return { name, status, durationMs: 4 + ((number * 31 + index * 17) % 400), reason }
  })
}

interface Stage {
  run: SeedRun
  number: number
  hash: string
  /** Seconds since 1970. */
  at: number
}

type StepEnd = 'SUCCESSFUL' | 'FAILED' | 'STOPPED' | 'NOT_RUN'

function plantStep(
  { sim, repository, seed }: Bed,
  { run, number, hash, at }: Stage,
  { plan, index, end }: { plan: StepPlan; index: number; end: StepEnd },
): { step: PipelineStep; seconds: number } {
  const ran = end !== 'NOT_RUN'
  const seconds = ran ? (plan.environment === null ? 95 + ((number * 37) % 140) : 38 + ((number * 13 + index) % 40)) : 0
  const logged = { refName: run.branch, hash, image: plan.image, script: plan.script, variables: [] }
  const isTest = plan.name === 'Build and test'
  const step: PipelineStep = {
    uuid: stableUuid(sim.seed, `step-${seed.slug}-${number}-${index}`),
    name: plan.name,
    state: { name: 'COMPLETED', result: end },
    startedOn: ran ? stamp(at, number + index) : null,
    completedOn: ran ? stamp(at + seconds, number + index + 1) : null,
    buildSeconds: seconds,
    maxTime: plan.maxTime,
    runNumber: 1,
    environment: plan.environment === null ? null : (findEnvironment(repository, plan.environment) ?? null),
    script: plan.script,
    log: ran ? `${logStart(logged)}\n${logRest(logged, end)}` : null,
    image: plan.image,
    ...(plan.manual ? { manual: true } : {}),
    ...(isTest && ran && end !== 'STOPPED' ? { tests: testsOf(number, end === 'FAILED') } : {}),
  }
  return { step, seconds }
}

function plantRun(bed: Bed, run: SeedRun): Pipeline {
  const { sim, repository, seed, hashes, definition } = bed
  const number = repository.pipelines.length + 1
  const hash = hashes.get(run.commit + 1) ?? ''
  const plan = planOf(definition, run.wish)
  if (plan === undefined) throw new Error(`seed: ${seed.slug} has no pipeline for ${run.branch}`)
  const begun = seedToday - run.daysAgo * 86_400
  let at = begun + 11
  let isOver = false
  const steps = plan.steps.map((one, index) => {
    const isEnd = one.name === run.endsAt
    const end = isOver ? 'NOT_RUN' : isEnd && run.result === 'STOPPED' ? 'STOPPED' : isEnd ? 'FAILED' : 'SUCCESSFUL'
    isOver ||= isEnd
    const { step, seconds } = plantStep(bed, { run, number, hash, at }, { plan: one, index, end })
    at += seconds + 9
    return step
  })
  const creator = personOf(sim, run.author)
  const pipeline: Pipeline = {
    uuid: stableUuid(sim.seed, `pipeline-${seed.slug}-${number}`),
    buildNumber: number,
    creator,
    target: { kind: 'ref', refType: 'branch', refName: run.branch, hash, selector: plan.selector },
    trigger: run.trigger,
    state: { name: 'COMPLETED', result: run.result },
    createdOn: stamp(begun, number),
    completedOn: stamp(at - 8, number + 3),
    steps,
    variables: [],
    ...(run.result === 'STOPPED' ? { stoppedBy: creator } : {}),
  }
  repository.pipelines.push(pipeline)
  for (const step of steps) if (step.environment !== null) plantDeployment(bed, pipeline, step, step.environment)
  plantStatus(repository, pipeline)
  return pipeline
}

function plantDeployment(
  { sim, repository, seed }: Bed,
  pipeline: Pipeline,
  step: PipelineStep,
  environment: Environment,
): void {
  const { startedOn, completedOn, state } = step
  const last = repository.deployments.findLast((one) => one.environment === environment)
  const status = state.name === 'COMPLETED' && state.result === 'SUCCESSFUL' ? 'SUCCESSFUL' : 'FAILED'
  repository.deployments.push({
    uuid: stableUuid(sim.seed, `deployment-${seed.slug}-${repository.deployments.length + 1}`),
    environment,
    pipeline,
    step,
    number: (last?.number ?? 0) + 1,
    state:
      startedOn === null || completedOn === null
        ? { name: 'UNDEPLOYED' }
        : { name: 'COMPLETED', status, startedOn, completedOn },
    hash: pipeline.target.hash,
    createdOn: pipeline.createdOn,
    lastUpdateTime: completedOn ?? pipeline.createdOn,
  })
}

/** The newest run for the same branch stands on the commit. */
function plantStatus(repository: Repository, pipeline: Pipeline): void {
  const { key, name, refname, state } = statusOf(pipeline)
  const { hash } = pipeline.target
  const updatedOn = pipeline.completedOn ?? pipeline.createdOn
  const ending = (['SUCCESSFUL', 'FAILED', 'STOPPED'] as const).find((one) => one === state) ?? 'INPROGRESS'
  repository.statuses = repository.statuses.filter((one) => one.hash !== hash || one.key !== key)
  repository.statuses.push({
    hash,
    key,
    name,
    refname,
    state: ending,
    description: '',
    // The address of the web server is not known before it listens.
    url: `/${repository.workspace.slug}/${repository.slug}/addon/pipelines/home#!/results/${pipeline.buildNumber}`,
    createdOn: pipeline.createdOn,
    updatedOn,
  })
}

/** A day after the last release the one before went out again: a second run of its step. */
function plantRedeploy(bed: Bed): void {
  const { repository, seed, sim } = bed
  const released = repository.deployments.filter(
    ({ environment, state }) =>
      environment.type === 'Production' && state.name === 'COMPLETED' && state.status === 'SUCCESSFUL',
  )
  const [earlier, latest] = released.slice(-2)
  if (earlier === undefined || latest === undefined || latest.state.name !== 'COMPLETED') return
  const at = Date.parse(latest.state.completedOn) / 1000 + 20 * 3600
  const step: PipelineStep = {
    ...earlier.step,
    uuid: stableUuid(sim.seed, `redeploy-${seed.slug}`),
    runNumber: 2,
    startedOn: stamp(at, 5),
    completedOn: stamp(at + 44, 6),
  }
  earlier.pipeline.steps.push(step)
  plantDeployment(bed, earlier.pipeline, step, earlier.environment)
}

/** Where production waits for somebody, the newest release still does. */
function plantPause({ repository }: Bed): void {
  const pipeline = repository.pipelines.findLast(({ steps }) => steps.some((step) => step.manual === true))
  const step = pipeline?.steps.find(({ manual }) => manual === true)
  if (pipeline === undefined || step === undefined) return
  Object.assign(step, { state: { name: 'PENDING' }, startedOn: null, completedOn: null, buildSeconds: 0, log: null })
  Object.assign(pipeline, { state: { name: 'IN_PROGRESS', stage: 'PAUSED' }, completedOn: null })
  const deployment = repository.deployments.find((one) => one.step === step)
  if (deployment !== undefined)
    Object.assign(deployment, { state: { name: 'UNDEPLOYED' }, lastUpdateTime: deployment.createdOn })
  plantStatus(repository, pipeline)
}

function plantSettings({ sim, repository, seed }: Bed): void {
  const { pipelinesConfig: config } = repository
  const uuid = (name: string) => stableUuid(sim.seed, `${name}-${seed.slug}`)
  const [pipeline] = repository.pipelines
  const [step] = pipeline?.steps ?? []
  config.variables.push(
    { uuid: uuid('variable-region'), key: 'REGION', value: 'eu-central-1', secured: false },
    { uuid: uuid('variable-token'), key: 'REGISTRY_TOKEN', value: uuid('secret'), secured: true },
  )
  if (pipeline === undefined || step === undefined) return
  const made = {
    pipelineUuid: pipeline.uuid,
    stepUuid: step.uuid,
    createdOn: pipeline.completedOn ?? pipeline.createdOn,
  }
  config.caches.push(
    { ...made, uuid: uuid('cache'), name: 'dependencies', path: '/root/.cache', fileSizeBytes: 41_203_771 },
    { ...made, uuid: uuid('cache-docker'), name: 'docker', path: '/var/lib/docker', fileSizeBytes: 187_465_020 },
  )
}

/** Pipelines, environments and deployments of a repository's past: planted silently, without webhooks. */
export function plantPipelines(sim: Sim, repository: Repository, soil: Soil): void {
  const text = soil.seed.commits.map(({ files }) => files?.[definitionFile]).find((file) => typeof file === 'string')
  if (typeof text !== 'string') return
  repository.pipelinesConfig.enabled = true
  ensureEnvironments(sim, repository)
  const bed: Bed = { ...soil, sim, repository, definition: parseYaml(text) }
  for (const run of planRuns(soil.seed)) plantRun(bed, run)
  plantPause(bed)
  plantRedeploy(bed)
  plantSettings(bed)
}
