import { badRequest } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { raiseEvent } from '../webhooks/raise-event.ts'
import type { Acting } from './pull-requests.ts'

interface RepositoryEdit {
  name: string | undefined
  description: string | undefined
  isPrivate: boolean | undefined
  hasIssues: boolean | undefined
  language: string | undefined
}

function toSlug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^-+|-+$/g, '')
}

/** A new name changes the slug too; the old one redirects. */
export function updateRepository(sim: Sim, acting: Acting, edit: RepositoryEdit): void {
  const { repository } = acting
  const changes: Record<string, { old: string; new: string }> = {}
  if (edit.name !== undefined && edit.name !== repository.name) {
    const slug = toSlug(edit.name)
    if (slug === '') throw badRequest('Bad request', { name: ['Enter a valid name.'] })
    const taken = sim.repositories.some(
      (one) => one !== repository && one.workspace === repository.workspace && one.slug === slug,
    )
    if (taken) throw badRequest('Repository with this Slug and Owner already exists.')
    changes['name'] = { old: repository.name, new: edit.name }
    changes['slug'] = { old: repository.slug, new: slug }
    repository.formerSlugs.push(repository.slug)
    repository.name = edit.name
    repository.slug = slug
  }
  if (edit.description !== undefined && edit.description !== repository.description) {
    changes['description'] = { old: repository.description, new: edit.description }
    repository.description = edit.description
  }
  repository.isPrivate = edit.isPrivate ?? repository.isPrivate
  repository.hasIssues = edit.hasIssues ?? repository.hasIssues
  repository.language = edit.language ?? repository.language
  repository.updatedOn = sim.now()
  raiseEvent(sim, { event: 'repo:updated', repository, actor: acting.actor, payload: { changes } })
}
