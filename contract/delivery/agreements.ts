import * as z from 'zod'
import { agreementKinds } from '../../src/domain/delivery/agreement-kinds.ts'
import { id, idParams, page, pageQuery, repeated, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

const terms = {
  kind: z.enum(agreementKinds),
  /** Hours of `first_review_within`, lines of `size_at_most`; null for the others. */
  threshold: z.number().int().min(1).max(1_000_000).nullable(),
}
const team = z.object({ id, name: z.string() })
const agreement = z.object({ id, ...terms, is_on: z.boolean(), team: team.nullable() })
const agreements = z.object({ items: z.array(agreement) })
export type Agreements = z.infer<typeof agreements>

const share = {
  /** Of 0 to 1; null where too few were judged to show it. */
  share: z.number().nullable(),
  /** How many were judged, and how many of them kept it. */
  n: z.number().int(),
  kept: z.number().int(),
}
const keptAgreements = z.object({
  from: timestamp,
  to: timestamp,
  items: z.array(
    z.object({
      id,
      ...terms,
      team: team.nullable(),
      ...share,
      /** Merged, but what is agreed on is not known of them. */
      unknown: z.number().int(),
      weeks: z.array(z.object({ from: timestamp, to: timestamp, ...share })),
    }),
  ),
})
export type KeptAgreements = z.infer<typeof keptAgreements>

const brokenRow = z.object({
  id,
  repository: z.object({ id, name: z.string() }),
  number: z.number().int(),
  title: z.string(),
  web_url: z.string(),
  merged_at: timestamp,
  /** Seconds until the first review, or lines; null where there is none. */
  value: z.number().nullable(),
})
export type BrokenRow = z.infer<typeof brokenRow>

const scope = {
  /** The half-open range; the last 90 days where it is left out. */
  from: timestamp.optional(),
  to: timestamp.optional(),
  repository: repeated(id),
  branch: repeated(z.string().max(500)),
  /** Names of labels: of pull requests that have one of them. */
  label: repeated(z.string().max(100)),
  /** Teams with all below them. */
  team: repeated(id),
}

export const listAgreements = defineRoute({
  id: 'listAgreements',
  method: 'GET',
  path: '/api/v1/settings/agreements',
  summary: 'What teams agreed on how they work',
  tag: 'Analytics',
  access: 'read',
  status: 200,
  response: agreements,
})

export const updateAgreements = defineRoute({
  id: 'updateAgreements',
  method: 'PUT',
  path: '/api/v1/settings/agreements',
  summary: 'Set what teams agreed on; those that are not named any more are gone',
  tag: 'Analytics',
  access: 'organization.write',
  status: 200,
  body: z.strictObject({
    items: z.array(z.strictObject({ ...terms, is_on: z.boolean(), team_id: id.nullable() })).max(500),
  }),
  response: agreements,
})

export const getAgreements = defineRoute({
  id: 'getAgreements',
  method: 'GET',
  path: '/api/v1/analytics/agreements',
  summary: 'How far each agreement in force was kept by what was merged, week by week',
  tag: 'Analytics',
  access: 'read',
  status: 200,
  query: z.strictObject({ ...scope, time_zone: z.string().max(100).optional() }),
  response: keptAgreements,
})

export const listBrokenAgreements = defineRoute({
  id: 'listBrokenAgreements',
  method: 'GET',
  path: '/api/v1/analytics/agreements/:id/broken',
  summary: 'The merged pull requests that broke an agreement, latest first',
  tag: 'Analytics',
  access: 'read',
  status: 200,
  params: idParams,
  query: z.strictObject({ ...scope, ...pageQuery }),
  response: page(brokenRow),
})
