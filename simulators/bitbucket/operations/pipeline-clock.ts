import type { Pipeline } from '../model/pipelines.ts'
import type { Sim } from '../state.ts'
import { advanceRuns } from './advance-runs.ts'
import { nextScheduled, runSchedules } from './pipeline-schedules.ts'
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
/** And no less, so that time goes on whatever happens. */
const shortestSleepMs = 5

async function advanceAll(sim: Sim): Promise<void> {
  const now = sim.clock()
  await runSchedules(sim, now)
  await advanceRuns(sim, now)
}

/** When somebody has to look again. A clock driven by hand wakes in time. */
function nextLook(sim: Sim): number | undefined {
  const scheduled = nextScheduled(sim)
  const steps = sim.pipelines.runs.map(({ run }) => run.nextAt).filter((time) => time !== null)
  const times = scheduled === undefined ? steps : [...steps, scheduled]
  if (times.length === 0) return undefined
  const now = sim.clock()
  const first = Math.max(now + shortestSleepMs, Math.min(...times))
  return sim.time.isByHand() ? first : Math.min(first, now + longestSleepMs)
}

async function lookAt(sim: Sim, look: { at: number }): Promise<void> {
  await sim.time.wait(look.at - sim.clock(), sim.stopping.signal)
  if (sim.pipelines.look === look) sim.pipelines.look = null
  const work = advancePipelines(sim).finally(() => sim.inFlight.delete(work))
  sim.inFlight.add(work)
}

/** Looks after running pipelines when nobody asks for them: their webhooks go out all the same. */
export function wakePipelines(sim: Sim): void {
  const at = nextLook(sim)
  const { look } = sim.pipelines
  if (at === undefined || (look !== null && look.at <= at) || sim.stopping.signal.aborted) return
  sim.pipelines.look = { at }
  // Fails when the simulator ends.
  lookAt(sim, sim.pipelines.look).catch(() => undefined)
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
