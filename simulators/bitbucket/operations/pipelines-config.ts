import type { KnownHost, PipelineCache } from '../model/pipelines.ts'
import type { Repository } from '../model.ts'
import { badRequest, notFound, SimulatorError } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { ensureEnvironments } from './environments.ts'
import { nextBuildNumber } from './run-pipeline.ts'

export function setPipelinesEnabled(sim: Sim, repository: Repository, enabled: boolean | undefined): void {
  if (enabled === undefined) throw badRequest('Bad request', { enabled: ['required key not provided'] })
  repository.pipelinesConfig.enabled = enabled
  if (enabled) ensureEnvironments(sim, repository)
}

/** Numbers only go up. */
export function setNextBuildNumber(repository: Repository, next: number | undefined): number {
  if (next === undefined || !Number.isSafeInteger(next) || next < nextBuildNumber(repository)) {
    throw new SimulatorError(400, 'Bad request', {
      detail: `The next build number must be at least ${nextBuildNumber(repository)}`,
      data: { key: 'result-service.build-number.invalid' },
    })
  }
  repository.pipelinesConfig.nextBuildNumber = next
  return next
}

export function getKeyPair(repository: Repository) {
  const { keyPair } = repository.pipelinesConfig
  if (keyPair === null) throw notFound('SSH key pair not found')
  return keyPair
}

export function setKeyPair(
  repository: Repository,
  { privateKey, publicKey }: { privateKey: string | undefined; publicKey: string | undefined },
): void {
  if (privateKey === undefined) throw badRequest('Bad request', { private_key: ['required key not provided'] })
  if (publicKey === undefined) throw badRequest('Bad request', { public_key: ['required key not provided'] })
  repository.pipelinesConfig.keyPair = { privateKey, publicKey }
}

export function getKnownHost(repository: Repository, uuid: string): KnownHost {
  const found = repository.pipelinesConfig.knownHosts.find((one) => one.uuid === uuid)
  if (found === undefined) throw notFound('Known host not found')
  return found
}

export interface KnownHostInput {
  hostname: string | undefined
  keyType: string | undefined
  key: string | undefined
}

function assertFree(repository: Repository, hostname: string, mine?: KnownHost): void {
  const taken = repository.pipelinesConfig.knownHosts.some((one) => one.hostname === hostname && one !== mine)
  if (taken) throw new SimulatorError(409, 'Conflict', { detail: `A known host '${hostname}' already exists` })
}

export function createKnownHost(sim: Sim, repository: Repository, input: KnownHostInput): KnownHost {
  const { hostname, keyType, key } = input
  if (hostname === undefined || hostname === '')
    throw badRequest('Bad request', { hostname: ['required key not provided'] })
  assertFree(repository, hostname)
  const host: KnownHost = { uuid: sim.newUuid(), hostname, keyType: keyType ?? 'ssh-ed25519', key: key ?? '' }
  repository.pipelinesConfig.knownHosts.push(host)
  return host
}

export function updateKnownHost(repository: Repository, host: KnownHost, input: KnownHostInput): void {
  if (input.hostname !== undefined) assertFree(repository, input.hostname, host)
  host.hostname = input.hostname ?? host.hostname
  host.keyType = input.keyType ?? host.keyType
  host.key = input.key ?? host.key
}

export function deleteKnownHost(repository: Repository, host: KnownHost): void {
  const { pipelinesConfig } = repository
  pipelinesConfig.knownHosts = pipelinesConfig.knownHosts.filter((one) => one !== host)
}

export function getCache(repository: Repository, uuid: string): PipelineCache {
  const found = repository.pipelinesConfig.caches.find((one) => one.uuid === uuid)
  if (found === undefined) throw notFound('Cache not found')
  return found
}

/** Every version of a cache goes; 404 when there is none of that name. */
export function deleteCaches(repository: Repository, isMeant: (cache: PipelineCache) => boolean): void {
  const { pipelinesConfig } = repository
  const kept = pipelinesConfig.caches.filter((one) => !isMeant(one))
  if (kept.length === pipelinesConfig.caches.length) throw notFound('Cache not found')
  pipelinesConfig.caches = kept
}
