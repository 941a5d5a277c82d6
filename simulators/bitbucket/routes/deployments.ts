import { type JsonObject, ownValue } from '../../shared/json.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, type Call, type Endpoint, listItems } from '../call.ts'
import type { Deployment } from '../model/pipelines.ts'
import type { Repository } from '../model.ts'
import { instant } from '../query/instant.ts'
import { renderDeployment } from '../render/deployment.ts'
import { badRequest, SimulatorError } from '../simulator-error.ts'
import { currentRepository } from './pipelines.ts'

const base = '/repositories/:workspace/:slug/deployments'

const keys: Record<string, (deployment: Deployment) => number> = {
  // What was never deployed comes first when the newest do.
  'state.started_on': ({ state }) => (state.name === 'UNDEPLOYED' ? Infinity : instant(state.startedOn)),
  'state.completed_on': ({ state }) => (state.name === 'COMPLETED' ? instant(state.completedOn) : Infinity),
}

function inOrder(call: Call, deployments: Deployment[]): Deployment[] {
  const sort = call.query.get('sort')
  if (sort === null || sort === '') {
    if (call.sim.switches.pipelines.deploymentsOrder === 'oldest_first') return deployments
    // Recorded lists go by the UUID of the step, which is no order in time.
    return deployments.toSorted((one, other) => (one.step.uuid < other.step.uuid ? -1 : 1))
  }
  const key = ownValue(keys, sort.replace(/^[-+ ]/, ''))
  if (key === undefined) throw badRequest('Invalid sort attribute provided')
  const sign = sort.startsWith('-') ? -1 : 1
  return deployments
    .map((deployment) => ({ deployment, value: key(deployment) }))
    .toSorted((one, other) => (one.value === other.value ? 0 : sign * (one.value < other.value ? -1 : 1)))
    .map(({ deployment }) => deployment)
}

function show(call: Call, repository: Repository, deployment: Deployment): JsonObject {
  const environmentIs = (call.query.get('fields') ?? '').includes('environment.') ? 'whole' : 'named'
  return renderDeployment({ sim: call.sim, repository }, deployment, environmentIs)
}

async function list(call: Call): Promise<Answer> {
  const repository = await currentRepository(call)
  const environment = call.query.get('environment')
  const chosen =
    environment === null
      ? repository.deployments
      : repository.deployments.filter((one) => one.environment.uuid === environment)
  return listItems(call, inOrder(call, chosen), {
    render: (deployment) => show(call, repository, deployment),
  })
}

export const deploymentEndpoints: Endpoint[] = [
  { method: 'GET', path: base, need: needs.readPipeline, handle: list },
  {
    method: 'GET',
    path: `${base}/:deployment`,
    need: needs.readPipeline,
    handle: async (call) => {
      const repository = await currentRepository(call)
      const uuid = call.params['deployment'] ?? ''
      const found = repository.deployments.find((one) => one.uuid === uuid)
      if (found !== undefined) return { body: show(call, repository, found) }
      throw new SimulatorError(404, 'Not found', {
        detail: `Deployment with uuid ${uuid} does not exist`,
        data: { key: 'deploy-service.deployment.not-found', arguments: { uuid } },
      })
    },
  },
]
