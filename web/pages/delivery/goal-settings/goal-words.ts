import type { RouteResponse } from '../../../api/route-types.ts'
import { formatValue } from '../../../ui/charts/format-value.ts'

export type MetricGoal = RouteResponse<'listMetricGoals'>['items'][number]
type Unit = MetricGoal['unit']

/** What a person types a bound in, and how much of the figure's unit one of it is. */
const inputs: Record<Unit, { label: string; size: number }> = {
  seconds: { label: 'hours', size: 3600 },
  ratio: { label: 'percent', size: 0.01 },
  count: { label: 'number', size: 1 },
  per_day: { label: 'a day', size: 1 },
  lines: { label: 'lines', size: 1 },
}

export function inputLabel(unit: Unit): string {
  return inputs[unit].label
}

/** A bound of the API as a person types it; an empty field for none. */
export function toInput(bound: number | null, unit: Unit): number | '' {
  return bound === null ? '' : Number((bound / inputs[unit].size).toPrecision(9))
}

/** What a person typed as the API takes it; null for an empty field. */
export function fromInput(typed: number | string, unit: Unit): number | null {
  return typeof typed === 'number' ? Number((typed * inputs[unit].size).toPrecision(9)) : null
}

/** A goal in words: *at most 24 h, amber up to 48 h*. */
export function goalWords({
  target,
  amber,
  direction,
  unit,
}: Pick<MetricGoal, 'target' | 'amber' | 'direction' | 'unit'>): string {
  if (target === null) return 'None'
  const isLower = direction === 'lower'
  const wanted = `${isLower ? 'At most' : 'At least'} ${formatValue(target, unit)}`
  return amber === null ? wanted : `${wanted}, amber ${isLower ? 'up' : 'down'} to ${formatValue(amber, unit)}`
}

/** What is wrong with two bounds, by the field that has to change. */
export function judgeBounds(
  { target, amber }: { target: number | null; amber: number | null },
  { direction, unit }: Pick<MetricGoal, 'direction' | 'unit'>,
): { target?: string; amber?: string } {
  const tooHigh = (bound: number | null) => unit === 'ratio' && bound !== null && bound > 1
  if (tooHigh(target)) return { target: 'A share is from 0 to 100 percent.' }
  if (tooHigh(amber)) return { amber: 'A share is from 0 to 100 percent.' }
  if (amber === null) return {}
  if (target === null) return { amber: 'There is no amber without a target.' }
  const isBetter = direction === 'lower' ? amber < target : amber > target
  return isBetter ? { amber: 'Amber is worse than the target, or nothing would ever be amber.' } : {}
}
