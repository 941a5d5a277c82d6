import type { Deployment, Pipeline, PipelineResult, PipelineRun, PipelineStep } from '../model/pipelines.ts'
import type { Repository } from '../model.ts'
import { logRest, logStart } from '../pipelines/step-log.ts'
import { type Sim, toTimestamp } from '../state.ts'
import { raisePipelineSpan, raiseStepSpan } from '../webhooks/pipeline-spans.ts'
import { reportStatus } from './pipeline-status.ts'
import { visibleVariables } from './pipeline-variables.ts'

interface Working {
  sim: Sim
  repository: Repository
  run: PipelineRun
}

/** A moment of the clock as a timestamp; the microseconds tell pipelines of the same moment apart. */
function stamp(milliseconds: number, { pipeline, stepIndex }: PipelineRun): string {
  return toTimestamp(milliseconds * 1000 + ((pipeline.buildNumber * 137 + stepIndex * 41 + 7) % 1000))
}

/** What a pipeline runs on, for people. */
export function refNameOf({ target }: Pipeline): string {
  switch (target.kind) {
    case 'ref':
      return target.refName
    case 'pull_request':
      return target.source
    case 'commit':
      return target.hash.slice(0, 7)
    default:
      return target satisfies never
  }
}

function loggedStep({ sim, repository, run }: Working, step: PipelineStep) {
  return {
    refName: refNameOf(run.pipeline),
    hash: run.pipeline.target.hash,
    image: step.image ?? '',
    script: step.script,
    variables: visibleVariables(sim, repository, { pipeline: run.pipeline, environment: step.environment }),
  }
}

function deploymentOf({ repository, run }: Working, step: PipelineStep): Deployment | undefined {
  return repository.deployments.findLast((one) => one.pipeline === run.pipeline && one.step === step)
}

/** Whether another pipeline is deploying to the same place. */
function isTaken({ sim, repository, run }: Working, step: PipelineStep): boolean {
  if (step.environment === null) return false
  return sim.pipelines.runs.some((other) => {
    if (other.repository !== repository || other.run === run) return false
    const running = other.run.pipeline.steps[other.run.stepIndex]
    return running?.environment === step.environment && running.state.name === 'IN_PROGRESS'
  })
}

function startStep(working: Working, step: PipelineStep, at: number): void {
  const { run, sim } = working
  if (isTaken(working, step)) {
    run.pipeline.state = { name: 'IN_PROGRESS', stage: 'HALTED' }
    run.nextAt = at + Math.max(50, sim.switches.pipelines.stepMs)
    return
  }
  const startedOn = stamp(at, run)
  run.pipeline.state = { name: 'IN_PROGRESS', stage: 'RUNNING' }
  step.state = { name: 'IN_PROGRESS', stage: 'RUNNING' }
  step.startedOn = startedOn
  step.log = logStart(loggedStep(working, step))
  const deployment = deploymentOf(working, step)
  if (deployment !== undefined) {
    deployment.state = { name: 'IN_PROGRESS', startedOn }
    deployment.lastUpdateTime = startedOn
  }
  run.nextAt = at + sim.switches.pipelines.stepMs
}

function finishStep(
  working: Working,
  step: PipelineStep,
  { at, result }: { at: number; result: PipelineResult },
): void {
  const completedOn = stamp(at, working.run)
  const startedOn = step.startedOn ?? completedOn
  step.state = { name: 'COMPLETED', result }
  step.startedOn = startedOn
  step.completedOn = completedOn
  step.buildSeconds = Math.max(0, Math.round((Date.parse(completedOn) - Date.parse(startedOn)) / 1000))
  step.log = `${step.log ?? ''}\n${logRest(loggedStep(working, step), result)}`
  raiseStepSpan(working.sim, working.repository, { pipeline: working.run.pipeline, step })
  const deployment = deploymentOf(working, step)
  if (deployment === undefined) return
  const status = result === 'SUCCESSFUL' ? 'SUCCESSFUL' : result === 'STOPPED' ? 'STOPPED' : 'FAILED'
  deployment.state = { name: 'COMPLETED', status, startedOn, completedOn }
  deployment.lastUpdateTime = completedOn
}

async function finishPipeline(working: Working, { at, result }: { at: number; result: PipelineResult }): Promise<void> {
  const { sim, repository, run } = working
  const { pipeline } = run
  for (const step of pipeline.steps) {
    if (step.state.name !== 'COMPLETED') step.state = { name: 'COMPLETED', result: 'NOT_RUN' }
  }
  pipeline.state = { name: 'COMPLETED', result }
  pipeline.completedOn = stamp(at, { ...run, stepIndex: pipeline.steps.length })
  if (result === 'ERROR') {
    pipeline.error ??= { key: 'agent-service.container.startup-error', message: 'The build container could not start.' }
  }
  run.nextAt = null
  sim.pipelines.runs = sim.pipelines.runs.filter((one) => one.run !== run)
  raisePipelineSpan(sim, repository, pipeline)
  await reportStatus(sim, repository, pipeline)
}

async function takeNextTurn(working: Working, at: number): Promise<void> {
  const { run } = working
  const { steps } = run.pipeline
  const step = steps[run.stepIndex]
  if (step === undefined) return await finishPipeline(working, { at, result: 'SUCCESSFUL' })
  if (step.state.name !== 'IN_PROGRESS') return startStep(working, step, at)
  const result = run.outcomes[run.stepIndex] ?? 'SUCCESSFUL'
  finishStep(working, step, { at, result })
  if (result !== 'SUCCESSFUL') return await finishPipeline(working, { at, result })
  run.stepIndex += 1
  const next = steps[run.stepIndex]
  if (next?.manual === true) {
    run.pipeline.state = { name: 'IN_PROGRESS', stage: 'PAUSED' }
    run.nextAt = null
  } else run.nextAt = at
}

async function advanceRun(working: Working, now: number): Promise<void> {
  const { run } = working
  try {
    while (run.nextAt !== null && run.nextAt <= now) await takeNextTurn(working, run.nextAt)
  } catch (error) {
    // It would fail again at every look, and the others would never get their turn.
    run.nextAt = null
    throw error
  }
}

/** Brings every running pipeline to where it is at a moment. Throws what went wrong with one when the others are done. */
export async function advanceRuns(sim: Sim, now: number): Promise<void> {
  const failures: unknown[] = []
  for (const { repository, run } of sim.pipelines.runs) {
    await advanceRun({ sim, repository, run }, now).catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0) throw failures[0]
}

/** A pipeline that is not over; one that was planted as it is gets its run here. */
function workingOn(sim: Sim, repository: Repository, pipeline: Pipeline): Working | undefined {
  const found = sim.pipelines.runs.find((one) => one.run.pipeline === pipeline)
  if (found !== undefined) return { sim, repository, run: found.run }
  if (pipeline.state.name === 'COMPLETED') return undefined
  const stepIndex = pipeline.steps.findIndex(({ state }) => state.name !== 'COMPLETED')
  const run: PipelineRun = { pipeline, nextAt: null, stepIndex: Math.max(0, stepIndex), outcomes: [] }
  sim.pipelines.runs.push({ repository, run })
  return { sim, repository, run }
}

/** Ends a pipeline that is under way; answers whether there was something to stop. */
export async function haltPipeline(
  sim: Sim,
  repository: Repository,
  { pipeline, person }: { pipeline: Pipeline; person: Repository['pipelines'][number]['creator'] },
): Promise<boolean> {
  const working = workingOn(sim, repository, pipeline)
  if (working === undefined) return false
  const at = sim.clock()
  const step = pipeline.steps[working.run.stepIndex]
  if (step?.state.name === 'IN_PROGRESS') finishStep(working, step, { at, result: 'STOPPED' })
  pipeline.stoppedBy = person
  await finishPipeline(working, { at, result: 'STOPPED' })
  return true
}

/** Lets a manual step begin that the pipeline waits for. */
export function resumePipeline(sim: Sim, repository: Repository, pipeline: Pipeline): boolean {
  const working = workingOn(sim, repository, pipeline)
  if (working === undefined || working.run.nextAt !== null) return false
  working.run.nextAt = sim.clock()
  return true
}
