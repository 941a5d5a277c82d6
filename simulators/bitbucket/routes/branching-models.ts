import { at, booleanAt, hasKey, isObject, stringAt } from '../../shared/json.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, type Call, type Endpoint, repositoryOf } from '../call.ts'
import {
  type BranchingModelEdit,
  branchesOf,
  editBranchingModel,
  effectiveModel,
} from '../operations/branching-models.ts'
import { apiProjectUrl } from '../render/administration.ts'
import {
  renderBranchingModel,
  renderBranchingSettings,
  renderProjectBranchingModel,
} from '../render/branching-model.ts'
import { apiRepositoryUrl } from '../render/links.ts'
import { badRequest } from '../simulator-error.ts'
import { reachProject } from './reach-project.ts'

const onRepository = '/repositories/:workspace/:slug'
const onProject = '/workspaces/:workspace/projects/:key'

function readTarget(body: unknown, field: 'development' | 'production') {
  if (!hasKey(body, field)) return undefined
  const name = at(body, field, 'name')
  return {
    name: typeof name === 'string' || name === null ? name : undefined,
    useMainBranch: booleanAt(body, field, 'use_mainbranch'),
    enabled: booleanAt(body, field, 'enabled'),
  }
}

/** `default_branch_deletion` is a string; whatever else stands there is ignored, as documented. */
function readEdit(body: unknown): BranchingModelEdit {
  if (!isObject(body)) throw badRequest('Bad request')
  const types = body['branch_types'] ?? []
  if (!Array.isArray(types)) throw badRequest('Bad request', { branch_types: ['Expected a list.'] })
  const deletion = stringAt(body, 'default_branch_deletion')
  return {
    development: readTarget(body, 'development'),
    production: readTarget(body, 'production'),
    branchTypes: types.map((one) => ({
      kind: stringAt(one, 'kind'),
      prefix: stringAt(one, 'prefix'),
      enabled: booleanAt(one, 'enabled'),
    })),
    defaultBranchDeletion: deletion === 'true' ? true : deletion === 'false' ? false : undefined,
  }
}

async function repositorySettings(call: Call): Promise<Answer> {
  const repository = repositoryOf(call, 'admin')
  const self = `${apiRepositoryUrl(call.sim, repository)}/branching-model/settings`
  return { body: await renderBranchingSettings(repository.branchingModel, { self, repository }) }
}

async function projectSettings(call: Call): Promise<Answer> {
  const { workspace, project } = reachProject(call, 'admin')
  const self = `${apiProjectUrl(call.sim, workspace, project)}/branching-model/settings`
  return { body: await renderBranchingSettings(project.branchingModel, { self, repository: null }) }
}

const models: Endpoint[] = [
  {
    method: 'GET',
    path: `${onRepository}/branching-model`,
    need: needs.readRepository,
    handle: async (call) => {
      const repository = repositoryOf(call)
      const self = `${apiRepositoryUrl(call.sim, repository)}/branching-model`
      const how = { type: 'branching_model', self }
      return { body: await renderBranchingModel({ sim: call.sim, repository }, repository.branchingModel, how) }
    },
  },
  {
    method: 'GET',
    path: `${onRepository}/effective-branching-model`,
    need: needs.readRepository,
    handle: async (call) => {
      const repository = repositoryOf(call)
      const self = `${apiRepositoryUrl(call.sim, repository)}/effective-branching-model`
      const how = { type: 'effective_repo_branching_model', self }
      return { body: await renderBranchingModel({ sim: call.sim, repository }, await effectiveModel(repository), how) }
    },
  },
  {
    method: 'GET',
    path: `${onProject}/branching-model`,
    need: needs.readProjectBranchingModel,
    handle: (call) => {
      const { workspace, project } = reachProject(call, 'read')
      const self = `${apiProjectUrl(call.sim, workspace, project)}/branching-model`
      return { body: renderProjectBranchingModel(project.branchingModel, self) }
    },
  },
]

const settings: Endpoint[] = [
  {
    method: 'GET',
    path: `${onRepository}/branching-model/settings`,
    need: needs.adminRepository,
    handle: repositorySettings,
  },
  {
    method: 'PUT',
    path: `${onRepository}/branching-model/settings`,
    need: needs.adminRepository,
    handle: async (call) => {
      const repository = repositoryOf(call, 'admin')
      const edit = readEdit(call.body)
      repository.branchingModel = await editBranchingModel(repository.branchingModel, edit, branchesOf(repository))
      return await repositorySettings(call)
    },
  },
  { method: 'GET', path: `${onProject}/branching-model/settings`, need: needs.adminProject, handle: projectSettings },
  {
    method: 'PUT',
    path: `${onProject}/branching-model/settings`,
    need: needs.adminProject,
    handle: async (call) => {
      const { project } = reachProject(call, 'admin')
      project.branchingModel = await editBranchingModel(project.branchingModel, readEdit(call.body), async () => true)
      return await projectSettings(call)
    },
  },
]

const overridden = ['default_merge_strategy', 'branching_model'] as const

/** Which settings are the repository's own instead of its project's. */
const overrides: Endpoint[] = [
  {
    method: 'GET',
    path: `${onRepository}/override-settings`,
    need: needs.adminRepository,
    handle: (call) => {
      const repository = repositoryOf(call, 'admin')
      return { body: { type: 'repository_inheritance_state', override_settings: { ...repository.overrides } } }
    },
  },
  {
    method: 'PUT',
    path: `${onRepository}/override-settings`,
    need: needs.adminRepository,
    handle: (call) => {
      const repository = repositoryOf(call, 'admin')
      for (const name of overridden)
        repository.overrides[name] = booleanAt(call.body, 'override_settings', name) ?? repository.overrides[name]
      return { status: 204 }
    },
  },
]

export const branchingModelEndpoints: Endpoint[] = [...models, ...settings, ...overrides]
