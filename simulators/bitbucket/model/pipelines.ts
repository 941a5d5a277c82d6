import type { Person } from '../model.ts'

/** Pipelines, their steps, environments and deployments, as a repository remembers them. */

/** In their order on the list. */
export const environmentTypes = ['Test', 'Staging', 'Production'] as const

export interface Environment {
  uuid: string
  name: string
  slug: string
  type: (typeof environmentTypes)[number]
  hidden: boolean
  /** Only administrators may deploy to it. */
  adminOnly?: boolean
}

/** What a pipeline runs on. */
export type PipelineTarget =
  | { kind: 'ref'; refType: 'branch' | 'tag'; refName: string; hash: string; selector: PipelineSelector | null }
  | {
      kind: 'pull_request'
      pullRequestId: number
      source: string
      destination: string
      hash: string
      destinationHash: string
      selector?: PipelineSelector | null
    }
  | { kind: 'commit'; hash: string; selector: PipelineSelector | null }

export interface PipelineSelector {
  type: 'branches' | 'tags' | 'custom' | 'default' | 'pull-requests'
  pattern: string
}

export type PipelineTrigger = 'PUSH' | 'MANUAL' | 'SCHEDULED' | 'PARENT_STEP'
export type PipelineResult = 'SUCCESSFUL' | 'FAILED' | 'ERROR' | 'STOPPED' | 'EXPIRED'

/** Pending, running (or waiting for somebody), or over with a result. */
export type RunState =
  | { name: 'PENDING' }
  | { name: 'IN_PROGRESS'; stage: 'RUNNING' | 'PAUSED' | 'HALTED' }
  | { name: 'COMPLETED'; result: PipelineResult }

/** As the pipeline's; a step behind a failed one is over without having run. */
export type StepState = RunState | { name: 'COMPLETED'; result: 'NOT_RUN' }

export interface TestCase {
  name: string
  status: 'SUCCESSFUL' | 'FAILED' | 'ERROR' | 'SKIPPED'
  durationMs: number
  /** Why it failed. */
  reason: string | null
}

export interface PipelineStep {
  uuid: string
  name: string
  state: StepState
  startedOn: string | null
  completedOn: string | null
  /** Billed seconds. */
  buildSeconds: number
  /** Minutes after which it is stopped. */
  maxTime: number
  runNumber: number
  /** Where it deploys to, when it does. */
  environment: Environment | null
  script: string[]
  /** null: this step has not written any. */
  log: string | null
  image?: string
  /** Waits for somebody to start it. */
  manual?: boolean
  /** What its test reports say; left out when it has none. */
  tests?: TestCase[]
}

export interface Pipeline {
  uuid: string
  /** Per repository, from 1. */
  buildNumber: number
  creator: Person
  target: PipelineTarget
  trigger: PipelineTrigger
  state: RunState
  createdOn: string
  completedOn: string | null
  steps: PipelineStep[]
  variables: PlainVariable[]
  stoppedBy?: Person
  /** Of a result ERROR. */
  error?: { key: string; message: string }
}

export interface PlainVariable {
  key: string
  value: string
  secured: boolean
}

/** A variable kept for a repository, an environment or a workspace. */
export interface PipelineVariable extends PlainVariable {
  uuid: string
}

export interface PipelineSchedule {
  uuid: string
  enabled: boolean
  /** Seven fields: seconds, minutes, hours, day of month, month, day of week, year. */
  cronPattern: string
  refName: string
  selector: PipelineSelector
  createdOn: string
  updatedOn: string
  owner: Person
  /** Milliseconds since 1970 up to which it was looked after. */
  checkedAt: number
  executions: ScheduleExecution[]
}

export type ScheduleExecution =
  | { kind: 'executed'; pipeline: Pipeline }
  | { kind: 'errored'; key: string; message: string }

export interface PipelineCache {
  uuid: string
  pipelineUuid: string
  stepUuid: string
  name: string
  path: string
  fileSizeBytes: number
  createdOn: string
}

export interface KnownHost {
  uuid: string
  hostname: string
  keyType: string
  key: string
}

/** What `pipelines_config` keeps of a repository. */
export interface PipelinesConfig {
  /** null: nobody has ever switched it on or off. */
  enabled: boolean | null
  /** The number of the next pipeline is at least this. */
  nextBuildNumber: number
  variables: PipelineVariable[]
  /** By the UUID of the environment. */
  environmentVariables: Map<string, PipelineVariable[]>
  schedules: PipelineSchedule[]
  caches: PipelineCache[]
  keyPair: { privateKey: string; publicKey: string } | null
  knownHosts: KnownHost[]
}

/** A pipeline that is not over yet, with what it still has to do. */
export interface PipelineRun {
  pipeline: Pipeline
  /** Milliseconds since 1970 of the next change; null while it waits for somebody. */
  nextAt: number | null
  /** The step that is running or comes next. */
  stepIndex: number
  /** How each step will end. */
  outcomes: PipelineResult[]
}

export interface Deployment {
  uuid: string
  environment: Environment
  pipeline: Pipeline
  step: PipelineStep
  /** Per environment, from 1. */
  number: number
  state:
    | { name: 'UNDEPLOYED' }
    | { name: 'IN_PROGRESS'; startedOn: string }
    | { name: 'COMPLETED'; status: 'SUCCESSFUL' | 'FAILED' | 'STOPPED'; startedOn: string; completedOn: string }
  hash: string
  createdOn: string
  lastUpdateTime: string
}
