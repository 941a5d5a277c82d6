import * as z from 'zod'
import { calendarDate } from '../primitives.ts'
import { defineRoute } from '../route.ts'
import { metricInfo } from './metrics.ts'

/** In the figure's unit: seconds, a share from 0 to 1, lines, pieces. */
const bound = z.number().min(0).max(1e12)
const goal = z.object({
  metric: z.string(),
  title: z.string(),
  unit: metricInfo.shape.unit,
  direction: z.enum(['lower', 'higher']),
  /** The one in force today; null for none. */
  target: z.number().nullable(),
  /** What misses the target and not this is amber. */
  amber: z.number().nullable(),
  /** Null for the figure's own. */
  valid_from: calendarDate.nullable(),
  set_by: z.string().nullable(),
  /** All that were set, latest first: the past keeps the goal it had. */
  set: z.array(
    z.object({
      valid_from: calendarDate,
      target: z.number().nullable(),
      amber: z.number().nullable(),
      set_by: z.string(),
    }),
  ),
})
const goals = z.object({ items: z.array(goal) })
export type MetricGoals = z.infer<typeof goals>

export const listMetricGoals = defineRoute({
  id: 'listMetricGoals',
  method: 'GET',
  path: '/api/v1/settings/goals',
  summary: 'What the organization wants each figure to reach',
  tag: 'Analytics',
  access: 'read',
  status: 200,
  response: goals,
})

export const setMetricGoal = defineRoute({
  id: 'setMetricGoal',
  method: 'PUT',
  path: '/api/v1/settings/goals',
  summary: 'Set the goal of a figure from a day on; what was before keeps its goal',
  tag: 'Analytics',
  access: 'organization.write',
  status: 200,
  body: z.strictObject({
    metric: z.string().max(100),
    /** Null: from then on there is none. */
    target: bound.nullable(),
    amber: bound.nullable(),
    /** Today in UTC, where it is left out. */
    valid_from: calendarDate.optional(),
  }),
  response: goals,
})
