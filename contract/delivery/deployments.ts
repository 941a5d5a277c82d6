import * as z from 'zod'
import { id, idParams, page, pageQuery, repeated, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

/** A repository as pipelines know it: `workspace/slug`, or its UUID with braces. */
const repositoryName = z.string().trim().min(1).max(250)
/** What makes it the same one however often it is told. */
const key = z.string().trim().min(1).max(200)
const webUrl = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .optional()

const named = z.object({ id, name: z.string() })

const deploymentTold = z.strictObject({
  repository: repositoryName,
  key,
  /** As people call it; made where it is new. */
  environment: z.string().trim().min(1).max(100).optional(),
  /** Left out: production. */
  environment_kind: z.enum(['test', 'staging', 'production', 'other']).optional(),
  /** Seven to forty hexadecimal digits. */
  commit: z
    .string()
    .regex(/^[0-9a-f]{7,40}$/i, '7 to 40 hexadecimal digits')
    .optional(),
  state: z.enum(['in_progress', 'successful', 'failed', 'stopped']),
  started_at: timestamp.optional(),
  /** Left out: now, unless it is in progress. */
  completed_at: timestamp.optional(),
  url: webUrl,
})
export type DeploymentTold = z.infer<typeof deploymentTold>

/** `counts_as_source`: whether deployments of this repository are told by this call at present, or from elsewhere. */
const deploymentTaken = z.object({ id, repository: named, environment: named, counts_as_source: z.boolean() })
export type DeploymentTaken = z.infer<typeof deploymentTaken>

export const recordDeployment = defineRoute({
  id: 'recordDeployment',
  method: 'POST',
  path: '/api/v1/deployments',
  summary: 'Tell of a deployment from a pipeline or a script; the same key again changes the same one',
  tag: 'Analytics',
  access: 'deployment.write',
  status: 200,
  body: deploymentTold,
  response: deploymentTaken,
})

const incidentTold = z.strictObject({
  repository: repositoryName,
  key,
  title: z.string().trim().min(1).max(300),
  /** Left out: now, where it is new. */
  began_at: timestamp.optional(),
  /** Null while it lasts. */
  resolved_at: timestamp.nullable().optional(),
  /** Key of the deployment that caused it; left out: the last success before it began. */
  deployment_key: key.optional(),
  /** As whoever tells it calls it. */
  severity: z.string().trim().min(1).max(50).optional(),
  url: webUrl,
})
export type IncidentTold = z.infer<typeof incidentTold>

const incidentTaken = z.object({ id, repository: named, began_at: timestamp, resolved_at: timestamp.nullable() })
export type IncidentTaken = z.infer<typeof incidentTaken>

export const recordIncident = defineRoute({
  id: 'recordIncident',
  method: 'POST',
  path: '/api/v1/incidents',
  summary: 'Tell that production suffers, or suffers no more; the same key again changes the same one',
  tag: 'Analytics',
  access: 'deployment.write',
  status: 200,
  body: incidentTold,
  response: incidentTaken,
})

const countedDeployment = z.object({
  id,
  repository: named,
  environment: z.string(),
  commit: z.string().nullable(),
  name: z.string().nullable(),
  web_url: z.string().nullable(),
  outcome: z.enum(['successful', 'failed', 'stopped']),
  completed_at: timestamp,
  /** Pull requests it brought into production. */
  changes: z.number().int(),
  /** Attempts, steps and regions that are this one. */
  tellings: z.number().int(),
  is_rollback: z.boolean(),
  is_rework: z.boolean(),
  failed_by: z.enum(['manual', 'incident', 'rollback', 'hotfix', 'deploy_failed']).nullable(),
  recovered_at: timestamp.nullable(),
  /** What a person said of it, which beats every rule; null where nobody did. */
  mark: z
    .object({
      failed: z.boolean().nullable(),
      rework: z.boolean().nullable(),
      reason: z.string(),
      by: z.string(),
      at: timestamp,
    })
    .nullable(),
})
export type CountedDeployment = z.infer<typeof countedDeployment>

export const listDeployments = defineRoute({
  id: 'listDeployments',
  method: 'GET',
  path: '/api/v1/deployments',
  summary: 'Production deployments as they count, latest first',
  tag: 'Analytics',
  access: 'read',
  status: 200,
  query: z.strictObject({
    ...pageQuery,
    repository: repeated(id),
    /** Teams with all below them: deployments of their repositories. */
    team: repeated(id),
    outcome: repeated(z.enum(['successful', 'failed', 'stopped'])),
    /** Judged failed, made only to repair, or marked by a person. */
    judged: z.enum(['failed', 'rework', 'marked']).optional(),
    from: timestamp.optional(),
    to: timestamp.optional(),
  }),
  response: page(countedDeployment),
})

export const deploymentVerdicts = ['failed', 'not_failed', 'rework', 'planned'] as const
export type DeploymentVerdict = (typeof deploymentVerdicts)[number]

export const markDeployment = defineRoute({
  id: 'markDeployment',
  method: 'PUT',
  path: '/api/v1/deployments/:id/mark',
  summary: 'Say of a deployment whether it failed, or was made only to repair; figures are worked out anew',
  tag: 'Analytics',
  access: 'deployment.decide',
  status: 204,
  params: idParams,
  body: z.strictObject({ verdict: z.enum(deploymentVerdicts), reason: z.string().trim().min(1).max(500) }),
})

export const unmarkDeployment = defineRoute({
  id: 'unmarkDeployment',
  method: 'DELETE',
  path: '/api/v1/deployments/:id/mark',
  summary: 'Take back what was said of a deployment: the rules judge it again',
  tag: 'Analytics',
  access: 'deployment.decide',
  status: 204,
  params: idParams,
})
