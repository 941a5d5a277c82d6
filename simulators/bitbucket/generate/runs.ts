import { afterWork } from './calendar.ts'
import type { Colleague } from './people.ts'
import type { PlannedRun, RepositoryPlan } from './plan.ts'
import type { Random } from './random.ts'

const results = [
  ['SUCCESSFUL', 84],
  ['FAILED', 11],
  ['STOPPED', 3],
  ['ERROR', 2],
] as const

/** The pipelines of one push: what fails is often run again, and always where it has to pass in the end. */
export function planRuns(
  plan: RepositoryPlan,
  random: Random,
  start: { by: Colleague; at: number; mustPass: boolean },
): PlannedRun[] {
  const seconds = () => Math.max(25, Math.round(random.longTail(plan.pipelineMinutes * 60, 0.35)))
  const runs: PlannedRun[] = []
  let run: PlannedRun = {
    at: start.at + random.int(2, 9),
    seconds: seconds(),
    result: random.weighted(results),
    by: start.by,
    isRerun: false,
  }
  runs.push(run)
  while (run.result !== 'SUCCESSFUL' && (start.mustPass || random.chance(0.35))) {
    run = {
      at: afterWork(start.by, endOf(run), random.int(120, 1800)),
      seconds: seconds(),
      result: random.chance(0.8) ? 'SUCCESSFUL' : 'FAILED',
      by: start.by,
      isRerun: true,
    }
    runs.push(run)
  }
  return runs
}

export function endOf(run: PlannedRun): number {
  const share = run.result === 'SUCCESSFUL' ? 1 : run.result === 'ERROR' ? 0.1 : 0.6
  return run.at + Math.max(5, Math.round(run.seconds * share))
}
