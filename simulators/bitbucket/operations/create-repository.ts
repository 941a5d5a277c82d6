import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runGit } from '../git/run-git.ts'
import type { RepositoryAdministration } from '../model/administration.ts'
import type { Person, Project, Repository, Workspace } from '../model.ts'
import { renderPayloadRepository } from '../render/repository.ts'
import { badRequest, forbidden } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { raiseEvent } from '../webhooks/raise-event.ts'
import { setMainBranch } from './main-branch.ts'
import { newRepository } from './new-repository.ts'
import { assertPrivacyFits } from './project-of.ts'
import { assertSlugFree } from './repositories.ts'

interface Target {
  workspace: Workspace
  project: Project
  slug: string
  actor: Person
}

/** What may be said of a new repository; what is left out has a usual value. */
interface Wishes {
  name: string | undefined
  description: string | undefined
  isPrivate: boolean | undefined
  hasIssues: boolean | undefined
  language: string | undefined
  website: string | undefined
  forkPolicy: RepositoryAdministration['forkPolicy'] | undefined
  mainBranch: string | undefined
}

function assertSlug(slug: string): void {
  if (/^[a-z0-9._-]{1,62}$/.test(slug) && !/^\.+$|\.git$/.test(slug)) return
  throw badRequest(
    'Invalid slug. Slugs must be lowercase, alphanumerical, and may also contain underscores, dashes, or dots.',
  )
}

interface Made extends Target {
  wishes: Wishes
  isPrivate: boolean
  usual: Pick<Repository, 'description' | 'language' | 'mainBranch' | 'parent' | 'website'>
}

function make(sim: Sim, { workspace, project, slug, actor, wishes, isPrivate, usual }: Made): Repository {
  assertSlug(slug)
  assertSlugFree(sim, workspace, slug)
  assertPrivacyFits(project, isPrivate)
  const uuid = sim.newUuid()
  const directory = join(sim.gitRoot, `${uuid.slice(1, -1)}.git`)
  const inherits = sim.switches.newRepositoriesInherit
  const repository = newRepository(
    { uuid, slug, name: wishes.name ?? slug, workspace, project, createdOn: sim.now(), directory },
    {
      ...usual,
      isPrivate,
      description: wishes.description ?? usual.description,
      language: wishes.language ?? usual.language,
      website: wishes.website ?? usual.website,
      hasIssues: wishes.hasIssues ?? false,
      forkPolicy: wishes.forkPolicy ?? (isPrivate ? 'no_public_forks' : 'allow_forks'),
      overrides: { default_merge_strategy: !inherits, branching_model: !inherits },
      permissions: new Map(actor.kind === 'user' ? [[actor.uuid, 'admin']] : []),
      watchers: actor.kind === 'user' ? [actor] : [],
    },
  )
  // Found from here on: a second one of the same name is refused while git still works.
  sim.repositories.push(repository)
  return repository
}

async function fillOrForget(sim: Sim, repository: Repository, fill: () => Promise<unknown>): Promise<void> {
  try {
    await fill()
  } catch (error) {
    sim.repositories = sim.repositories.filter((one) => one !== repository)
    throw error
  }
}

/** Makes a repository with an empty git repository behind it. Its main branch is the first one pushed. */
export async function createRepository(sim: Sim, target: Target, wishes: Wishes): Promise<Repository> {
  const repository = make(sim, {
    ...target,
    wishes,
    isPrivate: wishes.isPrivate ?? target.project.isPrivate,
    usual: { description: '', language: '', mainBranch: null, parent: null, website: null },
  })
  await fillOrForget(sim, repository, async () => {
    await mkdir(repository.directory, { recursive: true })
    await runGit(repository.directory, ['init', '--quiet', '--bare', '--initial-branch=main', '--template='])
  })
  raiseEvent(sim, { event: 'repo:created', repository, actor: target.actor, payload: {} })
  return repository
}

/** Clones a repository into another one that names it as its parent. Pull requests and settings stay behind. */
export async function forkRepository(
  sim: Sim,
  parent: Repository,
  input: { target: Target; wishes: Wishes },
): Promise<Repository> {
  const { target, wishes } = input
  if (parent.forkPolicy === 'no_forks') throw forbidden('This repository does not allow forks.')
  const isPrivate = wishes.isPrivate ?? (parent.isPrivate || target.project.isPrivate)
  if (parent.isPrivate && !isPrivate && parent.forkPolicy === 'no_public_forks')
    throw badRequest('Bad request', { is_private: ['This repository does not allow public forks.'] })
  const { description, language, mainBranch, website } = parent
  const repository = make(sim, {
    ...target,
    wishes: { ...wishes, forkPolicy: wishes.forkPolicy ?? parent.forkPolicy },
    isPrivate,
    usual: { description, language, mainBranch, parent, website },
  })
  repository.size = parent.size
  await fillOrForget(sim, repository, async () => {
    await runGit(parent.directory, ['clone', '--quiet', '--bare', '--template=', '.', repository.directory])
    if (wishes.mainBranch !== undefined) await setMainBranch(repository, wishes.mainBranch)
  })
  const payload = { fork: renderPayloadRepository(sim, repository) }
  raiseEvent(sim, { event: 'repo:fork', repository: parent, actor: target.actor, payload })
  return repository
}
