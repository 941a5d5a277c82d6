import { at, booleanAt, stringAt } from '../../shared/json.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, actingOn, type Call, type Endpoint, listItems } from '../call.ts'
import { wakePipelines } from '../operations/pipeline-clock.ts'
import { createSchedule, deleteSchedule, getSchedule, setScheduleEnabled } from '../operations/pipeline-schedules.ts'
import { apiRepositoryUrl, encodeUuid } from '../render/links.ts'
import { renderExecution, renderSchedule } from '../render/pipelines-config.ts'
import { badRequest } from '../simulator-error.ts'
import { currentRepository, readSelector } from './pipelines.ts'

const base = '/repositories/:workspace/:slug/pipelines_config/schedules'

function idOf(call: Call): string {
  return call.params['schedule'] ?? ''
}

async function create(call: Call): Promise<Answer> {
  const acting = actingOn(call, 'write')
  const target = at(call.body, 'target')
  const schedule = await createSchedule(call.sim, acting, {
    refName: stringAt(target, 'ref_name'),
    refType: stringAt(target, 'ref_type'),
    selector: readSelector(at(target, 'selector')),
    cronPattern: stringAt(call.body, 'cron_pattern'),
    enabled: booleanAt(call.body, 'enabled'),
  })
  wakePipelines(call.sim)
  const location = `${apiRepositoryUrl(call.sim, acting.repository)}/pipelines_config/schedules/${encodeUuid(schedule.uuid)}`
  return { status: 201, body: renderSchedule(schedule), headers: { location } }
}

export const pipelineScheduleEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: base,
    need: needs.readPipeline,
    handle: async (call) =>
      listItems(call, (await currentRepository(call)).pipelinesConfig.schedules, { render: renderSchedule }),
  },
  { method: 'POST', path: base, need: needs.writePipeline, handle: create },
  {
    method: 'GET',
    path: `${base}/:schedule`,
    need: needs.readPipeline,
    handle: async (call) => ({ body: renderSchedule(getSchedule(await currentRepository(call), idOf(call))) }),
  },
  {
    method: 'PUT',
    path: `${base}/:schedule`,
    need: needs.writePipeline,
    handle: (call) => {
      const { repository } = actingOn(call, 'write')
      const schedule = getSchedule(repository, idOf(call))
      const enabled = booleanAt(call.body, 'enabled')
      if (enabled === undefined) throw badRequest('Bad request', { enabled: ['required key not provided'] })
      setScheduleEnabled(call.sim, schedule, enabled)
      wakePipelines(call.sim)
      return { body: renderSchedule(schedule) }
    },
  },
  {
    method: 'DELETE',
    path: `${base}/:schedule`,
    need: needs.stopPipeline,
    handle: (call) => {
      const { repository } = actingOn(call, 'write')
      deleteSchedule(repository, getSchedule(repository, idOf(call)))
      return { status: 204 }
    },
  },
  {
    method: 'GET',
    path: `${base}/:schedule/executions`,
    need: needs.readPipeline,
    handle: async (call) => {
      const repository = await currentRepository(call)
      const { executions } = getSchedule(repository, idOf(call))
      return listItems(call, executions, { render: (one) => renderExecution({ sim: call.sim, repository }, one) })
    },
  },
]
