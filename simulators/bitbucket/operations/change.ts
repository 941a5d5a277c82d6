import { ImpossibleChangeError, problemWith } from '../../shared/impossible-change.ts'
import type { Hook, Person, Project, Repository } from '../model.ts'
import { explain, SimulatorError } from '../simulator-error.ts'
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
      /** Or UUID. */
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

function findPerson(sim: Sim, username: string): Person {
  const person = sim.people.find((one) => one.username === username || one.uuid === username)
  if (person === undefined) throw new ImpossibleChangeError(`there is no person "${username}"`)
  return person
}

function findRepository(sim: Sim, name: string): Repository {
  const repository = sim.repositories.find((one) => one.slug === name || one.uuid === name)
  if (repository === undefined) throw new ImpossibleChangeError(`there is no repository "${name}"`)
  return repository
}

/** Whoever owns the workspace did it. */
function ownerOf({ workspace }: Repository): Person {
  const owner = workspace.members.find(({ role }) => role === 'owner')?.person
  if (owner === undefined) throw new ImpossibleChangeError(`workspace ${workspace.slug} has no owner`)
  return owner
}

function findProject({ workspace }: Repository, key: string | undefined): Project | undefined {
  const project = workspace.projects.find((one) => one.key === key)
  if (key !== undefined && project === undefined)
    throw new ImpossibleChangeError(`there is no project "${key}" in ${workspace.slug}`)
  return project
}

function findHook(sim: Sim, uuid: string): Hook {
  const hook = sim.hooks.find((one) => one.uuid === uuid)
  if (hook === undefined) throw new ImpossibleChangeError(`there is no hook "${uuid}"`)
  return hook
}

function assertNameFree(sim: Sim, person: Person, username: string | undefined): void {
  if (sim.people.some((one) => one !== person && one.username === username))
    throw new ImpossibleChangeError(`another person is called "${username}"`)
}

function changePerson(sim: Sim, change: Extract<Change, { what: 'person' }>): void {
  const person = findPerson(sim, change.username)
  assertNameFree(sim, person, change.newUsername)
  person.username = change.newUsername ?? person.username
  person.displayName = change.displayName ?? person.displayName
  if (change.becomes !== undefined) deletePerson(sim, person, change.becomes)
}

async function changeRepository(sim: Sim, change: Extract<Change, { what: 'repository' }>): Promise<void> {
  const repository = findRepository(sim, change.repository)
  const acting = { repository, actor: ownerOf(repository) }
  if (change.deleted === true) return await deleteRepository(sim, acting, undefined)
  const project = findProject(repository, change.project)
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
  const hook = findHook(sim, change.uuid)
  hook.active = change.active ?? hook.active
  if (change.deleted === true) deleteHook(sim, hook)
}

/** Goes as far as can be known before a change happens. Throws ImpossibleChangeError. */
function assertPossible(sim: Sim, change: Change): void {
  switch (change.what) {
    case 'person':
      return assertNameFree(sim, findPerson(sim, change.username), change.newUsername)
    case 'repository':
      return void findProject(findRepository(sim, change.repository), change.project)
    case 'hook':
      return void findHook(sim, change.uuid)
    default:
      return change satisfies never
  }
}

/** What a change names that is not there now; undefined when nothing stands against it. */
export async function whyImpossible(sim: Sim, change: Change): Promise<string | undefined> {
  return await problemWith(() => assertPossible(sim, change))
}

/** Carries a change out, with the webhooks it raises. Throws ImpossibleChangeError, or the refusal the API would give. */
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

/** Carries a change out, with the webhooks it raises; answers what stood against it. */
export async function tryChange(sim: Sim, change: Change): Promise<string | undefined> {
  return await problemWith(
    async () => await applyChange(sim, change),
    (error) => (error instanceof SimulatorError ? explain(error) : undefined),
  )
}
