import type { FastifyInstance, FastifyReply } from 'fastify'
import * as z from 'zod'
import { at, booleanAt, stringAt } from '../shared/json.ts'
import { flushOutbox } from '../shared/outbox.ts'
import { readAs } from '../shared/read-faults.ts'
import { controlBodyOf } from '../shared/read-request.ts'
import { describe } from './describe.ts'
import type { Credential } from './model.ts'
import { applyChange, NoSuchThingError } from './operations/change.ts'
import { changeSchema, readFault } from './read-faults.ts'
import { readSwitches } from './read-switches.ts'
import { explain, SimulatorError } from './simulator-error.ts'
import type { Sim } from './state.ts'

async function refuse(reply: FastifyReply, problem: string): Promise<void> {
  await reply.code(400).send({ problem })
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

function registerCredentials(app: FastifyInstance, sim: Sim): void {
  app.post('/__control/oauth-callback', async (request, reply) => {
    const callbackUrl = stringAt(controlBodyOf(request), 'callback_url')
    const [consumer] = sim.consumers
    if (callbackUrl === undefined || consumer === undefined || !URL.canParse(callbackUrl))
      return await refuse(reply, 'callback_url is missing or no address')
    consumer.callbackUrl = callbackUrl
    return { key: consumer.key, callback_url: callbackUrl }
  })
  app.post('/__control/credentials', async (request, reply) => {
    const body = controlBodyOf(request)
    const credential = stringAt(body, 'token') === undefined ? makeCredential(sim, body) : changeCredential(sim, body)
    if (credential === undefined) return await refuse(reply, 'no such token, person, repository or kind')
    const { kind, token, scopes, revoked } = credential
    return { kind, token, scopes, revoked, username: credential.person.username, email: credential.person.email }
  })
}

/** Plans one fault or a list of them, all or none; answers what is wrong. */
function planFaults(sim: Sim, body: unknown): string | undefined {
  const wanted: unknown[] = Array.isArray(body) ? body : [body]
  const faults = wanted.map(readFault)
  for (const one of faults) if ('problem' in one) return one.problem
  for (const one of faults) {
    if ('problem' in one) continue
    if (one.of === 'webhooks') sim.switches.webhookFaults.push(one.fault)
    else sim.switches.requestFaults.push(one.fault)
  }
  return undefined
}

function registerFaultPlans(app: FastifyInstance, sim: Sim): void {
  const planned = () => ({ requestFaults: sim.switches.requestFaults, webhookFaults: sim.switches.webhookFaults })
  app.get('/__control/faults', async () => planned())
  app.post('/__control/faults', async (request, reply) => {
    const problem = planFaults(sim, controlBodyOf(request))
    return problem === undefined ? planned() : await refuse(reply, problem)
  })
  app.delete('/__control/faults', async () => {
    Object.assign(sim.switches, { requestFaults: [], webhookFaults: [] })
    return planned()
  })
  app.post('/__control/changes', async (request, reply) => {
    const read = readAs(changeSchema, controlBodyOf(request))
    if ('problem' in read) return await refuse(reply, read.problem)
    try {
      await applyChange(sim, read.value)
      return read.value
    } catch (error) {
      if (error instanceof NoSuchThingError) return await refuse(reply, error.message)
      if (error instanceof SimulatorError) return await refuse(reply, explain(error))
      throw error
    }
  })
}

const clockSchema = z
  .strictObject({
    set: z.iso.datetime({ offset: true }).exactOptional(),
    /** Seconds. */
    advance: z.number().min(0).exactOptional(),
    run: z.literal(true).exactOptional(),
  })
  .refine((wanted) => Object.keys(wanted).length === 1, 'one of set, advance and run')

function showClock({ time }: Sim) {
  const { count, next } = time.waiting()
  return {
    now: new Date(time.now()).toISOString(),
    driven: time.isByHand() ? 'by_hand' : 'by_itself',
    waiting: count,
    next: next === null ? null : new Date(next).toISOString(),
  }
}

function registerClock(app: FastifyInstance, sim: Sim): void {
  app.get('/__control/clock', async () => showClock(sim))
  app.post('/__control/clock', async (request, reply) => {
    const read = readAs(clockSchema, controlBodyOf(request))
    if ('problem' in read) return await refuse(reply, read.problem)
    const { set, advance, run } = read.value
    if (set !== undefined) await sim.time.set(Date.parse(set))
    if (advance !== undefined) await sim.time.advance(advance * 1000)
    if (run === true) sim.time.run()
    return showClock(sim)
  })
}

/** Clearly not Bitbucket: how tests and demonstrations steer the simulator from outside. Loopback use only. */
export function registerControl(app: FastifyInstance, sim: Sim): void {
  app.get('/__control', async () => ({
    ...describe(sim, { withControl: true }),
    switches: sim.switches,
    clock: showClock(sim),
    git_root: sim.gitRoot,
    counts: {
      requests: sim.requests.length,
      deliveries: sim.deliveries.length,
      hooks: sim.hooks.length,
      repositories: sim.repositories.length,
    },
  }))
  app.post('/__control/switches', async (request, reply) => {
    const problem = readSwitches(sim.switches, controlBodyOf(request))
    return problem === undefined ? sim.switches : await refuse(reply, problem)
  })
  registerCredentials(app, sim)
  registerFaultPlans(app, sim)
  registerClock(app, sim)
  app.get('/__control/deliveries', async () => sim.deliveries)
  app.get('/__control/requests', async () => sim.requests)
  app.post('/__control/flush', async () => {
    await flushOutbox(sim.outbox)
    return { deliveries: sim.deliveries.length }
  })
}
