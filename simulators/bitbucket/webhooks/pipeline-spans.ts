import { createHash } from 'node:crypto'
import type { JsonObject } from '../../shared/json.ts'
import type { Pipeline, PipelineStep } from '../model/pipelines.ts'
import type { Repository } from '../model.ts'
import { encodeUuid } from '../render/links.ts'
import type { Sim } from '../state.ts'
import { raiseRawEvent } from './raise-event.ts'

/**
 * Traces of pipelines, in the JSON of OpenTelemetry: one delivery when a step ends, one when the pipeline does.
 * https://www.atlassian.com/blog/bitbucket/bitbucket-pipelines-opentelemetry-traces-via-webhooks
 */

interface Span {
  pipeline: Pipeline
  name: 'bbc.pipeline_run' | 'bbc.step'
  /** UUID of what it is about. */
  of: string
  parent: string | null
  startedOn: string
  completedOn: string
  attributes: Record<string, string>
}

/** Traces call a success by another name than the API. */
function resultName(state: PipelineStep['state']): string {
  if (state.name !== 'COMPLETED') return state.name
  return state.result === 'SUCCESSFUL' ? 'COMPLETE' : state.result
}

function idOf(uuid: string, length: number): string {
  return createHash('sha256').update(uuid).digest('hex').slice(0, length)
}

/** Nanoseconds since 1970, from a timestamp with microseconds. */
function nanoseconds(timestamp: string): string {
  const micros = /\.\d{3}(\d{3})/.exec(timestamp)?.[1] ?? '000'
  return `${Date.parse(timestamp)}${micros}000`
}

function toBody(span: Span): JsonObject {
  const attributes = Object.entries(span.attributes).map(([key, value]) => ({ key, value: { stringValue: value } }))
  const rendered: JsonObject = {
    traceId: idOf(span.pipeline.uuid, 32),
    spanId: idOf(span.of, 16),
    ...(span.parent === null ? {} : { parentSpanId: idOf(span.parent, 16) }),
    name: span.name,
    startTimeUnixNano: nanoseconds(span.startedOn),
    endTimeUnixNano: nanoseconds(span.completedOn),
    attributes,
  }
  const scope = { name: 'bitbucket-pipelines', version: '1.0' }
  return { resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [{ scope, spans: [rendered] }] }] }
}

function targetAttributes({ target }: Pipeline): Record<string, string> {
  switch (target.kind) {
    case 'ref':
      return {
        'pipeline.target.ref_type': target.refType.toUpperCase(),
        'pipeline.target.ref_name': target.refName,
      }
    case 'pull_request':
      return { 'pipeline.target.ref_type': 'BRANCH', 'pipeline.target.ref_name': target.source }
    case 'commit':
      return {}
    default:
      return target satisfies never
  }
}

/** What every span of a pipeline says. The repository is named by UUIDs alone. */
function pipelineAttributes(sim: Sim, repository: Repository, pipeline: Pipeline): Record<string, string> {
  const address = `${encodeUuid(repository.workspace.uuid)}/${encodeUuid(repository.uuid)}`
  return {
    'pipeline.uuid': pipeline.uuid,
    'pipeline.build_number': String(pipeline.buildNumber),
    'pipeline.repository.uuid': repository.uuid,
    'pipeline.account.uuid': repository.workspace.uuid,
    'pipeline.trigger.name': pipeline.trigger,
    'pipeline.target.commit.hash': pipeline.target.hash,
    ...targetAttributes(pipeline),
    'pipeline_run.uuid': pipeline.uuid,
    'pipeline_run.run_number': '1',
    'pipeline_run.url': `${sim.urls.web}/${address}/pipelines/results/${pipeline.buildNumber}`,
  }
}

function raise(sim: Sim, repository: Repository, span: Span): void {
  raiseRawEvent(sim, { event: 'pipeline:span_created', repository, body: toBody(span) })
}

/** Tells of a pipeline that is over. */
export function raisePipelineSpan(sim: Sim, repository: Repository, pipeline: Pipeline): void {
  const result = resultName(pipeline.state)
  raise(sim, repository, {
    pipeline,
    name: 'bbc.pipeline_run',
    of: pipeline.uuid,
    parent: null,
    startedOn: pipeline.createdOn,
    completedOn: pipeline.completedOn ?? pipeline.createdOn,
    attributes: { ...pipelineAttributes(sim, repository, pipeline), 'pipeline.state.result.name': result },
  })
}

/** Tells of one of its steps. */
export function raiseStepSpan(
  sim: Sim,
  repository: Repository,
  { pipeline, step }: { pipeline: Pipeline; step: PipelineStep },
): void {
  const startedOn = step.startedOn ?? pipeline.createdOn
  raise(sim, repository, {
    pipeline,
    name: 'bbc.step',
    of: step.uuid,
    parent: pipeline.uuid,
    startedOn,
    completedOn: step.completedOn ?? startedOn,
    attributes: {
      ...pipelineAttributes(sim, repository, pipeline),
      'step.uuid': step.uuid,
      'step.name': step.name,
      'step.state.result.name': resultName(step.state),
      'step.duration_in_seconds': String(step.buildSeconds),
    },
  })
}
