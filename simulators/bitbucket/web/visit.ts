import type { BasicPage, PageAnswer, PageVisit } from '../../shared/page-visit.ts'
import type { Principal } from '../auth/authenticate.ts'
import { atLeast, findRepository, permissionOf, reachRepository } from '../auth/permission.ts'
import type { Permission, Person, Repository } from '../model.ts'
import type { UploadedFile } from '../operations/issue-attachments.ts'
import { notFound } from '../simulator-error.ts'
import type { Sim } from '../state.ts'

export { redirect, show } from '../../shared/page-visit.ts'

export interface Visit extends PageVisit<Sim, Person> {
  /** Files sent along with the form. */
  files: UploadedFile[]
}

/** A visit by somebody who is logged in. */
export interface PersonVisit extends Visit {
  person: Person
}

export interface RepositoryVisit extends PersonVisit {
  repository: Repository
  /** `/{workspace}/{slug}`, the start of every address of the repository. */
  base: string
}

export interface Page extends BasicPage {
  /** Of a repository page: which repository, and which of its tabs. */
  repository?: Repository
  tab?: Tab
}

export type Tab =
  | 'source'
  | 'commits'
  | 'branches'
  | 'pull-requests'
  | 'pipelines'
  | 'deployments'
  | 'issues'
  | 'webhooks'

export type Answer = PageAnswer<Page>

/** In a browser a person may do everything their role allows: no scopes. */
export function principalOf(person: Person): Principal {
  return {
    kind: 'known',
    person,
    credential: {
      kind: 'api_token',
      token: '',
      person,
      scopes: [],
      expiresAt: null,
      revoked: false,
      resource: null,
      consumerKey: null,
    },
  }
}

export function permissionIn(repository: Repository, person: Person): Permission {
  return permissionOf(repository, principalOf(person))
}

export function mayIn(repository: Repository, person: Person, wanted: Permission): boolean {
  return atLeast(permissionIn(repository, person), wanted)
}

export function repositoryBase(repository: Repository): string {
  return `/${repository.workspace.slug}/${repository.slug}`
}

/** The repository of the path; throws the refusal of the API when the person may not do this. */
export function visitRepository(visit: PersonVisit, wanted: Permission): RepositoryVisit {
  const { workspace = '', repo: slug = '' } = visit.params
  const moved = visit.sim.movedRepositories.get(`${workspace}/${slug}`)
  if (moved !== undefined && findRepository(visit.sim, workspace, slug) === undefined)
    throw notFound(`This repository has moved to ${moved}`)
  const repository = reachRepository(visit.sim, principalOf(visit.person), { workspace, slug, wanted })
  return { ...visit, repository, base: repositoryBase(repository) }
}
