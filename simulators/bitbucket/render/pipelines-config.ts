import type { JsonObject } from '../../shared/json.ts'
import type { KnownHost, PipelineCache, PipelineSchedule, ScheduleExecution } from '../model/pipelines.ts'
import type { Repository } from '../model.ts'
import { fingerprints } from '../pipelines/fingerprints.ts'
import type { Sim } from '../state.ts'
import { pipelineTime, renderPipeline, renderSelector } from './pipeline.ts'
import type { Place } from './place.ts'
import { renderRepositoryReference } from './repository.ts'

export function renderPipelinesConfig(sim: Sim, repository: Repository): JsonObject {
  return {
    type: 'repository_pipelines_configuration',
    enabled: repository.pipelinesConfig.enabled === true,
    repository: renderRepositoryReference(sim, repository),
  }
}

/** The private key goes in and never comes out. */
export function renderKeyPair({ publicKey }: { publicKey: string }): JsonObject {
  return { type: 'pipeline_ssh_key_pair', public_key: publicKey }
}

export function renderKnownHost(host: KnownHost): JsonObject {
  const { md5, sha256 } = fingerprints(host.key)
  return {
    type: 'pipeline_known_host',
    uuid: host.uuid,
    hostname: host.hostname,
    public_key: {
      type: 'pipeline_ssh_public_key',
      key_type: host.keyType,
      key: host.key,
      md5_fingerprint: md5,
      sha256_fingerprint: sha256,
    },
  }
}

export function renderCache(cache: PipelineCache): JsonObject {
  return {
    type: 'pipeline_cache',
    uuid: cache.uuid,
    pipeline_uuid: cache.pipelineUuid,
    step_uuid: cache.stepUuid,
    name: cache.name,
    path: cache.path,
    file_size_bytes: cache.fileSizeBytes,
    created_on: pipelineTime(cache.createdOn),
  }
}

export function renderSchedule(schedule: PipelineSchedule): JsonObject {
  return {
    type: 'pipeline_schedule',
    uuid: schedule.uuid,
    enabled: schedule.enabled,
    target: {
      type: 'pipeline_ref_target',
      ref_type: 'branch',
      ref_name: schedule.refName,
      selector: renderSelector(schedule.selector),
    },
    cron_pattern: schedule.cronPattern,
    created_on: pipelineTime(schedule.createdOn),
    updated_on: pipelineTime(schedule.updatedOn),
  }
}

export function renderExecution(place: Place, execution: ScheduleExecution): JsonObject {
  switch (execution.kind) {
    case 'executed':
      return { type: 'pipeline_schedule_execution_executed', pipeline: renderPipeline(place, execution.pipeline) }
    case 'errored':
      return {
        type: 'pipeline_schedule_execution_errored',
        error: { type: 'pipeline_error', key: execution.key, message: execution.message },
      }
    default:
      return execution satisfies never
  }
}
