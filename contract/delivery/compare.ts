import * as z from 'zod'
import { statistics } from '../../src/domain/delivery/statistics.ts'
import { id, repeated } from '../primitives.ts'
import { defineRoute } from '../route.ts'
import { metricScope } from './metrics.ts'

/** `value` null: nothing is known, or a statistic of fewer than three. */
const measured = { value: z.number().nullable(), n: z.number().int() }

export const comparedRow = z.object({
  id,
  name: z.string(),
  /** Of a repository: its workspace. Of a team: the one above it. */
  within: z.string().nullable(),
  /** In the order of the answer's `metrics`. */
  figures: z.array(z.object({ key: z.string(), ...measured, previous: z.object(measured) })),
})
export type ComparedRow = z.infer<typeof comparedRow>

export const comparison = z.object({
  metrics: z.array(z.string()),
  items: z.array(comparedRow),
  /** Rows of all pages. */
  total: z.number().int(),
  next: z.string().nullable(),
})
export type Comparison = z.infer<typeof comparison>

export const compareDelivery = defineRoute({
  id: 'compareDelivery',
  method: 'GET',
  path: '/api/v1/analytics/compare',
  summary: 'Some figures of every team or every repository, side by side',
  tag: 'Analytics',
  access: 'read',
  status: 200,
  query: z.strictObject({
    /**
     * Deployments have neither branch nor label, and not every duration has business hours: figures of those are of all
     * branches, labels and hours. A team's figures include those of all below it.
     */
    ...metricScope,
    by: z.enum(['team', 'repository']).optional(),
    /** Keys of at most eight figures; the usual six where it is left out. */
    metric: repeated(z.string().max(100)),
    statistic: z.enum(statistics).optional(),
    /** By whose midnights the range before is as many days long. UTC where it is left out. */
    time_zone: z.string().max(100).optional(),
    /** Of names. */
    text: z.string().trim().max(200).optional(),
    /** `name`, or the key of one of the figures; what has no value comes last either way. */
    sort: z.string().max(100).optional(),
    direction: z.enum(['ascending', 'descending']).optional(),
    cursor: z.string().max(500).optional(),
    limit: z.coerce.number().int().min(1).max(200).optional(),
  }),
  response: comparison,
})
