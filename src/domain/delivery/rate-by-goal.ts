import type { TimeRange } from './time-buckets.ts'

/** How a value stands to its goal: reached, within the bound that still is tolerable, or neither. */
export type GoalRating = 'green' | 'amber' | 'red'

/** What a figure is to reach, in its unit. `amber` null: what misses the target is red. */
export type Goal = { target: number; amber: number | null }
export type GoalDirection = 'lower' | 'higher' | 'none'

/** Rates a value; null for no value, no goal, or a figure of which neither more nor less is better. A bound belongs to the better side. */
export function rateByGoal(value: number | null, goal: Goal | null, direction: GoalDirection): GoalRating | null {
  if (value === null || goal === null || direction === 'none') return null
  const isAsGood = (bound: number) => (direction === 'lower' ? value <= bound : value >= bound)
  if (isAsGood(goal.target)) return 'green'
  return goal.amber !== null && isAsGood(goal.amber) ? 'amber' : 'red'
}

/** A goal from a UTC day (like 2026-05-20) on; `target` null: from then on there is none. */
export type DatedGoal = { validFrom: string; target: number | null; amber: number | null }

/** The goal in force at the last moment of a range: the latest one set for a day up to it, else the figure's own. */
export function findGoal(dated: readonly DatedGoal[], { to }: Pick<TimeRange, 'to'>, own: Goal | null): Goal | null {
  const day = new Date(to.getTime() - 1).toISOString().slice(0, 10)
  const last = dated
    .filter(({ validFrom }) => validFrom <= day)
    .reduce<DatedGoal | undefined>((a, b) => (a === undefined || b.validFrom > a.validFrom ? b : a), undefined)
  if (last === undefined) return own
  return last.target === null ? null : { target: last.target, amber: last.amber }
}
