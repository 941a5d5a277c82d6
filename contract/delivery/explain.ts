import * as z from 'zod'
import { intervals } from '../../src/domain/delivery/time-buckets.ts'
import { id, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'
import { metricInfo } from './metrics.ts'

const range = z.object({ from: timestamp, to: timestamp })

export const metricExplanation = z.object({
  metric: metricInfo.pick({ key: true, title: true, description: true, unit: true, subject: true }),
  subject: z.object({
    id,
    repository: z.object({ id, name: z.string() }),
    /** Of a pull request. */
    number: z.number().int().nullable(),
    title: z.string(),
    web_url: z.string(),
  }),
  /** `no_value`: it belongs here and has none, which lowers the coverage. `not_part`: it is none of the figure's. */
  outcome: z.enum(['counted', 'no_value', 'left_out', 'not_part']),
  value: z.number().nullable(),
  /** By which it belongs to a range. */
  at: timestamp.nullable(),
  left_out: z.object({ reason: z.string(), words: z.string() }).nullable(),
  /** What the figures on screen were made of; not the same while what changed waits to be worked out. */
  stored: z.object({ value: z.number().nullable(), is_current: z.boolean() }),
  /** The day, week or month it is shown in. */
  bucket: range.nullable(),
  /** Whether the range that was asked about holds it; null where none was. */
  is_in_range: z.boolean().nullable(),
  /** All that was told, in order: where from, and what it counts as. */
  events: z.array(
    z.object({
      at: timestamp.nullable(),
      what: z.string(),
      by: z.string().nullable(),
      from: z.string(),
      rule: z.string(),
    }),
  ),
  /** Each moment with the rule that chose it. */
  moments: z.array(z.object({ name: z.string(), at: timestamp.nullable(), rule: z.string(), words: z.string() })),
  /** Seconds between two moments; null where one of them did not happen. */
  phases: z.array(z.object({ name: z.string(), from: z.string(), to: z.string(), seconds: z.number().nullable() })),
  flags: z.array(z.object({ flag: z.string(), words: z.string() })),
  /** How it came into production, sentence by sentence. */
  deployment: z.array(z.string()),
})
export type MetricExplanation = z.infer<typeof metricExplanation>

export const explainMetric = defineRoute({
  id: 'explainMetric',
  method: 'GET',
  path: '/api/v1/analytics/metrics/:key/explain',
  summary: 'Every event and every rule that made the part of one pull request or deployment in a figure',
  tag: 'Analytics',
  access: 'read',
  status: 200,
  params: z.strictObject({ key: z.string().max(100) }),
  query: z.strictObject({
    /** Its id, or `repository#number`, where the repository may be `workspace/slug`. One of both is needed. */
    pull_request: z.string().min(1).max(600).optional(),
    deployment: id.optional(),
    from: timestamp.optional(),
    to: timestamp.optional(),
    interval: z.enum(intervals).optional(),
    time_zone: z.string().max(100).optional(),
  }),
  response: metricExplanation,
})
