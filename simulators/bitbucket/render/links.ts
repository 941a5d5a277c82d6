import type { JsonObject } from '../../shared/json.ts'
import type { Repository } from '../model.ts'
import type { Sim } from '../state.ts'

/** The braces of a UUID travel encoded. */
export function encodeUuid(uuid: string): string {
  return encodeURIComponent(uuid)
}

export function href(url: string): JsonObject {
  return { href: url }
}

export function apiRepositoryUrl(sim: Sim, repository: Repository): string {
  return `${sim.urls.api}/repositories/${repository.workspace.slug}/${repository.slug}`
}

export function webRepositoryUrl(sim: Sim, repository: Repository): string {
  return `${sim.urls.web}/${repository.workspace.slug}/${repository.slug}`
}

export function fullName(repository: Repository): string {
  return `${repository.workspace.slug}/${repository.slug}`
}
