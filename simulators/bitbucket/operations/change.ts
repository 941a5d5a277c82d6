import type { Person, Repository } from '../model.ts'
import type { Sim } from '../state.ts'
import { deleteRepository } from './delete-repository.ts'
import { deleteHook } from './hooks.ts'
import { deletePerson } from './people.ts'
import { updateRepository } from './repositories.ts'
import { transferRepository } from './transfer-repository.ts'

/** What somebody elsewhere does to a person, a repository or a hook while a client looks away. */
export type Change =
  | {
      what: 'person'
      username: string
      /** Renamed. */
      newUsername?: string
      displayName?: string
      /** `anonymised`: a nameless account stays. `deleted`: nobody stays, null wherever the account was shown. */
      becomes?: 'anonymised' | 'deleted'
    }
  | {
      what: 'repository'
      /** Its slug or UUID. */
      repository: string
      name?: string
      isPrivate?: boolean
      /** Key of a project of its workspace. */
      project?: string
      /** Slug of the workspace it is transferred to, which is made when there is none. */
      workspace?: string
      deleted?: boolean
    }
  | {
      what: 'hook'
      uuid: string
      active?: boolean
      deleted?: boolean
    }

/** A change that names something there is not. */
export class NoSuchThingError extends Error {}

function findPerson(sim: Sim, username: string): Person {
  const person = sim.people.find((one) => one.username === username)
  if (person === undefined) throw new NoSuchThingError(`there is no person "${username}"`)
  return person
}

function findRepository(sim: Sim, name: string): Repository {
  const repository = sim.repositories.find((one) => one.slug === name || one.uuid === name)
  if (repository === undefined) throw new NoSuchThingError(`there is no repository "${name}"`)
  return repository
}

/** Whoever owns the workspace did it. */
function ownerOf({ workspace }: Repository): Person {
  const owner = workspace.members.find(({ role }) => role === 'owner')?.person
  if (owner === undefined) throw new NoSuchThingError(`workspace ${workspace.slug} has no owner`)
  return owner
}

function changePerson(sim: Sim, change: Extract<Change, { what: 'person' }>): void {
  const person = findPerson(sim, change.username)
  person.username = change.newUsername ?? person.username
  person.displayName = change.displayName ?? person.displayName
  if (change.becomes !== undefined) deletePerson(sim, person, change.becomes)
}

async function changeRepository(sim: Sim, change: Extract<Change, { what: 'repository' }>): Promise<void> {
  const repository = findRepository(sim, change.repository)
  const acting = { repository, actor: ownerOf(repository) }
  if (change.deleted === true) return await deleteRepository(sim, acting, undefined)
  const project = repository.workspace.projects.find(({ key }) => key === change.project)
  if (change.project !== undefined && project === undefined)
    throw new NoSuchThingError(`there is no project "${change.project}" in ${repository.workspace.slug}`)
  if (change.name !== undefined || change.isPrivate !== undefined || project !== undefined)
    await updateRepository(sim, acting, {
      name: change.name,
      isPrivate: change.isPrivate,
      project,
      description: undefined,
      hasIssues: undefined,
      language: undefined,
      website: undefined,
      forkPolicy: undefined,
      mainBranch: undefined,
    })
  if (change.workspace !== undefined) transferRepository(sim, acting, change.workspace)
}

function changeHook(sim: Sim, change: Extract<Change, { what: 'hook' }>): void {
  const hook = sim.hooks.find((one) => one.uuid === change.uuid)
  if (hook === undefined) throw new NoSuchThingError(`there is no hook "${change.uuid}"`)
  hook.active = change.active ?? hook.active
  if (change.deleted === true) deleteHook(sim, hook)
}

/** Carries a change out, with the webhooks it raises. Throws NoSuchThingError, or the refusal the API would give. */
export async function applyChange(sim: Sim, change: Change): Promise<void> {
  switch (change.what) {
    case 'person':
      return changePerson(sim, change)
    case 'repository':
      return await changeRepository(sim, change)
    case 'hook':
      return changeHook(sim, change)
    default:
      return change satisfies never
  }
}
