import type { Pipeline } from '../model/pipelines.ts'
import type { Sim } from '../state.ts'
import { advanceRuns } from './advance-runs.ts'
import { runSchedules } from './pipeline-schedules.ts'
import type { Acting } from './pull-requests.ts'
import {
  type PushedRef,
  type StartInput,
  startPipeline,
  startPullRequestPipelines,
  startPushedPipelines,
} from './run-pipeline.ts'

/** No more than this between two looks: schedules, and clocks that leap by themselves, need one now and then. */
const longestSleepMs = 1000
/** A clock driven by hand wakes in time; schedules go by the minute. */
const longestSleepByHandMs = 60_000

async function advanceAll(sim: Sim): Promise<void> {
  const now = sim.clock()
  await runSchedules(sim, now)
  await advanceRuns(sim, now)
}

function nextWakeMs(sim: Sim): number | undefined {
  const times = sim.pipelines.runs.map(({ run }) => run.nextAt).filter((time) => time !== null)
  const longest = sim.time.isByHand() ? longestSleepByHandMs : longestSleepMs
  const waits = times.map((time) => Math.min(longest, Math.max(5, time - sim.clock())))
  const isScheduled = sim.repositories.some((one) => one.pipelinesConfig.schedules.some(({ enabled }) => enabled))
  if (waits.length === 0) return isScheduled ? longest : undefined
  return Math.min(...waits)
}

async function advanceIn(sim: Sim, wait: number): Promise<void> {
  await sim.time.wait(wait, sim.stopping.signal)
  sim.pipelines.isWoken = false
  const work = advancePipelines(sim).finally(() => sim.inFlight.delete(work))
  sim.inFlight.add(work)
}

/** Looks after running pipelines when nobody asks for them: their webhooks go out all the same. */
export function wakePipelines(sim: Sim): void {
  const wait = nextWakeMs(sim)
  if (wait === undefined || sim.pipelines.isWoken || sim.stopping.signal.aborted) return
  sim.pipelines.isWoken = true
  // Fails when the simulator ends.
  advanceIn(sim, wait).catch(() => undefined)
}

/** Brings every pipeline to where it is by the simulator's clock. Whoever shows pipelines calls it first. */
export async function advancePipelines(sim: Sim): Promise<void> {
  const work = sim.pipelines.advancing.then(async () => await advanceAll(sim))
  sim.pipelines.advancing = work.catch((error: unknown) => {
    process.stderr.write(`simulated pipelines failed: ${error instanceof Error ? error.message : String(error)}\n`)
  })
  await sim.pipelines.advancing
  wakePipelines(sim)
}

/** Starts a pipeline somebody asked for; from here on it goes by the clock. */
export async function runPipeline(sim: Sim, acting: Acting, input: StartInput): Promise<Pipeline> {
  const pipeline = await startPipeline(sim, acting, input)
  wakePipelines(sim)
  return pipeline
}

/** What a push or a merge starts. */
export async function runPushedPipelines(sim: Sim, acting: Acting, refs: PushedRef[]): Promise<void> {
  await startPushedPipelines(sim, acting, refs)
  wakePipelines(sim)
}

/** What a new pull request starts. */
export async function runPullRequestPipelines(sim: Sim, acting: Acting, id: number): Promise<void> {
  await startPullRequestPipelines(sim, acting, { id })
  wakePipelines(sim)
}
