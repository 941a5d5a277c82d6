import type { Sim } from '../state.ts'

/**
 * Whatever is under way has as long to go as before when the clock is set back. What ends at a time that somebody was
 * told (credentials, one-time addresses) ends at that time.
 */
function shift(sim: Sim, by: number): void {
  const { pipelines, repositories } = sim
  if (pipelines.look !== null) pipelines.look.at += by
  for (const { run } of pipelines.runs) if (run.nextAt !== null) run.nextAt += by
  for (const { pipelinesConfig, tracker } of repositories) {
    // They go by the time of day: from now on.
    for (const schedule of pipelinesConfig.schedules) schedule.checkedAt = Math.min(schedule.checkedAt, sim.clock())
    for (const job of tracker.exports) job.startedAt += by
    if (tracker.lastImport !== null) tracker.lastImport.startedAt += by
  }
  for (const states of sim.past.values()) for (const one of states) one.until += by
  for (const grant of sim.refreshTokens.values()) if (grant.usedAt !== null) grant.usedAt += by
}

/** Lets all that waits by the clock go back with it. */
export function followClock(sim: Sim): void {
  sim.time.onSetBack((by) => shift(sim, by))
}
