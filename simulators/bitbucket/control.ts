import type { FastifyInstance } from 'fastify'
import * as z from 'zod'
import { type ControlCall, ControlProblem, readControl, registerControlCalls } from '../shared/control.ts'
import { sharedControlCalls, showClock } from '../shared/control-calls.ts'
import { setCredential } from './control-credentials.ts'
import { describe } from './describe.ts'
import type { RequestAction } from './faults.ts'
import { type Change, tryChange, whyImpossible } from './operations/change.ts'
import { changeSchema, faultSchemas } from './read-faults.ts'
import { readSwitches } from './read-switches.ts'
import type { Sim } from './state.ts'

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
    { method: 'POST', path: '/credentials', handle: (body) => setCredential(sim, body) },
    { method: 'POST', path: '/oauth-callback', handle: (body) => setCallback(sim, body) },
  ]
  registerControlCalls(app, [...own, ...shared])
}
