import type { Deployment, Environment, Pipeline, PipelineStep, PipelineTarget, RunState } from '../model/pipelines.ts'
import type { Repository } from '../model.ts'
import { stableUuid } from '../state.ts'
import type { History, MainEntry } from './history.ts'
import type { Colleague } from './people.ts'
import { allPushes, type PlannedPullRequest, type PlannedRun, type RepositoryPlan } from './plan.ts'
import type { Random } from './random.ts'
import { isWaiting, type PlannedDeployment, type Release } from './releases.ts'
import { endOf, planRuns } from './runs.ts'
import { stamp } from './stamp.ts'

interface Soil {
  seed: number
  plan: RepositoryPlan
  random: Random
  repository: Repository
  history: History
  hashOf: (mark: number) => string
}

/** A pipeline before it has its number: they are numbered in the order in which they began. */
interface Draft {
  at: number
  by: Colleague
  trigger: Pipeline['trigger']
  target: PipelineTarget
  /** Either a run of checks, or a release. */
  run: PlannedRun | null
  release: Release | null
}

const environmentNames = ['Test', 'Staging', 'Production'] as const

const scripts = {
  lint: ['npm ci', 'npm run lint'],
  test: ['npm ci', 'npm test'],
  build: ['npm ci', 'npm run build'],
  deploy: ['./scripts/deploy.sh'],
}

/** Fills in environments, pipelines with their steps, and deployments. */
export function tellPipelines(soil: Soil, pullRequests: PlannedPullRequest[], releases: Release[]): void {
  const { repository, seed, plan } = soil
  if (plan.delivery !== 'library') {
    repository.environments = environmentNames.map((name): Environment => {
      const uuid = stableUuid(seed, `environment-${repository.slug}-${name}`)
      return { uuid, name, slug: name.toLowerCase(), type: name, hidden: false }
    })
  }
  const drafts = [
    ...pullRequests.flatMap((one) => draftChecks(soil, one)),
    ...soil.history.main.flatMap((entry) => draftMainChecks(soil, entry)),
    ...releases.map((one) => draftRelease(soil, one)),
  ].toSorted((one, other) => one.at - other.at)
  const numbers = new Map<Environment, number>()
  drafts.forEach((draft, index) => {
    const pipeline = tellPipeline(soil, draft, index + 1)
    repository.pipelines.push(pipeline)
    if (draft.release !== null) tellDeployments(soil, pipeline, { release: draft.release, numbers })
  })
  repository.deployments.sort((one, other) => (one.createdOn < other.createdOn ? -1 : 1))
  repository.pipelinesConfig.enabled = true
  repository.pipelinesConfig.nextBuildNumber = drafts.length + 1
}

function draftChecks({ plan, history, hashOf }: Soil, one: PlannedPullRequest): Draft[] {
  const selector = plan.hasPullRequestPipelines
    ? ({ type: 'pull-requests', pattern: '**' } as const)
    : ({ type: 'default', pattern: '' } as const)
  const drafts = allPushes(one).flatMap(({ commits, runs }) => {
    const hash = hashOf(commits.at(-1)?.mark ?? 0)
    const destinationHash = hashOf(history.branches.get(one)?.base ?? 0)
    const target: PipelineTarget = plan.hasPullRequestPipelines
      ? {
          kind: 'pull_request',
          pullRequestId: one.id,
          source: one.branch,
          destination: 'main',
          hash,
          destinationHash,
          selector,
        }
      : { kind: 'ref', refType: 'branch', refName: one.branch, hash, selector }
    return runs.map(
      (run): Draft => ({
        at: run.at,
        by: run.by,
        trigger: run.isRerun ? 'MANUAL' : 'PUSH',
        target,
        run,
        release: null,
      }),
    )
  })
  return drafts.filter((draft) => draft.run !== null && endOf(draft.run) < plan.today)
}

/** Where a merge alone releases nothing, the main branch is checked all the same. */
function draftMainChecks({ plan, random, hashOf }: Soil, { pullRequest, at, mark }: MainEntry): Draft[] {
  if (pullRequest === null || (plan.delivery !== 'train' && plan.delivery !== 'library')) return []
  const by = pullRequest.outcome?.by ?? pullRequest.author
  const target = { kind: 'ref', refType: 'branch', refName: 'main', hash: hashOf(mark) } as const
  const selector = { type: 'branches', pattern: 'main' } as const
  return planRuns(plan, random, { by, at, mustPass: false })
    .filter((run) => endOf(run) < plan.today)
    .map((run) => ({
      at: run.at,
      by,
      trigger: run.isRerun ? 'MANUAL' : 'PUSH',
      target: { ...target, selector },
      run,
      release: null,
    }))
}

function draftRelease({ hashOf }: Soil, release: Release): Draft {
  const hash = hashOf(release.entry.mark)
  const branch = { kind: 'ref', refType: 'branch', refName: 'main', hash } as const
  const targets = {
    deploy: { ...branch, selector: { type: 'branches', pattern: 'main' } },
    release: {
      kind: 'ref',
      refType: 'tag',
      refName: release.tag ?? '',
      hash,
      selector: { type: 'tags', pattern: 'v*' },
    },
    rollback: { ...branch, selector: { type: 'custom', pattern: 'rollback' } },
  } as const satisfies Record<Release['kind'], PipelineTarget>
  const trigger = release.kind === 'rollback' ? 'MANUAL' : 'PUSH'
  return { at: release.at, by: release.by, trigger, target: targets[release.kind], run: null, release }
}

type Part = Pick<PipelineStep, 'name' | 'script' | 'state' | 'environment'> & { at: number | null; seconds: number }

function tellPipeline(soil: Soil, draft: Draft, buildNumber: number): Pipeline {
  const uuid = stableUuid(soil.seed, `pipeline-${soil.repository.slug}-${buildNumber}`)
  const parts = draft.release === null ? [] : releaseParts(soil, draft.release)
  if (draft.run !== null) parts.push(...checkParts(draft.run))
  const steps = parts.map((part, index): PipelineStep => {
    const { at, seconds, ...said } = part
    return {
      uuid: `{${uuid.slice(1, 25)}${index.toString(16).padStart(2, '0')}${uuid.slice(27, -1)}}`,
      ...said,
      startedOn: at === null ? null : stamp(at),
      completedOn: at === null ? null : stamp(at + seconds),
      buildSeconds: seconds,
      maxTime: 120,
      runNumber: 1,
      log: null,
      ...(part.state.name === 'PENDING' ? { manual: true } : {}),
    }
  })
  const state = stateOf(draft)
  const lastAt = Math.max(draft.at, ...parts.map((part) => (part.at === null ? 0 : part.at + part.seconds)))
  return {
    uuid,
    buildNumber,
    creator: draft.by.person,
    target: draft.target,
    trigger: draft.trigger,
    state,
    createdOn: stamp(draft.at),
    completedOn: state.name === 'COMPLETED' ? stamp(lastAt) : null,
    steps,
    variables: [],
    ...(state.name === 'COMPLETED' && state.result === 'ERROR' ? { error: startError } : {}),
    ...(state.name === 'COMPLETED' && state.result === 'STOPPED' ? { stoppedBy: draft.by.person } : {}),
  }
}

const startError = { key: 'agent-service.container.startup-error', message: 'The build container could not start.' }

function stateOf({ run, release }: Draft): RunState {
  if (run !== null) return { name: 'COMPLETED', result: run.result }
  if (release === null || !release.isBuilt) return { name: 'COMPLETED', result: 'FAILED' }
  if (isWaiting(release)) return { name: 'IN_PROGRESS', stage: 'PAUSED' }
  return { name: 'COMPLETED', result: release.deployments.at(-1)?.result ?? 'SUCCESSFUL' }
}

function part(name: string, kind: keyof typeof scripts, more: Partial<Part> = {}): Part {
  return {
    name,
    script: scripts[kind],
    state: { name: 'COMPLETED', result: 'SUCCESSFUL' },
    environment: null,
    at: null,
    seconds: 0,
    ...more,
  }
}

const notRun = { name: 'COMPLETED', result: 'NOT_RUN' } as const

function checkParts(run: PlannedRun): Part[] {
  const seconds = endOf(run) - run.at - 3
  const ended = { name: 'COMPLETED', result: run.result } as const
  // Most of what fails are tests; the linter finds some.
  if (run.result !== 'SUCCESSFUL' && run.seconds % 4 === 0)
    return [
      part('Lint', 'lint', { state: ended, at: run.at + 3, seconds: Math.max(1, seconds) }),
      part('Test', 'test', { state: notRun }),
    ]
  const first = Math.max(1, Math.floor(seconds / 4))
  return [
    part('Lint', 'lint', { at: run.at + 3, seconds: first }),
    part('Test', 'test', { state: ended, at: run.at + 3 + first, seconds: Math.max(1, seconds - first) }),
  ]
}

function releaseParts({ repository }: Soil, release: Release): Part[] {
  const built = { name: 'COMPLETED', result: release.isBuilt ? 'SUCCESSFUL' : 'FAILED' } as const
  const build = part('Build and test', 'build', { state: built, at: release.at + 3, seconds: release.buildSeconds })
  const known = new Map(release.deployments.map((one) => [one.environment, one]))
  const isRollback = release.kind === 'rollback'
  const places = repository.environments.filter((one) => !isRollback || one.type === 'Production')
  const steps = places.map((environment) => deployPart(environment, known.get(environment.type)))
  return isRollback ? steps : [build, ...steps]
}

function deployPart(environment: Environment, planned: PlannedDeployment | undefined): Part {
  const name = `Deploy to ${environment.name.toLowerCase()}`
  if (planned === undefined) return part(name, 'deploy', { environment, state: notRun })
  const { result, at, seconds } = planned
  if (result === null) return part(name, 'deploy', { environment, state: { name: 'PENDING' } })
  return part(name, 'deploy', { environment, state: { name: 'COMPLETED', result }, at, seconds })
}

/** One deployment for each step that deploys and was reached. */
function tellDeployments(
  soil: Soil,
  pipeline: Pipeline,
  about: { release: Release; numbers: Map<Environment, number> },
): void {
  const { repository, seed } = soil
  for (const step of pipeline.steps) {
    const { environment, startedOn, completedOn, state } = step
    const planned = about.release.deployments.find((one) => one.environment === environment?.type)
    if (environment === null || planned === undefined) continue
    const number = (about.numbers.get(environment) ?? 0) + 1
    about.numbers.set(environment, number)
    const isOver = state.name === 'COMPLETED' && startedOn !== null && completedOn !== null
    const createdOn = startedOn ?? pipeline.createdOn
    const deployment: Deployment = {
      uuid: stableUuid(seed, `deployment-${step.uuid}`),
      environment,
      pipeline,
      step,
      number,
      state:
        isOver && planned.result !== null
          ? { name: 'COMPLETED', status: planned.result, startedOn, completedOn }
          : { name: 'UNDEPLOYED' },
      hash: pipeline.target.hash,
      createdOn,
      lastUpdateTime: completedOn ?? createdOn,
    }
    repository.deployments.push(deployment)
  }
}
