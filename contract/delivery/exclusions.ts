import * as z from 'zod'
import { id, idParams, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

const reason = z.string().trim().min(1).max(500)

const exclusion = z.object({
  /** Of a rule; of a pull request its own. */
  id,
  kind: z.enum(['pull_request', 'repository', 'label']),
  pull_request: z.object({ id, number: z.number().int(), title: z.string() }).nullable(),
  /** What is left out, or where the pull request is; null of a label. */
  repository: z.object({ id, name: z.string() }).nullable(),
  label: z.string().nullable(),
  reason: z.string(),
  by: z.string(),
  /** Null where nobody wrote down when. */
  at: timestamp.nullable(),
})
export type Exclusion = z.infer<typeof exclusion>

export const listExclusions = defineRoute({
  id: 'listExclusions',
  method: 'GET',
  path: '/api/v1/analytics/exclusions',
  summary: 'What people left out of figures, who did and why; of pull requests the latest 500',
  tag: 'Analytics',
  access: 'read',
  status: 200,
  response: z.object({ items: z.array(exclusion) }),
})

export const createExclusion = defineRoute({
  id: 'createExclusion',
  method: 'POST',
  path: '/api/v1/analytics/exclusions',
  summary: 'Leave a repository, or pull requests of a label, out of every figure',
  tag: 'Analytics',
  access: 'deployment.decide',
  status: 201,
  body: z.union([
    z.strictObject({ repository_id: id, reason }),
    z.strictObject({ label: z.string().trim().min(1).max(100), reason }),
  ]),
  response: z.object({ id }),
})

export const removeExclusion = defineRoute({
  id: 'removeExclusion',
  method: 'DELETE',
  path: '/api/v1/analytics/exclusions/:id',
  summary: 'Let what a rule left out count again',
  tag: 'Analytics',
  access: 'deployment.decide',
  status: 204,
  params: idParams,
})

export const excludePullRequest = defineRoute({
  id: 'excludePullRequest',
  method: 'PUT',
  path: '/api/v1/analytics/pull-requests/:id/exclusion',
  summary: 'Leave one pull request out of every figure',
  tag: 'Analytics',
  access: 'deployment.decide',
  status: 204,
  params: idParams,
  body: z.strictObject({ reason }),
})

export const includePullRequest = defineRoute({
  id: 'includePullRequest',
  method: 'DELETE',
  path: '/api/v1/analytics/pull-requests/:id/exclusion',
  summary: 'Let a pull request that was left out count again',
  tag: 'Analytics',
  access: 'deployment.decide',
  status: 204,
  params: idParams,
})
