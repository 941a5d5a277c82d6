import { at, booleanAt, numberAt, stringAt } from '../../shared/json.ts'
import { needs } from '../auth/scopes.ts'
import { type Answer, actingOn, type Call, type Endpoint, listItems, repositoryOf } from '../call.ts'
import type { Repository } from '../model.ts'
import {
  createKnownHost,
  deleteCaches,
  deleteKnownHost,
  getCache,
  getKeyPair,
  getKnownHost,
  type KnownHostInput,
  setKeyPair,
  setNextBuildNumber,
  setPipelinesEnabled,
  updateKnownHost,
} from '../operations/pipelines-config.ts'
import { apiRepositoryUrl, encodeUuid } from '../render/links.ts'
import { renderCache, renderKeyPair, renderKnownHost, renderPipelinesConfig } from '../render/pipelines-config.ts'
import { badRequest, notFound } from '../simulator-error.ts'

const repositoryPath = '/repositories/:workspace/:slug'
const base = `${repositoryPath}/pipelines_config`
const caches = `${repositoryPath}/pipelines-config/caches`

/** Settings are for administrators. */
export function configOf(call: Call): Repository {
  return actingOn(call, 'admin').repository
}

const config: Endpoint[] = [
  {
    method: 'GET',
    path: base,
    need: needs.adminRepository,
    handle: (call) => {
      const repository = repositoryOf(call, 'admin')
      // Never configured is not the same as switched off.
      if (repository.pipelinesConfig.enabled === null) throw notFound('Not found')
      return { body: renderPipelinesConfig(call.sim, repository) }
    },
  },
  {
    method: 'PUT',
    path: base,
    need: needs.adminRepository,
    handle: (call) => {
      const repository = configOf(call)
      setPipelinesEnabled(call.sim, repository, booleanAt(call.body, 'enabled'))
      return { body: renderPipelinesConfig(call.sim, repository) }
    },
  },
  {
    method: 'PUT',
    path: `${base}/build_number`,
    need: needs.adminPipeline,
    handle: (call) => {
      const next = setNextBuildNumber(configOf(call), numberAt(call.body, 'next'))
      return { body: { type: 'pipeline_build_number', next } }
    },
  },
]

const keyPair: Endpoint[] = [
  {
    method: 'GET',
    path: `${base}/ssh/key_pair`,
    need: needs.readPipeline,
    handle: (call) => ({ body: renderKeyPair(getKeyPair(repositoryOf(call))) }),
  },
  {
    method: 'PUT',
    path: `${base}/ssh/key_pair`,
    need: needs.adminPipeline,
    handle: (call) => {
      const repository = configOf(call)
      const privateKey = stringAt(call.body, 'private_key')
      setKeyPair(repository, { privateKey, publicKey: stringAt(call.body, 'public_key') })
      return { body: renderKeyPair(getKeyPair(repository)) }
    },
  },
  {
    method: 'DELETE',
    path: `${base}/ssh/key_pair`,
    need: needs.adminPipeline,
    handle: (call) => {
      const repository = configOf(call)
      getKeyPair(repository)
      repository.pipelinesConfig.keyPair = null
      return { status: 204 }
    },
  },
]

function readKnownHost(body: unknown): KnownHostInput {
  const key = at(body, 'public_key')
  return {
    hostname: stringAt(body, 'hostname'),
    keyType: stringAt(key, 'key_type'),
    key: stringAt(key, 'key'),
  }
}

function hostOf(call: Call, repository: Repository) {
  return getKnownHost(repository, call.params['host'] ?? '')
}

function addKnownHost(call: Call): Answer {
  const repository = configOf(call)
  const host = createKnownHost(call.sim, repository, readKnownHost(call.body))
  const location = `${apiRepositoryUrl(call.sim, repository)}/pipelines_config/ssh/known_hosts/${encodeUuid(host.uuid)}`
  return { status: 201, body: renderKnownHost(host), headers: { location } }
}

const knownHosts: Endpoint[] = [
  {
    method: 'GET',
    path: `${base}/ssh/known_hosts`,
    need: needs.readPipeline,
    handle: (call) => listItems(call, repositoryOf(call).pipelinesConfig.knownHosts, { render: renderKnownHost }),
  },
  { method: 'POST', path: `${base}/ssh/known_hosts`, need: needs.adminPipeline, handle: addKnownHost },
  {
    method: 'GET',
    path: `${base}/ssh/known_hosts/:host`,
    need: needs.readPipeline,
    handle: (call) => ({ body: renderKnownHost(hostOf(call, repositoryOf(call))) }),
  },
  {
    method: 'PUT',
    path: `${base}/ssh/known_hosts/:host`,
    need: needs.adminPipeline,
    handle: (call) => {
      const repository = configOf(call)
      const host = hostOf(call, repository)
      updateKnownHost(repository, host, readKnownHost(call.body))
      return { body: renderKnownHost(host) }
    },
  },
  {
    method: 'DELETE',
    path: `${base}/ssh/known_hosts/:host`,
    need: needs.adminPipeline,
    handle: (call) => {
      const repository = configOf(call)
      deleteKnownHost(repository, hostOf(call, repository))
      return { status: 204 }
    },
  },
]

const cacheEndpoints: Endpoint[] = [
  {
    method: 'GET',
    path: caches,
    need: needs.readPipeline,
    handle: (call) => listItems(call, repositoryOf(call).pipelinesConfig.caches, { render: renderCache }),
  },
  {
    method: 'DELETE',
    path: caches,
    need: needs.stopPipeline,
    handle: (call) => {
      const { repository } = actingOn(call, 'write')
      const name = call.query.get('name')
      if (name === null) throw badRequest('Bad request', { name: ['required key not provided'] })
      deleteCaches(repository, (cache) => cache.name === name)
      return { status: 204 }
    },
  },
  {
    method: 'DELETE',
    path: `${caches}/:cache`,
    need: needs.stopPipeline,
    handle: (call) => {
      const { repository } = actingOn(call, 'write')
      deleteCaches(repository, (cache) => cache.uuid === call.params['cache'])
      return { status: 204 }
    },
  },
  {
    method: 'GET',
    path: `${caches}/:cache/content-uri`,
    need: needs.readPipeline,
    handle: (call) => {
      const cache = getCache(repositoryOf(call), call.params['cache'] ?? '')
      return { body: { uri: `${call.sim.urls.web}/__storage/pipeline-caches/${cache.uuid.slice(1, -1)}` } }
    },
  },
]

export const pipelinesConfigEndpoints: Endpoint[] = [...config, ...keyPair, ...knownHosts, ...cacheEndpoints]
