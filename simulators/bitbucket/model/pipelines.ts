import type { Person } from '../model.ts'

/** Pipelines, their steps, environments and deployments, as a repository remembers them. */

export interface Environment {
  uuid: string
  name: string
  slug: string
  type: 'Test' | 'Staging' | 'Production'
  hidden: boolean
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

export interface PipelineStep {
  uuid: string
  name: string
  state: RunState
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
  variables: { key: string; value: string; secured: boolean }[]
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
