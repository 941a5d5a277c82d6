import { ImpossibleChangeError, problemWith } from '../../shared/impossible-change.ts'
import { findIssue } from '../auth/permission.ts'
import { JiraError } from '../jira-error.ts'
import type { Credential, Hook, Issue, Person, Project } from '../model.ts'
import type { Sim } from '../state.ts'
import { closeAccount } from './close-account.ts'
import { deleteHook } from './hooks.ts'
import { deleteIssue } from './issues.ts'
import { moveIssue } from './move-issue.ts'

/** What somebody elsewhere does while a client looks away. */
export type Change =
  | {
      what: 'person'
      /** Or account id. */
      email: string
      displayName?: string
      active?: boolean
      siteAccess?: boolean
      timeZone?: string
      /** A nameless, closed account stays. */
      becomes?: 'anonymised'
    }
  | {
      what: 'project'
      /** Its key or id. */
      project: string
      name?: string
      /** Who does not see it any more: e-mail address or account id. */
      takenFrom?: string
    }
  | {
      what: 'issue'
      /** Its key or id. */
      issue: string
      /** Key or id of the project it is moved to. */
      project?: string
      deleted?: boolean
    }
  | { what: 'hook'; id: string; enabled?: boolean; deleted?: boolean }
  | ({ what: 'credential'; token: string } & CredentialChange)

export interface CredentialChange {
  becomes: 'expired' | 'revoked' | 'reduced'
  /** What it may still do; nothing when not said. */
  scopes?: string[]
}

function getPerson(sim: Sim, name: string): Person {
  const person = sim.people.find((one) => one.email === name || one.accountId === name)
  if (person === undefined) throw new ImpossibleChangeError(`there is no person "${name}"`)
  return person
}

function getProject(sim: Sim, name: string): Project {
  const project = sim.projects.find((one) => one.key === name || one.id === name)
  if (project === undefined) throw new ImpossibleChangeError(`there is no project "${name}"`)
  return project
}

function getIssue(sim: Sim, name: string): Issue {
  const issue = findIssue(sim, name)
  if (issue === undefined) throw new ImpossibleChangeError(`there is no issue "${name}"`)
  return issue
}

function getHook(sim: Sim, id: string): Hook {
  const hook = sim.hooks.find((one) => one.id === id)
  if (hook === undefined) throw new ImpossibleChangeError(`there is no hook "${id}"`)
  return hook
}

function getCredential(sim: Sim, token: string): Credential {
  const credential = sim.credentials.find((one) => one.token === token)
  if (credential === undefined) throw new ImpossibleChangeError('there is no such credential')
  return credential
}

/** Who does what nobody in particular does. */
function siteAdmin(sim: Sim): Person {
  const admin = sim.people.find((one) => one.isSiteAdmin && one.isActive)
  if (admin === undefined) throw new ImpossibleChangeError('the site has no administrator')
  return admin
}

/** Of a credential, from here on. */
export function changeCredential(sim: Sim, credential: Credential, change: CredentialChange): void {
  switch (change.becomes) {
    case 'expired':
      credential.expiresAt = sim.clock() - 1
      return
    case 'revoked':
      credential.isRevoked = true
      return
    case 'reduced':
      credential.scopes = change.scopes ?? []
      return
    default:
      change.becomes satisfies never
  }
}

function getLoser(sim: Sim, name: string): Person {
  const person = getPerson(sim, name)
  if (person.isSiteAdmin) throw new ImpossibleChangeError(`${name} administers the site and sees every project`)
  return person
}

/** An open project is closed, with everybody else let in by name. */
function takeAccess(sim: Sim, project: Project, person: Person): void {
  const others = sim.people.filter((one) => one.hasSiteAccess && !project.roles.has(one.accountId))
  if (project.isOpen) for (const one of others) project.roles.set(one.accountId, 'work')
  project.isOpen = false
  project.roles.delete(person.accountId)
}

function changePerson(sim: Sim, change: Extract<Change, { what: 'person' }>): void {
  const person = getPerson(sim, change.email)
  person.displayName = change.displayName ?? person.displayName
  person.isActive = change.active ?? person.isActive
  person.hasSiteAccess = change.siteAccess ?? person.hasSiteAccess
  person.timeZone = change.timeZone ?? person.timeZone
  if (change.becomes === 'anonymised') closeAccount(sim, person)
}

function changeProject(sim: Sim, change: Extract<Change, { what: 'project' }>): void {
  const project = getProject(sim, change.project)
  const loser = change.takenFrom === undefined ? undefined : getLoser(sim, change.takenFrom)
  project.name = change.name ?? project.name
  if (loser !== undefined) takeAccess(sim, project, loser)
}

function changeIssue(sim: Sim, change: Extract<Change, { what: 'issue' }>): void {
  const issue = getIssue(sim, change.issue)
  const actor = siteAdmin(sim)
  if (change.project !== undefined) moveIssue(sim, actor, { issue, project: getProject(sim, change.project) })
  if (change.deleted === true) deleteIssue(sim, actor, issue)
}

function changeHook(sim: Sim, change: Extract<Change, { what: 'hook' }>): void {
  const hook = getHook(sim, change.id)
  hook.isEnabled = change.enabled ?? hook.isEnabled
  if (change.deleted === true) deleteHook(sim, hook)
}

function applyChange(sim: Sim, change: Change): void {
  switch (change.what) {
    case 'person':
      return changePerson(sim, change)
    case 'project':
      return changeProject(sim, change)
    case 'issue':
      return changeIssue(sim, change)
    case 'hook':
      return changeHook(sim, change)
    case 'credential':
      return changeCredential(sim, getCredential(sim, change.token), change)
    default:
      return change satisfies never
  }
}

/** Throws ImpossibleChangeError for what can be known to fail before it happens. */
function assertPossible(sim: Sim, change: Change): void {
  switch (change.what) {
    case 'person':
      return void getPerson(sim, change.email)
    case 'project':
      getProject(sim, change.project)
      return void (change.takenFrom === undefined || getLoser(sim, change.takenFrom))
    case 'issue':
      getIssue(sim, change.issue)
      return void (change.project === undefined || getProject(sim, change.project))
    case 'hook':
      return void getHook(sim, change.id)
    case 'credential':
      return void getCredential(sim, change.token)
    default:
      return change satisfies never
  }
}

/** What a change names that is not there now; undefined when nothing stands against it. */
export async function whyImpossible(sim: Sim, change: Change): Promise<string | undefined> {
  return await problemWith(() => assertPossible(sim, change))
}

/** Carries a change out, with the webhooks it raises; answers what stood against it. */
export async function tryChange(sim: Sim, change: Change): Promise<string | undefined> {
  return await problemWith(
    () => applyChange(sim, change),
    (error) => (error instanceof JiraError ? error.message : undefined),
  )
}
