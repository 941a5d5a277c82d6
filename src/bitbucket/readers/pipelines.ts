import * as z from 'zod'
import type { FeedRequest } from './feed-request.ts'
import { account, counted, maybeMoment, moment, text } from './record.ts'

export const pipelinesPerPage = 100

/**
 * All pipelines, newest first. `fields` is left out: the links to further pages forget it.
 * https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pipelines/
 */
export function requestPipelines(repositoryPath: string): FeedRequest {
  return {
    path: `${repositoryPath}/pipelines`,
    what: 'list the pipelines',
    query: { sort: '-created_on', pagelen: pipelinesPerPage },
  }
}

const nameOnly = z.object({ name: z.string() }).nullish()
const results = {
  SUCCESSFUL: 'successful',
  FAILED: 'failed',
  ERROR: 'error',
  STOPPED: 'stopped',
  EXPIRED: 'expired',
} as const

/** One pipeline; `startedAt` is when it was asked for. */
export const pipelineRecord = z
  .object({
    uuid: z.string().min(1),
    build_number: counted,
    creator: account,
    target: z
      .object({
        ref_type: text.nullish(),
        ref_name: text.nullish(),
        source: text.nullish(),
        selector: z.object({ type: z.string().nullish(), pattern: text.nullish() }).nullish(),
        commit: z.object({ hash: z.string() }).nullish(),
      })
      .nullish(),
    trigger: nameOnly,
    state: z.object({ name: z.enum(['PENDING', 'IN_PROGRESS', 'COMPLETED']), stage: nameOnly, result: nameOnly }),
    created_on: moment,
    completed_on: maybeMoment,
    duration_in_seconds: counted.nullish(),
    build_seconds_used: counted.nullish(),
  })
  .transform((value) => ({
    key: value.uuid,
    uuid: value.uuid,
    number: value.build_number,
    creator: value.creator,
    refType: value.target?.ref_type ?? null,
    refName: value.target?.ref_name ?? value.target?.source ?? null,
    name: value.target?.selector?.type === 'custom' ? (value.target.selector.pattern ?? null) : null,
    commit: value.target?.commit?.hash ?? null,
    trigger: value.trigger?.name.toLowerCase() ?? null,
    state: toState(value.state),
    result: toResult(value.state.result?.name),
    startedAt: value.created_on,
    completedAt: value.completed_on,
    durationS: value.duration_in_seconds ?? null,
    buildS: value.build_seconds_used ?? null,
  }))

export type PipelineEntry = z.output<typeof pipelineRecord>

type State = { name: 'PENDING' | 'IN_PROGRESS' | 'COMPLETED'; stage?: { name: string } | null | undefined }

function toState({ name, stage }: State): 'pending' | 'in_progress' | 'paused' | 'completed' {
  switch (name) {
    case 'PENDING':
      return 'pending'
    case 'IN_PROGRESS':
      return stage?.name === 'PAUSED' || stage?.name === 'HALTED' ? 'paused' : 'in_progress'
    case 'COMPLETED':
      return 'completed'
    default:
      return name satisfies never
  }
}

function toResult(name: string | undefined): (typeof results)[keyof typeof results] | null {
  return Object.entries(results).find(([told]) => told === name)?.[1] ?? null
}
