import * as z from 'zod'
import type { FeedRequest } from './feed-request.ts'
import { maybeMoment, text } from './record.ts'

export const deploymentsPerPage = 100

/**
 * All deployments, started last first; what was never started comes before them. Without `sort` there is no order.
 * https://developer.atlassian.com/cloud/bitbucket/rest/api-group-deployments/
 */
export function requestDeployments(repositoryPath: string): FeedRequest {
  return {
    path: `${repositoryPath}/deployments`,
    what: 'list the deployments',
    query: { sort: '-state.started_on', pagelen: deploymentsPerPage },
  }
}

/** The environments of a repository, in one page. */
export function requestEnvironments(repositoryPath: string): FeedRequest {
  return { path: `${repositoryPath}/environments`, what: 'list the environments', query: { pagelen: 100 } }
}

const kinds = { Test: 'test', Staging: 'staging', Production: 'production' } as const

/** One environment; what it is for is its type, never its name. */
export const environmentRecord = z
  .object({
    uuid: z.string().min(1),
    name: text.nullish(),
    environment_type: z.object({ name: z.string().nullish() }).nullish(),
  })
  .transform((value) => ({
    key: value.uuid,
    uuid: value.uuid,
    name: value.name ?? value.uuid,
    kind: Object.entries(kinds).find(([name]) => name === value.environment_type?.name)?.[1] ?? ('other' as const),
  }))

export type EnvironmentEntry = z.output<typeof environmentRecord>

const released = z
  .object({
    name: text.nullish(),
    url: z.string().nullish(),
    pipeline: z.object({ uuid: z.string() }).nullish(),
    commit: z.object({ hash: z.string() }).nullish(),
  })
  .nullish()

const ends = { SUCCESSFUL: 'successful', FAILED: 'failed', STOPPED: 'stopped' } as const

/** How it stands: COMPLETED says only that it is over, and the status below it how. */
const state = z
  .object({
    name: z.enum(['UNDEPLOYED', 'IN_PROGRESS', 'COMPLETED']),
    status: z.object({ name: z.string() }).nullish(),
    started_on: maybeMoment,
    completed_on: maybeMoment,
    url: z.string().nullish(),
  })
  .transform((value, context) => {
    const { started_on: startedAt, completed_on: completedAt, url, status } = value
    const rest = { startedAt, completedAt, url: url ?? null }
    if (value.name === 'UNDEPLOYED') return { ...rest, name: 'undeployed' as const }
    if (value.name === 'IN_PROGRESS') return { ...rest, name: 'in_progress' as const }
    const end = Object.entries(ends).find(([name]) => name === status?.name)?.[1]
    if (end !== undefined) return { ...rest, name: end }
    context.addIssue({ code: 'custom', path: ['status'], message: 'is over and does not say how' })
    return z.NEVER
  })

/** One deployment of one pipeline's step to one environment. */
export const deploymentRecord = z
  .object({
    uuid: z.string().min(1),
    environment: z.object({ uuid: z.string().min(1), name: text.nullish() }),
    release: released,
    deployable: released,
    state,
    last_update_time: maybeMoment,
  })
  .transform((value) => {
    const told = value.release ?? value.deployable
    return {
      key: value.uuid,
      uuid: value.uuid,
      environment: { uuid: value.environment.uuid, name: value.environment.name ?? null },
      pipelineUuid: told?.pipeline?.uuid ?? null,
      name: told?.name ?? null,
      commit: value.release?.commit?.hash ?? value.deployable?.commit?.hash ?? null,
      state: value.state.name,
      startedAt: value.state.startedAt,
      completedAt: value.state.completedAt,
      updatedAt: value.last_update_time ?? value.state.completedAt ?? value.state.startedAt,
      webUrl: value.state.url ?? told?.url ?? null,
    }
  })

export type DeploymentEntry = z.output<typeof deploymentRecord>
