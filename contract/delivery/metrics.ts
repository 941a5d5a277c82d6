import * as z from 'zod'
import { statistics } from '../../src/domain/delivery/statistics.ts'
import { intervals } from '../../src/domain/delivery/time-buckets.ts'
import { calendarDate, id, page, pageQuery, repeated, severity, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

const units = ['seconds', 'count', 'per_day', 'ratio', 'lines'] as const
const shapes = ['distribution', 'ratio', 'mean', 'weighted_mean', 'count', 'rate', 'total', 'age', 'backlog'] as const
const groups = ['dora', 'flow', 'reviews', 'health', 'security', 'pipelines'] as const
const subjects = ['pull_request', 'deployment', 'incident', 'vulnerability', 'pipeline'] as const

export const metricInfo = z.object({
  key: z.string(),
  title: z.string(),
  description: z.string(),
  /** Durations are seconds, ratios 0 to 1. */
  unit: z.enum(units),
  /** A statistic can be chosen for `distribution` and `age` alone. */
  shape: z.enum(shapes),
  /** What its rows are; pull requests and pipelines have a branch to be narrowed by, and severity is of vulnerabilities. */
  subject: z.enum(subjects),
  group: z.enum(groups),
  /** Whether `hours=business` can be asked for. */
  has_business_hours: z.boolean(),
  /** Whether less or more is better, and the value to reach in the metric's unit. */
  goal: z.object({ direction: z.enum(['lower', 'higher', 'none']), target: z.number().nullable() }),
})
export type MetricInfo = z.infer<typeof metricInfo>

/** What was to be reached at the end of a range, and whether it was; null where there was no goal or no value. */
const rated = {
  goal: z.object({ target: z.number(), amber: z.number().nullable() }).nullable(),
  rating: z.enum(['green', 'amber', 'red']).nullable(),
}

/** `value` null: nothing is known, or a statistic of fewer than three. */
const measured = { value: z.number().nullable(), n: z.number().int() }

export const metricAnswer = z.object({
  key: z.string(),
  unit: z.enum(units),
  /** Null where none can be chosen. */
  statistic: z.enum(statistics).nullable(),
  from: timestamp,
  to: timestamp,
  /** The UTC day whose evening the report was repeated of; null for what is known now. */
  as_of: calendarDate.nullable(),
  ...measured,
  ...rated,
  /** Of `total` that belong here, `counted` have a value. */
  coverage: z.object({ counted: z.number().int(), total: z.number().int() }),
  /** Not counted and not among the total: `bot_author`, `negative_span`, `superseded`, `stopped`, `expired`, `too_many_lines`, `too_slow_to_blame`, `files_missing`, or the words of who decided it. */
  excluded: z.array(z.object({ reason: z.string(), count: z.number().int() })),
  /** The range of the same length before this one. */
  previous: z.object(measured).nullable(),
  buckets: z.array(z.object({ from: timestamp, to: timestamp, ...measured, ...rated })),
  /** How many values lie between the edges of the metric, in its unit; null where it has none. */
  parts: z.array(z.object({ from: z.number(), to: z.number().nullable(), n: z.number().int() })).nullable(),
})
export type MetricAnswer = z.infer<typeof metricAnswer>

export const metricRow = z.object({
  kind: z.enum(subjects),
  id,
  repository: z.object({ id, name: z.string() }),
  /** Of a pull request, a vulnerability or a pipeline. */
  number: z.number().int().nullable(),
  title: z.string(),
  web_url: z.string(),
  /** By which it belongs to the range. */
  at: timestamp,
  value: z.number(),
  /** What is to be known of how its figures came about. */
  flags: z.array(z.string()),
})
export type MetricRow = z.infer<typeof metricRow>

const params = z.strictObject({ key: z.string().max(100) })
export const metricScope = {
  /** The half-open range; the last 90 days where it is left out. */
  from: timestamp.optional(),
  to: timestamp.optional(),
  repository: repeated(id),
  /** Names of branches that pull requests go into, or pipelines ran on. */
  branch: repeated(z.string().max(500)),
  /** Of vulnerabilities, in figures of security alone. */
  severity: repeated(severity),
  /** Names of labels: of pull requests that have one of them. */
  label: repeated(z.string().max(100)),
  /**
   * Teams with all below them: pull requests of whoever was in one when it was opened, and of authors in no team those in
   * its repositories; deployments of its repositories.
   */
  team: repeated(id),
  /** `business`: of a duration only what lies in the hours of the author's team, else of the organization. */
  hours: z.enum(['all', 'business']).optional(),
}

export const listMetrics = defineRoute({
  id: 'listMetrics',
  method: 'GET',
  path: '/api/v1/analytics/metrics',
  summary: 'Figures of delivery that can be asked for',
  tag: 'Analytics',
  access: 'read',
  status: 200,
  response: z.array(metricInfo),
})

export const getMetric = defineRoute({
  id: 'getMetric',
  method: 'GET',
  path: '/api/v1/analytics/metrics/:key',
  summary: 'One figure for a range and its days, weeks or months',
  tag: 'Analytics',
  access: 'read',
  status: 200,
  params,
  query: z.strictObject({
    ...metricScope,
    interval: z.enum(intervals).optional(),
    statistic: z.enum(statistics).optional(),
    /** By whose midnights days begin; weeks begin on Monday. UTC where it is left out. */
    time_zone: z.string().max(100).optional(),
    compare: z.enum(['true', 'false']).optional(),
    /** Repeats the report as it was on the evening of that UTC day, of whole UTC days before it, without `branch`. */
    as_of: calendarDate.optional(),
  }),
  response: metricAnswer,
})

export const listMetricRows = defineRoute({
  id: 'listMetricRows',
  method: 'GET',
  path: '/api/v1/analytics/metrics/:key/rows',
  summary: 'The pull requests, deployments, pipelines, incidents or vulnerabilities that made a figure, latest first',
  tag: 'Analytics',
  access: 'read',
  status: 200,
  params,
  query: z.strictObject({ ...metricScope, ...pageQuery }),
  response: page(metricRow),
})
