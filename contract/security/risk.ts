import * as z from 'zod'
import { calendarDate, id, idParams, severity, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

/** Points of a score, 0 to 100, to one decimal. */
const points = z.number()
const contribution = z.object({ label: z.string(), points })

/** The last score of each day (UTC) by the present formula, oldest first; null: nothing was imported yet. */
const trend = z.array(z.object({ day: calendarDate, score: points.nullable(), open: z.number().int() }))

const score = {
  /** The version of the formula of docs/risk-score.md. */
  version: z.number().int(),
  /** Null: nothing was imported for a default branch yet, so nobody knows. */
  score: points.nullable(),
  /** Null: not worked out yet. */
  scored_at: timestamp.nullable(),
  /** Something changed since; the next score follows within seconds. */
  outdated: z.boolean(),
}

export const getAssetRisk = defineRoute({
  id: 'getAssetRisk',
  method: 'GET',
  path: '/api/v1/assets/:id/risk',
  summary: 'Risk score of an asset, and what its points come from',
  tag: 'Risk',
  access: 'read',
  status: 200,
  params: idParams,
  response: z.object({
    ...score,
    branch: z.string(),
    /** Open vulnerabilities of the default branch. */
    open: z.number().int(),
    /** They add up to the score. */
    contributions: z.array(contribution),
    /** Those that weigh most, at most ten, with the points each has in the score. */
    heaviest: z.array(z.object({ id, number: z.number().int(), title: z.string(), severity, points })),
    trend,
  }),
})

export const getRisk = defineRoute({
  id: 'getRisk',
  method: 'GET',
  path: '/api/v1/risk',
  summary: 'Risk score of the organization with the shares of its assets, and the funnel',
  tag: 'Risk',
  access: 'read',
  status: 200,
  response: z.object({
    ...score,
    /** The assets with the greatest shares, at most twenty. */
    assets: z.array(
      z.object({
        id,
        key: z.string(),
        name: z.string(),
        business_impact: z.enum(['low', 'medium', 'high']),
        score: points,
        /** Its share of the organization's score. */
        points,
      }),
    ),
    /** All other scored assets together; with those above they add up to the score. */
    others: z.object({ assets: z.number().int(), points }),
    /** Assets whose default branch nothing was imported for. */
    unscored: z.number().int(),
    /** Open vulnerabilities of default branches, each step within the one before. */
    funnel: z.object({
      open: z.number().int(),
      high_impact: z.number().int(),
      internet_facing: z.number().int(),
      sensitive_data: z.number().int(),
    }),
    trend,
  }),
})
