import { type Environment, environmentTypes } from '../model/pipelines.ts'
import type { Repository } from '../model.ts'
import { badRequest, SimulatorError } from '../simulator-error.ts'
import { type Sim, stableUuid } from '../state.ts'

export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
}

export function findEnvironment(repository: Repository, name: string): Environment | undefined {
  const slug = slugOf(name)
  return repository.environments.find((one) => one.slug === slug)
}

export function getEnvironment(repository: Repository, uuid: string): Environment {
  const found = repository.environments.find((one) => one.uuid === uuid)
  if (found !== undefined) return found
  throw new SimulatorError(404, 'Not found', {
    detail: `Environment with uuid ${uuid} does not exist`,
    data: { key: 'deploy-service.environment.not-found', arguments: { uuid } },
  })
}

function make(sim: Sim, repository: Repository, wanted: Pick<Environment, 'name' | 'type'>): Environment {
  const environment: Environment = { uuid: sim.newUuid(), ...wanted, slug: slugOf(wanted.name), hidden: false }
  repository.environments.push(environment)
  return environment
}

export function createEnvironment(
  sim: Sim,
  repository: Repository,
  wanted: { name: string | undefined; type: string | undefined },
): Environment {
  const name = wanted.name?.trim() ?? ''
  const type = environmentTypes.find((one) => one === (wanted.type ?? 'Test'))
  if (name === '') throw badRequest('Bad request', { name: ['required key not provided'] })
  if (type === undefined) throw badRequest('Bad request', { environment_type: ['Unknown environment type'] })
  if (slugOf(name) === '') throw badRequest('Bad request', { name: ['The name needs a letter or a digit.'] })
  if (findEnvironment(repository, name) !== undefined) {
    throw new SimulatorError(409, 'Conflict', {
      detail: `An environment with the name '${name}' already exists`,
      data: { key: 'deploy-service.environment.conflict' },
    })
  }
  return make(sim, repository, { name, type })
}

/** The three that a repository gets when pipelines are switched on for the first time. */
export function ensureEnvironments(sim: Sim, repository: Repository): void {
  if (repository.environments.length > 0) return
  for (const type of environmentTypes) {
    const uuid = stableUuid(sim.seed, `environment-${repository.uuid}-${type}`)
    repository.environments.push({ uuid, name: type, slug: slugOf(type), type, hidden: false })
  }
}

export function deleteEnvironment(repository: Repository, environment: Environment): void {
  repository.environments = repository.environments.filter((one) => one !== environment)
  repository.pipelinesConfig.environmentVariables.delete(environment.uuid)
}

/** A name or the restriction to administrators; nothing else of an environment can be changed. */
export function changeEnvironment(
  repository: Repository,
  environment: Environment,
  change: { name?: string | undefined; adminOnly?: boolean | undefined },
): void {
  if (change.name === undefined && change.adminOnly === undefined) {
    throw new SimulatorError(400, 'Bad request', {
      detail: 'Only the name and the restrictions of an environment can be changed',
      data: { key: 'deploy-service.environment.change-not-supported' },
    })
  }
  if (change.name !== undefined) {
    const taken = findEnvironment(repository, change.name)
    if (slugOf(change.name) === '') throw badRequest('Bad request', { name: ['The name needs a letter or a digit.'] })
    if (taken !== undefined && taken !== environment) throw new SimulatorError(409, 'Conflict')
    environment.name = change.name.trim()
    environment.slug = slugOf(change.name)
  }
  if (change.adminOnly !== undefined) environment.adminOnly = change.adminOnly
}
