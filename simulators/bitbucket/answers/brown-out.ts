import type { Sim } from '../state.ts'

const minuteMs = 60_000

/**
 * Whether a feature is being refused for a while before its end: the first minutes from 00, 06, 12 and 18 o'clock UTC,
 * as many as the switch says.
 */
export function isBrownOut(sim: Sim, feature: 'appPasswords' | 'issues'): boolean {
  const sixHoursMs = 360 * minuteMs
  return sim.clock() % sixHoursMs < sim.switches.brownOutMinutes[feature] * minuteMs
}
