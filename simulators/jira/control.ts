import type { FastifyInstance } from 'fastify'
import { at, booleanAt, isObject, stringAt } from '../shared/json.ts'
import { flushOutbox } from '../shared/outbox.ts'
import { controlBodyOf } from '../shared/read-request.ts'
import { describe } from './describe.ts'
import type { Credential } from './model.ts'
import { endGrant } from './operations/oauth.ts'
import { readSwitches } from './read-switches.ts'
import type { Sim } from './state.ts'

/** Changes a credential: `{token, revoked?, expired?, scopes?}`. */
function changeCredential(sim: Sim, body: unknown): Credential | undefined {
  const credential = sim.credentials.find((one) => one.token === stringAt(body, 'token'))
  if (credential === undefined) return undefined
  credential.isRevoked = booleanAt(body, 'revoked') ?? credential.isRevoked
  if (booleanAt(body, 'expired') === true) credential.expiresAt = sim.clock() - 1
  const scopes = at(body, 'scopes')
  if (Array.isArray(scopes)) credential.scopes = scopes.map(String)
  if (booleanAt(body, 'grant_ended') === true && credential.grantId !== null) endGrant(sim, credential.grantId)
  return credential
}

/** Makes an API token: `{email, scopes?}`; with scopes it is one for the gateway. */
function makeCredential(sim: Sim, body: unknown): Credential | undefined {
  const person = sim.people.find((one) => one.email === stringAt(body, 'email'))
  if (person === undefined) return undefined
  const scopes = at(body, 'scopes')
  const credential: Credential = {
    kind: 'api_token',
    token: `ATATT3x${sim.newSecret(60)}`,
    person,
    scopes: Array.isArray(scopes) ? scopes.map(String) : null,
    expiresAt: null,
    isRevoked: false,
    clientId: null,
    grantId: null,
  }
  sim.credentials.push(credential)
  return credential
}

/** Changes a person: `{email, active?, site_access?, display_name?, time_zone?}`. */
function changePerson(sim: Sim, body: unknown): boolean {
  const person = sim.people.find((one) => one.email === stringAt(body, 'email'))
  if (person === undefined) return false
  person.isActive = booleanAt(body, 'active') ?? person.isActive
  person.hasSiteAccess = booleanAt(body, 'site_access') ?? person.hasSiteAccess
  person.displayName = stringAt(body, 'display_name') ?? person.displayName
  person.timeZone = stringAt(body, 'time_zone') ?? person.timeZone
  return true
}

function registerChanges(app: FastifyInstance, sim: Sim): void {
  app.post('/__control/switches', async (request, reply) => {
    const problem = readSwitches(sim.switches, controlBodyOf(request))
    return problem === undefined ? sim.switches : await reply.code(400).send({ problem })
  })
  app.post('/__control/oauth-callbacks', async (request, reply) => {
    const urls = at(controlBodyOf(request), 'callback_urls')
    const [one] = sim.apps
    if (!Array.isArray(urls) || one === undefined)
      return await reply.code(400).send({ problem: 'callback_urls is missing' })
    one.callbackUrls = urls.map(String)
    return { client_id: one.clientId, callback_urls: one.callbackUrls }
  })
  app.post('/__control/credentials', async (request, reply) => {
    const body = controlBodyOf(request)
    const isChange = stringAt(body, 'token') !== undefined
    const credential = isChange ? changeCredential(sim, body) : makeCredential(sim, body)
    if (credential === undefined) return await reply.code(400).send({ problem: 'no such token or person' })
    const { kind, token, scopes, isRevoked, person } = credential
    return { kind, token, scopes, revoked: isRevoked, email: person.email }
  })
  app.post('/__control/people', async (request, reply) => {
    const body = controlBodyOf(request)
    if (!isObject(body) || !changePerson(sim, body)) return await reply.code(400).send({ problem: 'no such person' })
    return { email: body['email'] }
  })
}

/** Clearly not Jira: how tests and demonstrations steer the simulator from outside. Loopback use only. */
export function registerControl(app: FastifyInstance, sim: Sim): void {
  app.get('/__control', async () => ({
    ...describe(sim),
    switches: sim.switches,
    counts: {
      requests: sim.requests.length,
      deliveries: sim.deliveries.length,
      hooks: sim.hooks.length,
      issues: sim.issues.length,
    },
  }))
  registerChanges(app, sim)
  app.get('/__control/deliveries', async () => sim.deliveries)
  app.get('/__control/requests', async () => sim.requests)
  app.post('/__control/flush', async () => {
    await flushOutbox(sim.outbox)
    return { deliveries: sim.deliveries.length }
  })
}
