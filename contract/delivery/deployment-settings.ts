import * as z from 'zod'
import { sourceKinds } from '../../src/domain/delivery/deployments/choose-source.ts'
import { id, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

/** Names with `*` for anything; upper and lower case are the same. */
const pattern = z.string().trim().min(1).max(200)
const patterns = z.array(pattern).max(50)

const source = z.strictObject({
  /** `workspace/slug`; null is every repository that has none of its own. */
  repository: z.string().trim().min(1).max(250).nullable(),
  kind: z.enum(sourceKinds),
  /** Of the branch that is merged into, of the tag or of the pipeline; null for the other kinds. */
  pattern: pattern.nullable(),
  /** From then on, until another one of the same repository. */
  valid_from: timestamp,
})
export type DeploymentSource = z.infer<typeof source>

const deploymentSettings = z.strictObject({
  /** Oldest first. Without any it is what Bitbucket's own deployments say. */
  sources: z.array(source).max(1000),
  /** Environments called like this are production, whatever type they have in Bitbucket. */
  production_patterns: patterns,
  /** Pull requests from branches called like this only repair. */
  repair_branches: patterns,
  /** A repair so soon after a deployment says that it failed. */
  repair_within_hours: z.number().int().min(1).max(720),
  /** Whether a deployment that did not succeed counts as a failed change as well. */
  counts_failed_deployments: z.boolean(),
  /** What was merged longer before the first known deployment is not taken for its change. */
  pre_history_days: z.number().int().min(0).max(365),
})
export type DeploymentSettings = z.infer<typeof deploymentSettings>

export const getDeploymentSettings = defineRoute({
  id: 'getDeploymentSettings',
  method: 'GET',
  path: '/api/v1/settings/deployments',
  summary: 'Where deployments are told from, and how they are judged',
  tag: 'Analytics',
  access: 'read',
  status: 200,
  response: deploymentSettings,
})

export const updateDeploymentSettings = defineRoute({
  id: 'updateDeploymentSettings',
  method: 'PUT',
  path: '/api/v1/settings/deployments',
  summary: 'Set where deployments are told from, and how they are judged; past figures are worked out anew',
  tag: 'Analytics',
  access: 'organization.write',
  status: 200,
  body: deploymentSettings,
  response: deploymentSettings,
})

const sourceInForce = z.object({
  repository: z.object({ id, name: z.string(), path: z.string() }),
  kind: z.enum(sourceKinds),
  pattern: z.string().nullable(),
  /** Production deployments of the last thirty days, as they count. */
  counted: z.number().int(),
  last_at: timestamp.nullable(),
  /** Told in these days by a source that is not in force now. */
  told_elsewhere: z.number().int(),
})
export type SourceInForce = z.infer<typeof sourceInForce>

export const listSourcesInForce = defineRoute({
  id: 'listSourcesInForce',
  method: 'GET',
  path: '/api/v1/settings/deployments/repositories',
  summary: 'Which source each repository has at present, and what it counted; a hundred by name at most',
  tag: 'Analytics',
  access: 'read',
  status: 200,
  query: z.strictObject({ text: z.string().trim().max(200).optional() }),
  response: z.object({ items: z.array(sourceInForce), has_more: z.boolean() }),
})
