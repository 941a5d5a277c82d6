import * as z from 'zod'
import { id, repeated, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

const line = z.object({
  key: z.string(),
  /** Null: all others together, and whom the remote does not name. */
  label: z.string().nullable(),
  people: z.number().int(),
  count: z.number().int(),
})

const reviewMatrixAnswer = z.object({
  /** As what people are shown, by what the organization allows: by name, by team, or as numbers. */
  grouping: z.enum(['person', 'team', 'anonymous']),
  from: timestamp,
  to: timestamp,
  /** At most thirty and the others, on each side. */
  reviewers: z.array(line),
  authors: z.array(line),
  /** Pull requests of an author that a reviewer commented on, approved or asked to change; only those that are not 0. */
  cells: z.array(z.object({ reviewer: z.string(), author: z.string(), count: z.number().int() })),
  excluded: z.array(z.object({ reason: z.string(), count: z.number().int() })),
  /** Shares from 0 to 1; `gini` is 0 where all active people review as much; null of fewer than three. */
  distribution: z.object({
    active: z.number().int(),
    reviewed: z.number().int(),
    share: z.number().nullable(),
    goal: z.number(),
    gini: z.number().nullable(),
    /** What the three who review most have of all reviews. */
    top_share: z.number().nullable(),
  }),
  /** Reviews by reviewer, and open requests for a review by whom they are asked of, as it is now. */
  load: z.object({
    reviews: z.number().int(),
    median: z.number().nullable(),
    p90: z.number().nullable(),
    open_requests: z.number().int(),
    open_requests_median: z.number().nullable(),
    open_requests_p90: z.number().nullable(),
  }),
})
export type ReviewMatrixAnswer = z.infer<typeof reviewMatrixAnswer>

export const getReviewMatrix = defineRoute({
  id: 'getReviewMatrix',
  method: 'GET',
  path: '/api/v1/analytics/reviews/matrix',
  summary: 'Who reviews whose pull requests, and how evenly that is spread',
  tag: 'Analytics',
  access: 'read',
  status: 200,
  query: z.strictObject({
    /** The half-open range; the last 90 days where it is left out. */
    from: timestamp.optional(),
    to: timestamp.optional(),
    repository: repeated(id),
    /** Names of branches that pull requests go into. */
    branch: repeated(z.string().max(500)),
    /** Names of labels: of pull requests that have one of them. */
    label: repeated(z.string().max(100)),
    /** Teams with all below them: their pull requests, whoever reviewed them. */
    team: repeated(id),
  }),
  response: reviewMatrixAnswer,
})
