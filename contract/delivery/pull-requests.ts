import * as z from 'zod'
import { pullRequestStates } from '../../src/domain/delivery/pull-request-facts.ts'
import { id, idParams, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

/** Whoever did something. Without pages of persons nobody has a name here, and `number` tells one from another. */
const person = z.object({
  role: z.enum(['author', 'reviewer', 'other', 'program', 'unknown']),
  /** Of reviewers and others, in the order they appear, from 1. */
  number: z.number().int().nullable(),
  name: z.string().nullable(),
})
export type PersonOfPullRequest = z.infer<typeof person>

/** Whole seconds. */
const durations = { seconds: z.number().int().nullable(), business_seconds: z.number().int().nullable() }

export const pullRequestDetails = z.object({
  id,
  number: z.number().int(),
  title: z.string(),
  state: z.enum(pullRequestStates),
  is_draft: z.boolean(),
  web_url: z.string(),
  repository: z.object({ id, name: z.string() }),
  source_branch: z.string().nullable(),
  destination_branch: z.string().nullable(),
  author: person,
  /** Whose figures it is in, those above left out. */
  teams: z.array(z.object({ id, name: z.string() })),
  labels: z.array(z.string()),
  changed_lines: z.number().int().nullable(),
  /** The moments its figures are made of; null for what did not happen. All null until they are worked out. */
  moments: z.object({
    first_commit_at: timestamp.nullable(),
    opened_at: timestamp,
    ready_at: timestamp.nullable(),
    first_review_at: timestamp.nullable(),
    first_approval_at: timestamp.nullable(),
    merged_at: timestamp.nullable(),
    closed_at: timestamp.nullable(),
    deployed_at: timestamp.nullable(),
  }),
  /** In their order; those that are known add up to the whole. */
  phases: z.array(
    z.object({
      key: z.enum(['coding_time', 'pickup_time', 'review_time', 'merge_wait', 'deploy_time']),
      from: timestamp.nullable(),
      to: timestamp.nullable(),
      ...durations,
    }),
  ),
  /** From the first commit to the merge, or to production where it is there. */
  whole: z.object(durations),
  flags: z.array(z.string()),
  /** What somebody said who left it out of every figure; null where nobody did. */
  excluded: z.object({ reason: z.string(), by: z.string(), at: timestamp.nullable() }).nullable(),
  /** Why it is in no figure, and why in none of time up to the merge. */
  left_out: z.string().nullable(),
  span_left_out: z.string().nullable(),
  /** Null until its figures are worked out. */
  computed_at: timestamp.nullable(),
  deployment: z
    .object({ id, environment: z.string(), completed_at: timestamp, rule: z.enum(['ancestry', 'time_based']) })
    .nullable(),
  /** What happened, in its order; the latest thousand. */
  events: z.array(
    z.object({
      kind: z.string(),
      at: timestamp,
      by: person,
      /** Of a comment: the place it stands at. Of a push: the commit. */
      detail: z.string().nullable(),
      is_deleted: z.boolean(),
      /** Why no figure takes it for a review; null where one does, or where it is none. */
      not_counted: z.enum(['own', 'program', 'unknown', 'deleted', 'after_end']).nullable(),
    }),
  ),
  events_total: z.number().int(),
  /** Own commits, by when they were written; the first hundred. */
  commits: z.array(z.object({ sha: z.string(), at: timestamp, message: z.string() })),
  commits_total: z.number().int(),
})
export type PullRequestDetails = z.infer<typeof pullRequestDetails>

export const getPullRequest = defineRoute({
  id: 'getPullRequest',
  method: 'GET',
  path: '/api/v1/analytics/pull-requests/:id',
  summary: 'One pull request: what happened to it, and what its figures are made of',
  tag: 'Analytics',
  access: 'read',
  status: 200,
  params: idParams,
  response: pullRequestDetails,
})
