import type { Sim } from '../state.ts'

/**
 * What counts back from now goes back with the clock: rate limits, the leeway of used refresh tokens, and what a search
 * that lags behind has not seen yet. What ends at a time that somebody was told ends at that time.
 */
function shift(sim: Sim, by: number): void {
  for (const entries of sim.usage.values()) for (const one of entries) one.at += by
  for (const one of sim.refreshTokens) if (one.usedAt !== null) one.usedAt += by
  for (const issue of sim.issues) issue.touches = issue.touches.map((at) => at + by)
}

/** Lets all that waits by the clock go back with it. */
export function followClock(sim: Sim): void {
  sim.time.onSetBack((by) => shift(sim, by))
}
