import * as z from 'zod'
import { statistics } from '../../src/domain/delivery/statistics.ts'
import { id, idParams, name, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'
import { metricAnswer, metricInfo } from './metrics.ts'

/** What is known of vulnerabilities is nobody else's business. */
const group = metricInfo.shape.group.exclude(['security'])

const view = {
  name,
  group,
  /** So many days up to the end of today; null for the fixed range from `from` to `to`. */
  days: z.number().int().min(1).max(366).nullable(),
  from: timestamp.nullable(),
  to: timestamp.nullable(),
  /** Empty: all of them. */
  repository_ids: z.array(id).max(100),
  branches: z.array(z.string().min(1).max(500)).max(100),
  /** Each with all below it. Empty: whoever’s work it is. */
  team_ids: z.array(id).max(100),
  /** Pull requests that have one of them; deployments have none. */
  labels: z.array(z.string().min(1).max(100)).max(100),
  /** `business`: of durations that have hours of teams only what lies in them. */
  hours: z.enum(['all', 'business']),
  time_zone: z.string().min(1).max(100),
  /** Whether the rows behind figures are told by the titles of pull requests and deployments. */
  shows_titles: z.boolean(),
}

export const publicLink = z.object({
  id,
  ...view,
  created_by: z.string(),
  created_at: timestamp,
  expires_at: timestamp,
  revoked_at: timestamp.nullable(),
  last_opened_at: timestamp.nullable(),
})
export type PublicLink = z.infer<typeof publicLink>

export const listPublicLinks = defineRoute({
  id: 'listPublicLinks',
  method: 'GET',
  path: '/api/v1/public-links',
  summary:
    'Links that show a view of the analytics without a login, those not revoked first, and whether they answer at all',
  tag: 'Settings',
  access: 'organization.write',
  status: 200,
  response: z.object({ is_on: z.boolean(), items: z.array(publicLink) }),
})

export const updatePublicLinkSettings = defineRoute({
  id: 'updatePublicLinkSettings',
  method: 'PUT',
  path: '/api/v1/settings/public-links',
  summary: 'Turn links without a login on or off; off, none of them answers',
  tag: 'Settings',
  access: 'organization.write',
  status: 200,
  body: z.strictObject({ is_on: z.boolean() }),
  response: z.object({ is_on: z.boolean() }),
})

export const createPublicLink = defineRoute({
  id: 'createPublicLink',
  method: 'POST',
  path: '/api/v1/public-links',
  summary: 'Make a link to a view of the analytics; the address is shown here and never again',
  tag: 'Settings',
  access: 'organization.write',
  status: 201,
  body: z.strictObject({
    ...view,
    team_ids: view.team_ids.optional(),
    labels: view.labels.optional(),
    hours: view.hours.optional(),
    expires_in_days: z.number().int().min(1).max(366).optional(),
  }),
  response: z.object({ link: publicLink, url: z.string() }),
})

export const revokePublicLink = defineRoute({
  id: 'revokePublicLink',
  method: 'DELETE',
  path: '/api/v1/public-links/:id',
  summary: 'End a link at once',
  tag: 'Settings',
  access: 'organization.write',
  status: 204,
  params: idParams,
})

/** Far longer than one of ours. */
const token = z.string().min(1).max(300)

export const openPublicLink = defineRoute({
  id: 'openPublicLink',
  method: 'POST',
  path: '/api/v1/public-links/open',
  summary: 'What a link shows: its view and the figures of it, without a login',
  tag: 'Analytics',
  access: 'public',
  status: 200,
  body: z.strictObject({ token }),
  response: z.object({
    name: z.string(),
    organization_name: z.string(),
    group,
    from: timestamp,
    to: timestamp,
    time_zone: z.string(),
    /** Names of the repositories it is narrowed to. */
    repositories: z.array(z.string()),
    branches: z.array(z.string()),
    /** Names of the teams it is narrowed to. */
    teams: z.array(z.string()),
    labels: z.array(z.string()),
    hours: view.hours,
    expires_at: timestamp,
    metrics: z.array(metricInfo),
  }),
})

export const getPublicFigure = defineRoute({
  id: 'getPublicFigure',
  method: 'POST',
  path: '/api/v1/public-links/figure',
  summary: 'One figure of the view of a link, without a login',
  tag: 'Analytics',
  access: 'public',
  status: 200,
  body: z.strictObject({ token, key: z.string().min(1).max(100), statistic: z.enum(statistics).optional() }),
  response: metricAnswer,
})

/** No name of a person, and no address of anything. */
export const publicRow = z.object({
  kind: metricInfo.shape.subject,
  id,
  repository: z.string(),
  number: z.number().int().nullable(),
  /** Null where the link does not show titles. */
  title: z.string().nullable(),
  at: timestamp,
  value: z.number(),
})

export const listPublicRows = defineRoute({
  id: 'listPublicRows',
  method: 'POST',
  path: '/api/v1/public-links/rows',
  summary: 'The pull requests or deployments that made a figure of a link, latest first, without a login',
  tag: 'Analytics',
  access: 'public',
  status: 200,
  body: z.strictObject({ token, key: z.string().min(1).max(100) }),
  response: z.object({ items: z.array(publicRow), has_more: z.boolean() }),
})
