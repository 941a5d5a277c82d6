import type { JsonObject } from '../../shared/json.ts'
import { type Deployment, type Environment, environmentTypes } from '../model/pipelines.ts'
import { stableUuid } from '../state.ts'
import { renderAccount } from './account.ts'
import { encodeUuid } from './links.ts'
import { pipelineTime, resultsUrl } from './pipeline.ts'
import { type Place, renderCommitReference } from './place.ts'

function runningDeployment({ sim, repository }: Place, environment: Environment) {
  return sim.pipelines.runs.find(({ run, ...one }) => {
    const step = run.pipeline.steps[run.stepIndex]
    return one.repository === repository && step?.environment === environment && step.state.name === 'IN_PROGRESS'
  })?.run
}

/** Locked while a pipeline deploys there. */
function renderLock(place: Place, environment: Environment): JsonObject {
  const run = runningDeployment(place, environment)
  if (run === undefined) return { type: 'deployment_environment_lock_open', name: 'OPEN' }
  return {
    type: 'deployment_environment_lock_locked',
    name: 'LOCKED',
    triggerer: {
      type: 'deployment_environment_lock_triggerer_pipeline_step',
      pipeline_uuid: run.pipeline.uuid,
      step_uuid: run.pipeline.steps[run.stepIndex]?.uuid ?? '',
    },
  }
}

/** All twelve fields; the published description has two of them. */
export function renderEnvironment(place: Place, environment: Environment): JsonObject {
  const rank = environmentTypes.indexOf(environment.type)
  return {
    type: 'deployment_environment',
    uuid: environment.uuid,
    name: environment.name,
    slug: environment.slug,
    rank,
    category: { name: environment.type },
    environment_type: { type: 'deployment_environment_type', name: environment.type, rank },
    environment_lock_enabled: true,
    lock: renderLock(place, environment),
    deployment_gate_enabled: false,
    restrictions: { type: 'deployment_restrictions_configuration', admin_only: environment.adminOnly ?? false },
    hidden: environment.hidden,
  }
}

function renderState(place: Place, { state, step, pipeline }: Deployment): JsonObject {
  const results = resultsUrl(place.sim, place.repository, pipeline)
  const url = `${results}/steps/${encodeUuid(step.uuid)}`
  switch (state.name) {
    case 'UNDEPLOYED':
      return { type: 'deployment_state_undeployed', name: 'UNDEPLOYED', trigger_url: url }
    case 'IN_PROGRESS':
      return {
        type: 'deployment_state_in_progress',
        name: 'IN_PROGRESS',
        url,
        deployer: renderAccount(place.sim, pipeline.creator),
        started_on: pipelineTime(state.startedOn),
      }
    case 'COMPLETED':
      return {
        type: 'deployment_state_completed',
        name: 'COMPLETED',
        url,
        status: {
          type: `deployment_state_completed_status_${state.status.toLowerCase()}`,
          name: state.status,
        },
        deployer: renderAccount(place.sim, pipeline.creator),
        started_on: pipelineTime(state.startedOn),
        completed_on: pipelineTime(state.completedOn),
      }
    default:
      return state satisfies never
  }
}

/** A deployment names its environment by UUID alone; the rest of it comes when `fields` asks. */
export function renderDeployment(
  place: Place,
  deployment: Deployment,
  environmentIs: 'named' | 'whole' = 'named',
): JsonObject {
  const { sim, repository } = place
  const { pipeline, environment, step } = deployment
  const key = `pipelines-${pipeline.uuid}`
  const released = {
    uuid: stableUuid(sim.seed, `release-${pipeline.uuid}`),
    pipeline: { type: 'pipeline', uuid: pipeline.uuid },
    key,
    name: `#${pipeline.buildNumber}`,
    url: resultsUrl(sim, repository, pipeline),
    commit: renderCommitReference(place, deployment.hash),
    created_on: pipelineTime(deployment.createdOn),
  }
  return {
    type: 'deployment',
    uuid: deployment.uuid,
    number: deployment.number,
    key: `${key}-${environment.uuid}`,
    // How often the record was written: planned, started, over.
    version: ['UNDEPLOYED', 'IN_PROGRESS', 'COMPLETED'].indexOf(deployment.state.name) + 1,
    step: { type: 'pipeline_step', uuid: step.uuid },
    environment:
      environmentIs === 'whole'
        ? renderEnvironment(place, environment)
        : { type: 'deployment_environment', uuid: environment.uuid },
    deployable: { type: 'deployment_deployable', ...released },
    release: { type: 'deployment_release', ...released },
    state: renderState(place, deployment),
    // What was never deployed has not been updated either.
    ...(deployment.state.name === 'UNDEPLOYED' ? {} : { last_update_time: pipelineTime(deployment.lastUpdateTime) }),
  }
}
