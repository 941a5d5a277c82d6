import type { FastifyInstance } from 'fastify'
import { at, booleanAt, isObject, stringAt } from '../shared/json.ts'
import { describe } from './describe.ts'
import type { Credential } from './model.ts'
import type { Sim } from './state.ts'
import { defaultSwitches, type Switches } from './switches.ts'
import { flushDeliveries } from './webhooks/deliver.ts'

function readJson(body: unknown): unknown {
  if (!Buffer.isBuffer(body) || body.length === 0) return {}
  const parsed: unknown = JSON.parse(body.toString('utf8'))
  return parsed
}

/** Takes over every known switch of a JSON object; nested ones field by field. Answers the names it did not know. */
function applySwitches(switches: Switches, wanted: Record<string, unknown>): string[] {
  const target: Record<string, unknown> = Object.fromEntries(Object.entries(switches))
  const known = defaultSwitches()
  const unknown: string[] = []
  for (const [name, value] of Object.entries(wanted)) {
    if (!Object.hasOwn(known, name)) unknown.push(name)
    else {
      const now = target[name]
      target[name] = isObject(now) && isObject(value) ? { ...now, ...value } : value
    }
  }
  Object.assign(switches, target)
  return unknown
}

/** Changes a credential: `{token, revoked?, expired?, scopes?}`. */
function changeCredential(sim: Sim, body: unknown): Credential | undefined {
  const credential = sim.credentials.find((one) => one.token === stringAt(body, 'token'))
  if (credential === undefined) return undefined
  credential.revoked = booleanAt(body, 'revoked') ?? credential.revoked
  if (booleanAt(body, 'expired') === true) credential.expiresAt = sim.clock() - 1
  const scopes = at(body, 'scopes')
  if (Array.isArray(scopes)) credential.scopes = scopes.map(String)
  return credential
}

/** Makes a credential: `{kind, username, scopes, repository?}`; the person stays the one named. */
function makeCredential(sim: Sim, body: unknown): Credential | undefined {
  const kind = (['api_token', 'access_token', 'app_password'] as const).find((one) => one === stringAt(body, 'kind'))
  const person = sim.people.find((one) => one.username === stringAt(body, 'username'))
  const slug = stringAt(body, 'repository')
  const repository = sim.repositories.find((one) => one.slug === slug)
  const [workspace] = sim.workspaces
  if (
    kind === undefined ||
    person === undefined ||
    workspace === undefined ||
    (slug !== undefined && repository === undefined)
  )
    return undefined
  const scopes = at(body, 'scopes')
  const credential: Credential = {
    kind,
    token: `${kind === 'api_token' ? 'ATATT3x' : kind === 'access_token' ? 'ATCTT3x' : 'ATBB'}${sim.newSecret(40)}`,
    person,
    scopes: Array.isArray(scopes) ? scopes.map(String) : [],
    expiresAt: null,
    revoked: false,
    resource:
      repository !== undefined
        ? { kind: 'repository', uuid: repository.uuid }
        : kind === 'access_token'
          ? { kind: 'workspace', uuid: workspace.uuid }
          : null,
    consumerKey: null,
  }
  sim.credentials.push(credential)
  return credential
}

/** Clearly not Bitbucket: how tests and demonstrations steer the simulator from outside. Loopback use only. */
export function registerControl(app: FastifyInstance, sim: Sim): void {
  app.get('/__control', async () => ({
    ...describe(sim),
    switches: sim.switches,
    git_root: sim.gitRoot,
    counts: {
      requests: sim.requests.length,
      deliveries: sim.deliveries.length,
      hooks: sim.hooks.length,
      repositories: sim.repositories.length,
    },
  }))
  app.post('/__control/switches', async (request, reply) => {
    const wanted = readJson(request.body)
    const unknown = isObject(wanted) ? applySwitches(sim.switches, wanted) : ['body']
    if (unknown.length > 0) return await reply.code(400).send({ unknown })
    return sim.switches
  })
  app.post('/__control/oauth-callback', async (request, reply) => {
    const callbackUrl = stringAt(readJson(request.body), 'callback_url')
    const [consumer] = sim.consumers
    if (callbackUrl === undefined || consumer === undefined)
      return await reply.code(400).send({ missing: 'callback_url' })
    consumer.callbackUrl = callbackUrl
    return { key: consumer.key, callback_url: callbackUrl }
  })
  app.post('/__control/credentials', async (request, reply) => {
    const body = readJson(request.body)
    const credential = stringAt(body, 'token') === undefined ? makeCredential(sim, body) : changeCredential(sim, body)
    if (credential === undefined)
      return await reply.code(400).send({ problem: 'no such token, person, repository or kind' })
    const { kind, token, scopes, revoked } = credential
    return { kind, token, scopes, revoked, username: credential.person.username, email: credential.person.email }
  })
  app.get('/__control/deliveries', async () => sim.deliveries)
  app.get('/__control/requests', async () => sim.requests)
  app.post('/__control/flush', async () => {
    await flushDeliveries(sim)
    return { deliveries: sim.deliveries.length }
  })
}
