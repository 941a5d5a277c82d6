import type { Environment, Pipeline, PipelineVariable, PlainVariable } from '../model/pipelines.ts'
import type { Repository, Workspace } from '../model.ts'
import { badRequest, SimulatorError } from '../simulator-error.ts'
import type { Sim } from '../state.ts'

export interface VariableInput {
  key: string | undefined
  value: string | undefined
  secured: boolean | undefined
}

const keyPattern = /^[A-Za-z_][A-Za-z0-9_]*$/

export function workspaceVariables(sim: Sim, workspace: Workspace): PipelineVariable[] {
  const known = sim.pipelines.workspaceVariables.get(workspace.uuid) ?? []
  sim.pipelines.workspaceVariables.set(workspace.uuid, known)
  return known
}

export function environmentVariables(repository: Repository, environment: Environment): PipelineVariable[] {
  const { environmentVariables: all } = repository.pipelinesConfig
  const known = all.get(environment.uuid) ?? []
  all.set(environment.uuid, known)
  return known
}

export function getVariable(variables: PipelineVariable[], uuid: string): PipelineVariable {
  const found = variables.find((one) => one.uuid === uuid)
  if (found !== undefined) return found
  throw new SimulatorError(404, 'Not found', {
    detail: `Variable with uuid ${uuid} does not exist`,
    data: { key: 'variable-service.variable.not-found', arguments: { uuid } },
  })
}

function assertKey(variables: PipelineVariable[], key: string | undefined, mine?: PipelineVariable): string {
  if (key === undefined || key === '') throw badRequest('Bad request', { key: ['required key not provided'] })
  if (!keyPattern.test(key)) {
    throw badRequest('Bad request', {
      key: ['Only letters, digits and underscores are allowed, and no digit at the start.'],
    })
  }
  if (variables.some((one) => one.key === key && one !== mine)) {
    throw new SimulatorError(409, 'Conflict', {
      detail: `A variable with the key '${key}' already exists`,
      data: { key: 'variable-service.variable.conflict', arguments: { key } },
    })
  }
  return key
}

export function createVariable(sim: Sim, variables: PipelineVariable[], input: VariableInput): PipelineVariable {
  const key = assertKey(variables, input.key)
  const variable = { uuid: sim.newUuid(), key, value: input.value ?? '', secured: input.secured ?? false }
  variables.push(variable)
  return variable
}

/** Only what is given changes. A secured variable cannot be opened again without a new value. */
export function updateVariable(
  variables: PipelineVariable[],
  variable: PipelineVariable,
  input: VariableInput,
): PipelineVariable {
  if (input.key !== undefined) variable.key = assertKey(variables, input.key, variable)
  if (variable.secured && input.secured === false && input.value === undefined)
    throw badRequest('Bad request', { value: ['A variable that is no longer secured needs a new value.'] })
  variable.value = input.value ?? variable.value
  variable.secured = input.secured ?? variable.secured
  return variable
}

export function deleteVariable(variables: PipelineVariable[], variable: PipelineVariable): void {
  variables.splice(variables.indexOf(variable), 1)
}

function own(key: string, value: string): PlainVariable {
  return { key, value, secured: false }
}

/** Everything a step sees, the more particular last: the workspace's, the repository's, the environment's, the pipeline's. */
export function visibleVariables(
  sim: Sim,
  repository: Repository,
  { pipeline, environment }: { pipeline: Pipeline; environment: Environment | null },
): PlainVariable[] {
  return [
    own('BITBUCKET_BUILD_NUMBER', String(pipeline.buildNumber)),
    own('BITBUCKET_COMMIT', pipeline.target.hash),
    own('BITBUCKET_REPO_SLUG', repository.slug),
    own('BITBUCKET_WORKSPACE', repository.workspace.slug),
    ...(pipeline.target.kind === 'ref' && pipeline.target.refType === 'branch'
      ? [own('BITBUCKET_BRANCH', pipeline.target.refName)]
      : []),
    ...(pipeline.target.kind === 'pull_request' ? [own('BITBUCKET_PR_ID', String(pipeline.target.pullRequestId))] : []),
    ...(sim.pipelines.workspaceVariables.get(repository.workspace.uuid) ?? []),
    ...repository.pipelinesConfig.variables,
    ...(environment === null ? [] : (repository.pipelinesConfig.environmentVariables.get(environment.uuid) ?? [])),
    ...pipeline.variables,
  ]
}
