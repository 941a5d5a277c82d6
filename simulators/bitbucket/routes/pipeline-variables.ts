import { booleanAt, stringAt } from '../../shared/json.ts'
import { assertOwner } from '../auth/permission.ts'
import { needs } from '../auth/scopes.ts'
import { type Call, callerOf, type Endpoint, listItems, repositoryOf, workspaceOf } from '../call.ts'
import type { PipelineVariable } from '../model/pipelines.ts'
import { getEnvironment } from '../operations/environments.ts'
import {
  createVariable,
  deleteVariable,
  environmentVariables,
  getVariable,
  updateVariable,
  type VariableInput,
  workspaceVariables,
} from '../operations/pipeline-variables.ts'
import { renderPipelineVariable } from '../render/pipeline.ts'
import { configOf } from './pipelines-config.ts'

interface VariableStore {
  path: string
  /** Whether one variable can be read by itself: those of an environment cannot. */
  hasOne: boolean
  read: (call: Call) => PipelineVariable[]
  write: (call: Call) => PipelineVariable[]
}

function readVariable(body: unknown): VariableInput {
  return { key: stringAt(body, 'key'), value: stringAt(body, 'value'), secured: booleanAt(body, 'secured') }
}

const repository = '/repositories/:workspace/:slug'

const stores: VariableStore[] = [
  {
    path: `${repository}/pipelines_config/variables`,
    hasOne: true,
    read: (call) => repositoryOf(call).pipelinesConfig.variables,
    write: (call) => configOf(call).pipelinesConfig.variables,
  },
  {
    path: `${repository}/deployments_config/environments/:environment/variables`,
    hasOne: false,
    read: (call) => {
      const found = repositoryOf(call)
      return environmentVariables(found, getEnvironment(found, call.params['environment'] ?? ''))
    },
    write: (call) => {
      const found = configOf(call)
      return environmentVariables(found, getEnvironment(found, call.params['environment'] ?? ''))
    },
  },
  {
    path: '/workspaces/:workspace/pipelines-config/variables',
    hasOne: true,
    read: (call) => workspaceVariables(call.sim, workspaceOf(call).workspace),
    write: (call) => {
      const { workspace, role } = workspaceOf(call)
      callerOf(call)
      assertOwner(role)
      return workspaceVariables(call.sim, workspace)
    },
  },
]

function one(call: Call, variables: PipelineVariable[]): PipelineVariable {
  return getVariable(variables, call.params['variable'] ?? '')
}

function endpointsOf({ path, hasOne, read, write }: VariableStore): Endpoint[] {
  const variable = `${path}/:variable`
  const get: Endpoint = {
    method: 'GET',
    path: variable,
    need: needs.readPipeline,
    handle: (call) => ({ body: renderPipelineVariable(one(call, read(call))) }),
  }
  return [
    {
      method: 'GET',
      path,
      need: needs.readPipeline,
      handle: (call) => listItems(call, read(call), { render: renderPipelineVariable }),
    },
    {
      method: 'POST',
      path,
      need: needs.adminPipeline,
      handle: (call) => {
        const made = createVariable(call.sim, write(call), readVariable(call.body))
        const location = `${call.sim.urls.api}${call.path.replace(/\/$/, '')}/${encodeURIComponent(made.uuid)}`
        return { status: 201, body: renderPipelineVariable(made), headers: { location } }
      },
    },
    ...(hasOne ? [get] : []),
    {
      method: 'PUT',
      path: variable,
      need: needs.adminPipeline,
      handle: (call) => {
        const variables = write(call)
        return {
          body: renderPipelineVariable(updateVariable(variables, one(call, variables), readVariable(call.body))),
        }
      },
    },
    {
      method: 'DELETE',
      path: variable,
      need: needs.adminPipeline,
      handle: (call) => {
        const variables = write(call)
        deleteVariable(variables, one(call, variables))
        return { status: 204 }
      },
    },
  ]
}

export const pipelineVariableEndpoints: Endpoint[] = stores.flatMap(endpointsOf)
