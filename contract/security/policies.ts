import * as z from 'zod'
import { findingKinds } from '../../src/domain/finding-kind.ts'
import { id, idParams, name, page, pageQuery, severity, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'
import { tag } from './assets.ts'
import { bulkChange } from './bulk-changes.ts'
import { vulnerabilitySummary } from './vulnerabilities.ts'

/** Standings against the deadline a policy can ask for. */
export const policySlaStates = ['on_track', 'approaching', 'breached'] as const
const kind = z.enum(findingKinds)
const slaState = z.enum(policySlaStates)
const branch = z.string().trim().min(1).max(255)

export const policy = z.object({
  id,
  name: z.string(),
  enabled: z.boolean(),
  min_severity: severity,
  kinds: z.array(kind),
  asset_ids: z.array(id),
  tags: z.array(z.string()),
  branches: z.array(z.string()),
  sla_states: z.array(slaState),
  max_per_run: z.number().int(),
  /** What went beyond `max_per_run` and was not sent since; null while there is nothing of the kind. */
  held_back: z.object({ count: z.number().int(), at: timestamp }).nullable(),
  created_at: timestamp,
  updated_at: timestamp,
})

export type Policy = z.infer<typeof policy>

/** An empty list is no condition. */
const policyConditions = {
  kinds: z.array(kind).max(findingKinds.length),
  asset_ids: z.array(id).max(500),
  /** Of assets. */
  tags: z.array(tag).max(50),
  branches: z.array(branch).max(50),
  /** Also sends what comes into one of these states later. */
  sla_states: z.array(slaState).max(policySlaStates.length),
}

const policySettings = {
  name,
  enabled: z.boolean(),
  min_severity: severity,
  ...policyConditions,
  /** Most that one import sends by it; the rest is held back. Left out: 100. */
  max_per_run: z.number().int().min(1).max(10_000),
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
  body: z.strictObject({ min_severity: severity, ...z.object(policyConditions).partial().shape }),
  response: z.object({
    matching: z.number().int(),
    already_sent: z.number().int(),
    would_send: z.number().int(),
    /** Of what would be sent; a severity without any is left out. */
    by_severity: z.partialRecord(severity, z.number().int()),
    examples: z.array(vulnerabilitySummary),
  }),
})

export const sendPolicy = defineRoute({
  id: 'sendPolicy',
  method: 'POST',
  path: '/api/v1/policies/:id/send',
  summary: 'Send what matches a policy and has no item yet, at most 10,000 at once, as a bulk change',
  tag: 'Policies',
  access: 'defect.send',
  status: 201,
  params: idParams,
  response: bulkChange,
})
