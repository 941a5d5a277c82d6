import { at, booleanAt, isObject, stringAt } from '../../shared/json.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, actingOn, type Call, type Endpoint, listItems } from '../call.ts'
import { environmentTypes } from '../model/pipelines.ts'
import { changeEnvironment, createEnvironment, deleteEnvironment, getEnvironment } from '../operations/environments.ts'
import { renderEnvironment } from '../render/deployment.ts'
import { apiRepositoryUrl, encodeUuid } from '../render/links.ts'
import { SimulatorError } from '../simulator-error.ts'
import { currentRepository } from './pipelines.ts'

const base = '/repositories/:workspace/:slug/environments'

function idOf(call: Call): string {
  return call.params['environment'] ?? ''
}

function create(call: Call): Answer {
  const { repository } = actingOn(call, 'admin')
  const made = createEnvironment(call.sim, repository, {
    name: stringAt(call.body, 'name'),
    type: stringAt(call.body, 'environment_type', 'name'),
  })
  const location = `${apiRepositoryUrl(call.sim, repository)}/environments/${encodeUuid(made.uuid)}`
  return { status: 201, body: renderEnvironment({ sim: call.sim, repository }, made), headers: { location } }
}

/** `{"change": {"name": …}}` or `{"change": {"restrictions": {"admin_only": …}}}`: accepted, and done at once here. */
function change(call: Call): Answer {
  const { repository } = actingOn(call, 'admin')
  const environment = getEnvironment(repository, idOf(call))
  const wanted = at(call.body, 'change')
  const unknown = isObject(wanted) ? Object.keys(wanted).filter((key) => key !== 'name' && key !== 'restrictions') : []
  if (unknown.length > 0) {
    throw new SimulatorError(400, 'Bad request', {
      detail: `An environment's ${unknown.join(', ')} cannot be changed`,
      data: { key: 'deploy-service.environment.change-not-supported' },
    })
  }
  changeEnvironment(repository, environment, {
    name: stringAt(wanted, 'name'),
    adminOnly: booleanAt(wanted, 'restrictions', 'admin_only'),
  })
  return { status: 202 }
}

export const environmentEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: base,
    need: needs.readPipeline,
    handle: async (call) => {
      const repository = await currentRepository(call)
      const ranked = repository.environments.toSorted(
        (one, other) => environmentTypes.indexOf(one.type) - environmentTypes.indexOf(other.type),
      )
      return listItems(call, ranked, { render: (one) => renderEnvironment({ sim: call.sim, repository }, one) })
    },
  },
  { method: 'POST', path: base, need: needs.adminEnvironment, handle: create },
  {
    method: 'GET',
    path: `${base}/:environment`,
    need: needs.readPipeline,
    handle: async (call) => {
      const repository = await currentRepository(call)
      return { body: renderEnvironment({ sim: call.sim, repository }, getEnvironment(repository, idOf(call))) }
    },
  },
  {
    method: 'DELETE',
    path: `${base}/:environment`,
    need: needs.adminEnvironment,
    handle: (call) => {
      const { repository } = actingOn(call, 'admin')
      deleteEnvironment(repository, getEnvironment(repository, idOf(call)))
      return { status: 204 }
    },
  },
  { method: 'POST', path: `${base}/:environment/changes`, need: needs.adminEnvironment, handle: change },
]
