import * as z from 'zod'
import { ControlProblem, readControl } from '../shared/control.ts'
import { hasKey } from '../shared/json.ts'
import { apiTokenScopes, oauthScopes } from './auth/scopes.ts'
import type { Credential } from './model.ts'
import type { Sim } from './state.ts'

const prefixes = { api_token: 'ATATT3x', access_token: 'ATCTT3x', app_password: 'ATBB' } as const

const everyKind = { username: z.string(), scopes: z.array(z.string()).default([]) }
const name = z.string().exactOptional()
const ending = { expires_at: z.iso.datetime({ offset: true }).exactOptional() }

function belongsToOne(wanted: object): boolean {
  return ['workspace', 'project', 'repository'].filter((thing) => hasKey(wanted, thing)).length <= 1
}

/** App passwords were of a person alone and had no end. */
const newCredentialSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('api_token'), ...everyKind, ...ending, workspace: name }),
  z
    .strictObject({
      kind: z.literal('access_token'),
      ...everyKind,
      ...ending,
      workspace: name,
      project: name,
      repository: name,
    })
    .refine(belongsToOne, 'must have one of workspace, project and repository'),
  z.strictObject({ kind: z.literal('app_password'), ...everyKind }),
])
type NewCredential = z.output<typeof newCredentialSchema>

const credentialChangeSchema = z.strictObject({
  token: z.string(),
  revoked: z.boolean().exactOptional(),
  expired: z.literal(true).exactOptional(),
  scopes: z.array(z.string()).exactOptional(),
})

function assertScopes(kind: Credential['kind'], scopes: readonly string[]): void {
  const known = kind === 'api_token' ? apiTokenScopes : oauthScopes
  const unknown = scopes.find((one) => !known.includes(one))
  if (unknown !== undefined)
    throw new ControlProblem(`scopes: there is no "${unknown}" for this kind, but ${known.join(', ')}`)
}

function changeCredential(sim: Sim, body: unknown): Credential {
  const { token, revoked, expired, scopes } = readControl(credentialChangeSchema, body)
  const credential = sim.credentials.find((one) => one.token === token)
  if (credential === undefined) throw new ControlProblem('token: there is no such credential')
  if (scopes !== undefined) assertScopes(credential.kind, scopes)
  credential.revoked = revoked ?? credential.revoked
  if (expired === true) credential.expiresAt = sim.clock() - 1
  credential.scopes = scopes ?? credential.scopes
  return credential
}

type ResourceKind = NonNullable<Credential['resource']>['kind']

/** The thing of this kind that has the name (slug, or key of a project). */
function findResource(sim: Sim, kind: ResourceKind, wanted: string): Credential['resource'] {
  const found = {
    workspace: () => sim.workspaces.find((one) => one.slug === wanted),
    project: () => sim.workspaces.flatMap((one) => one.projects).find((one) => one.key === wanted),
    repository: () => sim.repositories.find((one) => one.slug === wanted),
  }[kind]()
  if (found === undefined) throw new ControlProblem(`${kind}: there is no ${kind} "${wanted}"`)
  return { kind, uuid: found.uuid }
}

/** An access token always belongs to something: without a name to the workspace there is from the start. */
function resourceOf(sim: Sim, wanted: NewCredential): Credential['resource'] {
  if (wanted.kind === 'app_password') return null
  if (wanted.kind === 'access_token') {
    if (wanted.repository !== undefined) return findResource(sim, 'repository', wanted.repository)
    if (wanted.project !== undefined) return findResource(sim, 'project', wanted.project)
  }
  if (wanted.workspace !== undefined) return findResource(sim, 'workspace', wanted.workspace)
  const [workspace] = sim.workspaces
  return wanted.kind === 'access_token' && workspace !== undefined ? { kind: 'workspace', uuid: workspace.uuid } : null
}

/** The person stays the one named, whatever the kind. */
function makeCredential(sim: Sim, body: unknown): Credential {
  const wanted = readControl(newCredentialSchema, body)
  const { kind, username, scopes } = wanted
  const person = sim.people.find((one) => one.username === username)
  if (person === undefined) throw new ControlProblem(`username: there is no person "${username}"`)
  assertScopes(kind, scopes)
  const expiresAt = wanted.kind === 'app_password' ? undefined : wanted.expires_at
  const credential: Credential = {
    kind,
    token: '',
    person,
    scopes,
    expiresAt: expiresAt === undefined ? null : Date.parse(expiresAt),
    revoked: false,
    resource: resourceOf(sim, wanted),
    consumerKey: null,
  }
  credential.token = `${prefixes[kind]}${sim.newSecret(40)}`
  sim.credentials.push(credential)
  return credential
}

/** With `token` changes that one, else makes one. */
export function setCredential(sim: Sim, body: unknown) {
  const credential = hasKey(body, 'token') ? changeCredential(sim, body) : makeCredential(sim, body)
  const { kind, token, scopes, revoked, person, expiresAt } = credential
  return {
    kind,
    token,
    scopes,
    revoked,
    username: person.username,
    email: person.email,
    expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString(),
  }
}
