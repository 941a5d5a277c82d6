import * as z from 'zod'
import { id, idParams, name, page, pageQuery, severity, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'
import { tag } from './assets.ts'
import { vulnerabilitySummary } from './vulnerabilities.ts'

export const policy = z.object({
  id,
  name: z.string(),
  enabled: z.boolean(),
  min_severity: severity,
  asset_ids: z.array(id),
  tags: z.array(z.string()),
  created_at: timestamp,
  updated_at: timestamp,
})

export type Policy = z.infer<typeof policy>

const policySettings = {
  name,
  enabled: z.boolean(),
  min_severity: severity,
  asset_ids: z.array(id).max(500),
  tags: z.array(tag).max(50),
}

export const listPolicies = defineRoute({
  id: 'listPolicies',
  method: 'GET',
  path: '/api/v1/policies',
  summary: 'Policies: which vulnerabilities are sent by themselves',
  tag: 'Policies',
  access: 'read',
  status: 200,
  query: z.strictObject(pageQuery),
  response: page(policy),
})

export const createPolicy = defineRoute({
  id: 'createPolicy',
  method: 'POST',
  path: '/api/v1/policies',
  summary: 'Make a policy; it acts on imports from now on',
  tag: 'Policies',
  access: 'policy.write',
  status: 201,
  body: z.strictObject({ ...z.object(policySettings).partial().shape, name, min_severity: severity }),
  response: policy,
})

export const updatePolicy = defineRoute({
  id: 'updatePolicy',
  method: 'PATCH',
  path: '/api/v1/policies/:id',
  summary: 'Change a policy, switch it on or off',
  tag: 'Policies',
  access: 'policy.write',
  status: 200,
  params: idParams,
  body: z.strictObject(z.object(policySettings).partial().shape),
  response: policy,
})

export const deletePolicy = defineRoute({
  id: 'deletePolicy',
  method: 'DELETE',
  path: '/api/v1/policies/:id',
  summary: 'Remove a policy; what it sent stays sent',
  tag: 'Policies',
  access: 'policy.write',
  status: 204,
  params: idParams,
})

export const tryPolicy = defineRoute({
  id: 'tryPolicy',
  method: 'POST',
  path: '/api/v1/policies/try',
  summary: 'Dry run: which open vulnerabilities a policy would send now',
  tag: 'Policies',
  access: 'policy.write',
  status: 200,
  body: z.strictObject({
    min_severity: severity,
    asset_ids: z.array(id).max(500).optional(),
    tags: z.array(tag).max(50).optional(),
  }),
  response: z.object({
    matching: z.number().int(),
    already_sent: z.number().int(),
    would_send: z.number().int(),
    examples: z.array(vulnerabilitySummary),
  }),
})
