import type { JsonObject } from '../../shared/json.ts'
import type {
  Pipeline,
  PipelineSelector,
  PipelineStep,
  PipelineTarget,
  PipelineTrigger,
  PlainVariable,
  StepState,
  TestCase,
} from '../model/pipelines.ts'
import type { Repository } from '../model.ts'
import { definitionFile } from '../pipelines/definition.ts'
import { type Sim, stableUuid } from '../state.ts'
import { renderAccount } from './account.ts'
import { apiRepositoryUrl, encodeUuid, href, webRepositoryUrl } from './links.ts'
import { type Place, renderCommitReference, renderPullRequestReference } from './place.ts'
import { renderRepositoryReference } from './repository.ts'

/** Pipelines and deployments have times of their own: `Z`, and no zeros at the end of the fraction. */
export function pipelineTime(timestamp: string): string {
  return timestamp
    .replace(/\+00:00$/, 'Z')
    .replace(/(\.\d*?)0+Z$/, '$1Z')
    .replace('.Z', 'Z')
}

/** Steps come with nanoseconds. */
export function stepTime(timestamp: string): string {
  const [, upToMicroseconds = '', micro = '000000'] = /^([^.+Z]*)(?:\.(\d+))?/.exec(timestamp) ?? []
  const digits = micro.padEnd(6, '0').slice(0, 6)
  return `${upToMicroseconds}.${digits}${String((Number(digits) * 7) % 1000).padStart(3, '0')}Z`
}

/** The page of a pipeline as Bitbucket links it. */
export function resultsUrl(sim: Sim, repository: Repository, pipeline: Pipeline): string {
  return `${webRepositoryUrl(sim, repository)}/addon/pipelines/home#!/results/${pipeline.buildNumber}`
}

export function secondsBetween(from: string | null, to: string | null): number {
  if (from === null || to === null) return 0
  return Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000))
}

export function renderPipelineVariable(variable: PlainVariable & { uuid?: string }): JsonObject {
  return {
    type: 'pipeline_variable',
    ...(variable.uuid === undefined ? {} : { uuid: variable.uuid }),
    key: variable.key,
    // A secured value is never shown, not even as an empty text.
    ...(variable.secured ? {} : { value: variable.value }),
    secured: variable.secured,
  }
}

export function renderSelector(selector: PipelineSelector): JsonObject {
  return selector.type === 'default' ? { type: 'default' } : { type: selector.type, pattern: selector.pattern }
}

function renderTarget(place: Place, target: PipelineTarget): JsonObject {
  const commit = renderCommitReference(place, target.hash)
  switch (target.kind) {
    case 'ref':
      return {
        type: 'pipeline_ref_target',
        ref_type: target.refType,
        ref_name: target.refName,
        selector: renderSelector(target.selector ?? { type: 'default', pattern: '' }),
        commit,
      }
    case 'commit':
      return {
        type: 'pipeline_commit_target',
        commit,
        selector: renderSelector(target.selector ?? { type: 'default', pattern: '' }),
      }
    case 'pull_request': {
      const pullRequest = place.repository.pullRequests.find((one) => one.id === target.pullRequestId)
      return {
        type: 'pipeline_pullrequest_target',
        source: target.source,
        destination: target.destination,
        destination_commit: renderCommitReference(place, target.destinationHash),
        commit,
        pullrequest:
          pullRequest === undefined
            ? { type: 'pullrequest', id: target.pullRequestId }
            : renderPullRequestReference(place, pullRequest),
        selector: renderSelector(target.selector ?? { type: 'pull-requests', pattern: '**' }),
      }
    }
    default:
      return target satisfies never
  }
}

const triggers: Record<PipelineTrigger, string> = {
  PUSH: 'pipeline_trigger_push',
  MANUAL: 'pipeline_trigger_manual',
  SCHEDULED: 'pipeline_trigger_schedule',
  PARENT_STEP: 'pipeline_trigger_parent_step',
}

function renderError(kind: string, error: { key: string; message: string } | undefined): JsonObject {
  return error === undefined ? {} : { error: { type: kind, key: error.key, message: error.message } }
}

function renderState(sim: Sim, { state, stoppedBy, error }: Pipeline): JsonObject {
  switch (state.name) {
    case 'PENDING':
      return { name: 'PENDING', type: 'pipeline_state_pending' }
    case 'IN_PROGRESS':
      return {
        name: 'IN_PROGRESS',
        type: 'pipeline_state_in_progress',
        stage: { name: state.stage, type: `pipeline_state_in_progress_${state.stage.toLowerCase()}` },
      }
    case 'COMPLETED':
      return {
        name: 'COMPLETED',
        type: 'pipeline_state_completed',
        result: {
          name: state.result,
          type: `pipeline_state_completed_${state.result.toLowerCase()}`,
          ...(stoppedBy === undefined ? {} : { terminator: renderAccount(sim, stoppedBy) }),
          ...renderError('pipeline_error', error),
        },
      }
    default:
      return state satisfies never
  }
}

/** `duration_in_seconds` counts the steps alone, not the waits between them. */
export function renderPipeline(place: Place, pipeline: Pipeline): JsonObject {
  const { sim, repository } = place
  const self = `${apiRepositoryUrl(sim, repository)}/pipelines/${encodeUuid(pipeline.uuid)}`
  const seconds = pipeline.steps.reduce((sum, step) => sum + secondsBetween(step.startedOn, step.completedOn), 0)
  return {
    type: 'pipeline',
    uuid: pipeline.uuid,
    repository: renderRepositoryReference(sim, repository),
    state: renderState(sim, pipeline),
    build_number: pipeline.buildNumber,
    run_number: 1,
    creator: renderAccount(sim, pipeline.creator),
    created_on: pipelineTime(pipeline.createdOn),
    ...(pipeline.completedOn === null ? {} : { completed_on: pipelineTime(pipeline.completedOn) }),
    target: renderTarget(place, pipeline.target),
    trigger: { name: pipeline.trigger, type: triggers[pipeline.trigger] },
    duration_in_seconds: seconds,
    build_seconds_used: pipeline.steps.reduce((sum, step) => sum + step.buildSeconds, 0),
    expired: pipeline.state.name === 'COMPLETED' && pipeline.state.result === 'EXPIRED',
    has_variables: pipeline.variables.length > 0,
    variables: pipeline.variables.map(renderPipelineVariable),
    configuration_sources: [
      {
        source: definitionFile,
        uri: `${apiRepositoryUrl(sim, repository)}/src/${pipeline.target.hash}/${definitionFile}`,
      },
    ],
    links: { self: href(self), steps: href(`${self}/steps`) },
  }
}

function renderStepState(state: StepState, isManual: boolean): JsonObject {
  switch (state.name) {
    case 'PENDING': {
      const stage = isManual ? 'PAUSED' : 'PENDING'
      return {
        name: 'PENDING',
        type: 'pipeline_step_state_pending',
        stage: { name: stage, type: `pipeline_step_state_pending_${stage.toLowerCase()}` },
      }
    }
    case 'IN_PROGRESS':
      return {
        name: 'IN_PROGRESS',
        type: 'pipeline_step_state_in_progress',
        stage: { name: state.stage, type: `pipeline_step_state_in_progress_${state.stage.toLowerCase()}` },
      }
    case 'COMPLETED':
      return {
        name: 'COMPLETED',
        type: 'pipeline_step_state_completed',
        result: { name: state.result, type: `pipeline_step_state_completed_${state.result.toLowerCase()}` },
      }
    default:
      return state satisfies never
  }
}

function command(name: string, text: string): JsonObject {
  return { name, command: text, action: '', commandType: 'SCRIPT' }
}

export function renderStep(pipeline: Pipeline, step: PipelineStep): JsonObject {
  const isManual = step.manual === true
  return {
    type: 'pipeline_step',
    uuid: step.uuid,
    pipeline: { type: 'pipeline', uuid: pipeline.uuid },
    name: step.name,
    run_number: step.runNumber,
    trigger: { type: `pipeline_step_trigger_${isManual ? 'manual' : 'automatic'}` },
    state: renderStepState(step.state, isManual),
    image: { name: step.image ?? 'atlassian/default-image:4' },
    maxTime: step.maxTime,
    ...(step.startedOn === null ? {} : { started_on: stepTime(step.startedOn) }),
    ...(step.completedOn === null
      ? {}
      : {
          completed_on: stepTime(step.completedOn),
          duration_in_seconds: secondsBetween(step.startedOn, step.completedOn),
        }),
    build_seconds_used: step.buildSeconds,
    setup_commands: [command('Build setup', 'git clone')],
    script_commands: step.script.map((line) => command(line, line)),
    teardown_commands: [],
  }
}

function count(tests: TestCase[], status: TestCase['status']): number {
  return tests.filter((one) => one.status === status).length
}

export function renderTestReport(step: PipelineStep, tests: TestCase[]): JsonObject {
  return {
    step_uuid: step.uuid,
    number_of_test_cases: tests.length,
    number_of_successful_test_cases: count(tests, 'SUCCESSFUL'),
    number_of_failed_test_cases: count(tests, 'FAILED'),
    number_of_error_test_cases: count(tests, 'ERROR'),
    number_of_skipped_test_cases: count(tests, 'SKIPPED'),
  }
}

/** Test cases are not kept with an identity: it follows from the step and the name. */
export function testCaseUuid(sim: Sim, step: PipelineStep, test: TestCase): string {
  return stableUuid(sim.seed, `test-${step.uuid}-${test.name}`)
}

export function renderTestCase(sim: Sim, step: PipelineStep, test: TestCase): JsonObject {
  const parts = test.name.split('.')
  return {
    uuid: testCaseUuid(sim, step, test),
    step_uuid: step.uuid,
    name: parts.at(-1) ?? test.name,
    fully_qualified_name: test.name,
    package_name: parts.slice(0, -2).join('.'),
    class_name: parts.at(-2) ?? '',
    status: test.status,
    duration_in_seconds: test.durationMs / 1000,
  }
}
