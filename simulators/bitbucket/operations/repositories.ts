import type { Json } from '../../shared/json.ts'
import type { RepositoryAdministration } from '../model/administration.ts'
import type { Project, Repository, Workspace } from '../model.ts'
import { renderRepositoryReference } from '../render/repository.ts'
import { badRequest } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { raiseEvent } from '../webhooks/raise-event.ts'
import { setMainBranch } from './main-branch.ts'
import { assertPrivacyFits } from './project-of.ts'
import type { Acting } from './pull-requests.ts'

interface RepositoryEdit {
  name: string | undefined
  description: string | undefined
  isPrivate: boolean | undefined
  hasIssues: boolean | undefined
  language: string | undefined
  website: string | undefined
  forkPolicy: RepositoryAdministration['forkPolicy'] | undefined
  project: Project | undefined
  mainBranch: string | undefined
}

export function toSlug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^-+|-+$/g, '')
}

export function assertSlugFree(sim: Sim, workspace: Workspace, slug: string): void {
  if (sim.repositories.some((one) => one.workspace === workspace && one.slug === slug))
    throw badRequest('Repository with this Slug and Owner already exists.')
}

type Changes = Record<string, { old: Json; new: Json }>

/** What a webhook says of a repository's address. */
function addressOf(sim: Sim, repository: Repository): Record<string, Json> {
  const { full_name = null, links = null } = renderRepositoryReference(sim, repository)
  return { slug: repository.slug, full_name, links }
}

/** A new name changes the slug too; the old one redirects. */
function rename(sim: Sim, { repository }: Acting, name: string): Changes {
  const slug = toSlug(name)
  if (slug === '') throw badRequest('Bad request', { name: ['Enter a valid name.'] })
  const changes: Changes = { name: { old: repository.name, new: name } }
  if (slug !== repository.slug) assertSlugFree(sim, repository.workspace, slug)
  repository.name = name
  if (slug === repository.slug) return changes
  const before = addressOf(sim, repository)
  repository.formerSlugs.push(repository.slug)
  repository.slug = slug
  for (const [field, value] of Object.entries(addressOf(sim, repository)))
    changes[field] = { old: before[field] ?? null, new: value }
  return changes
}

/** Changes what is given and tells the hooks. */
export async function updateRepository(sim: Sim, acting: Acting, edit: RepositoryEdit): Promise<void> {
  const { repository } = acting
  const project = edit.project ?? repository.project
  const isPrivate = edit.isPrivate ?? repository.isPrivate
  assertPrivacyFits(project, isPrivate)
  if (edit.mainBranch !== undefined) await setMainBranch(repository, edit.mainBranch)
  const changes: Changes = {}
  if (edit.name !== undefined && edit.name !== repository.name) Object.assign(changes, rename(sim, acting, edit.name))
  for (const field of ['description', 'language', 'website'] as const) {
    const value = edit[field]
    if (value === undefined || value === (repository[field] ?? '')) continue
    changes[field] = { old: repository[field] ?? '', new: value }
    repository[field] = value
  }
  repository.isPrivate = isPrivate
  repository.project = project
  repository.hasIssues = edit.hasIssues ?? repository.hasIssues
  repository.forkPolicy = edit.forkPolicy ?? repository.forkPolicy
  repository.updatedOn = sim.now()
  raiseEvent(sim, { event: 'repo:updated', repository, actor: acting.actor, payload: { changes } })
}
