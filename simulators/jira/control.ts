import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { type ControlCall, ControlProblem, readControl, registerControlCalls } from '../shared/control.ts'
import { sharedControlCalls, showClock } from '../shared/control-calls.ts'
import { hasKey } from '../shared/json.ts'
import { describe } from './describe.ts'
import type { RequestAction } from './faults.ts'
import type { Credential } from './model.ts'
import { type Change, tryChange, whyImpossible } from './operations/change.ts'
import { endGrant } from './operations/oauth.ts'
import { changeSchema, faultSchemas, scopes, timeZone } from './read-faults.ts'
import { readSwitches } from './read-switches.ts'
import type { Sim } from './state.ts'

const credentialChangeSchema = z.strictObject({
  token: z.string(),
  revoked: z.boolean().exactOptional(),
  expired: z.literal(true).exactOptional(),
  scopes: scopes.exactOptional(),
  /** Ends every token of the same consent. */
  grant_ended: z.literal(true).exactOptional(),
})

function changeCredential(sim: Sim, body: unknown): Credential {
  const wanted = readControl(credentialChangeSchema, body)
  const credential = sim.credentials.find((one) => one.token === wanted.token)
  if (credential === undefined) throw new ControlProblem('token: there is no such credential')
  credential.isRevoked = wanted.revoked ?? credential.isRevoked
  if (wanted.expired === true) credential.expiresAt = sim.clock() - 1
  credential.scopes = wanted.scopes ?? credential.scopes
  if (wanted.grant_ended === true && credential.grantId !== null) endGrant(sim, credential.grantId)
  return credential
}

const newCredentialSchema = z.strictObject({ email: z.string(), scopes: scopes.exactOptional() })

/** An API token; with scopes it is one for the gateway. */
function makeCredential(sim: Sim, body: unknown): Credential {
  const wanted = readControl(newCredentialSchema, body)
  const person = sim.people.find((one) => one.email === wanted.email)
  if (person === undefined) throw new ControlProblem(`email: there is no person "${wanted.email}"`)
  const credential: Credential = {
    kind: 'api_token',
    token: `ATATT3x${sim.newSecret(60)}`,
    person,
    scopes: wanted.scopes ?? null,
    expiresAt: null,
    isRevoked: false,
    clientId: null,
    grantId: null,
  }
  sim.credentials.push(credential)
  return credential
}

const personSchema = z.strictObject({
  email: z.string(),
  active: z.boolean().exactOptional(),
  site_access: z.boolean().exactOptional(),
  display_name: z.string().min(1).exactOptional(),
  time_zone: timeZone.exactOptional(),
})

function changePerson(sim: Sim, body: unknown): { email: string } {
  const {
    email,
    active,
    site_access: siteAccess,
    display_name: name,
    time_zone: zone,
  } = readControl(personSchema, body)
  const person = sim.people.find((one) => one.email === email)
  if (person === undefined) throw new ControlProblem(`email: there is no person "${email}"`)
  person.isActive = active ?? person.isActive
  person.hasSiteAccess = siteAccess ?? person.hasSiteAccess
  person.displayName = name ?? person.displayName
  person.timeZone = zone ?? person.timeZone
  return { email }
}

const callbacksSchema = z.strictObject({
  callback_urls: z.array(z.url({ protocol: /^https?$/, error: 'must be an http address' })),
})

function setCallbacks(sim: Sim, body: unknown) {
  const { callback_urls: callbackUrls } = readControl(callbacksSchema, body)
  const [app] = sim.apps
  if (app === undefined) throw new ControlProblem('there is no OAuth app')
  app.callbackUrls = callbackUrls
  return { client_id: app.clientId, callback_urls: callbackUrls }
}

function show(sim: Sim) {
  return {
    ...describe(sim),
    switches: sim.switches,
    clock: showClock(sim.time),
    counts: {
      requests: sim.requests.length,
      deliveries: sim.deliveries.length,
      forgotten: sim.forgotten,
      hooks: sim.hooks.length,
      issues: sim.issues.length,
    },
  }
}

/** Clearly not Jira. */
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
        const { kind, token, scopes: granted, isRevoked, person } = credential
        return { kind, token, scopes: granted, revoked: isRevoked, email: person.email }
      },
    },
    { method: 'POST', path: '/people', handle: (body) => changePerson(sim, body) },
    { method: 'POST', path: '/oauth-callbacks', handle: (body) => setCallbacks(sim, body) },
  ]
  registerControlCalls(app, [...own, ...shared])
}
