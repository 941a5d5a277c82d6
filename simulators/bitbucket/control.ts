import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { type ControlCall, ControlProblem, readControl, registerControlCalls } from '../shared/control.ts'
import { sharedControlCalls, showClock } from '../shared/control-calls.ts'
import { hasKey } from '../shared/json.ts'
import { apiTokenScopes, oauthScopes } from './auth/scopes.ts'
import { describe } from './describe.ts'
import type { RequestAction } from './faults.ts'
import type { Credential } from './model.ts'
import { type Change, tryChange, whyImpossible } from './operations/change.ts'
import { changeSchema, faultSchemas } from './read-faults.ts'
import { readSwitches } from './read-switches.ts'
import type { Sim } from './state.ts'

const prefixes = { api_token: 'ATATT3x', access_token: 'ATCTT3x', app_password: 'ATBB' } as const

const newCredentialSchema = z.strictObject({
  kind: z.enum(['api_token', 'access_token', 'app_password']),
  username: z.string(),
  scopes: z.array(z.string()).default([]),
  repository: z.string().exactOptional(),
})

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

function resourceOf(sim: Sim, kind: keyof typeof prefixes, slug: string | undefined): Credential['resource'] {
  const repository = sim.repositories.find((one) => one.slug === slug)
  if (slug !== undefined && repository === undefined)
    throw new ControlProblem(`repository: there is no repository "${slug}"`)
  if (repository !== undefined) return { kind: 'repository', uuid: repository.uuid }
  const [workspace] = sim.workspaces
  return kind === 'access_token' && workspace !== undefined ? { kind: 'workspace', uuid: workspace.uuid } : null
}

/** The person stays the one named, whatever the kind. */
function makeCredential(sim: Sim, body: unknown): Credential {
  const { kind, username, scopes, repository } = readControl(newCredentialSchema, body)
  const person = sim.people.find((one) => one.username === username)
  if (person === undefined) throw new ControlProblem(`username: there is no person "${username}"`)
  assertScopes(kind, scopes)
  const credential: Credential = {
    kind,
    token: '',
    person,
    scopes,
    expiresAt: null,
    revoked: false,
    resource: resourceOf(sim, kind, repository),
    consumerKey: null,
  }
  credential.token = `${prefixes[kind]}${sim.newSecret(40)}`
  sim.credentials.push(credential)
  return credential
}

const callbackSchema = z.strictObject({
  callback_url: z.url({ protocol: /^https?$/, error: 'must be an http address' }),
})

function setCallback(sim: Sim, body: unknown) {
  const { callback_url: callbackUrl } = readControl(callbackSchema, body)
  const [consumer] = sim.consumers
  if (consumer === undefined) throw new ControlProblem('there is no OAuth consumer')
  consumer.callbackUrl = callbackUrl
  return { key: consumer.key, callback_url: callbackUrl }
}

function show(sim: Sim) {
  return {
    ...describe(sim, { withControl: true }),
    switches: sim.switches,
    clock: showClock(sim.time),
    git_root: sim.gitRoot,
    counts: {
      requests: sim.requests.length,
      deliveries: sim.deliveries.length,
      forgotten: sim.forgotten,
      hooks: sim.hooks.length,
      repositories: sim.repositories.length,
    },
  }
}

/** Clearly not Bitbucket. */
export function registerControl(app: FastifyInstance, sim: Sim): void {
  const shared = sharedControlCalls<RequestAction, Change>({
    outbox: sim.outbox,
    switches: sim.switches,
    schemas: faultSchemas,
    changeSchema,
    changeOf: (action) => (action.kind === 'change' ? action.change : undefined),
    whyImpossible: async (change) => await whyImpossible(sim, change),
    tryChange: async (change) => await tryChange(sim, change),
    setSwitches: (body) => readSwitches(sim.switches, body),
    requests: () => sim.requests,
    deliveries: () => sim.deliveries,
  })
  const own: ControlCall[] = [
    { method: 'GET', path: '', handle: () => show(sim) },
    {
      method: 'POST',
      path: '/credentials',
      handle: (body) => {
        const credential = hasKey(body, 'token') ? changeCredential(sim, body) : makeCredential(sim, body)
        const { kind, token, scopes, revoked, person } = credential
        return { kind, token, scopes, revoked, username: person.username, email: person.email }
      },
    },
    { method: 'POST', path: '/oauth-callback', handle: (body) => setCallback(sim, body) },
  ]
  registerControlCalls(app, [...own, ...shared])
}
