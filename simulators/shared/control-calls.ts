import * as z from 'zod'
import { type Clock, NoSuchTimeError } from './clock.ts'
import { type ControlCall, ControlProblem, readControl } from './control.ts'
import type { RequestFault, WebhookFault } from './fault-plan.ts'
import { flushOutbox, type Outbox } from './outbox.ts'
import { type FaultSchemas, type ReadFault, readFault } from './read-faults.ts'

/** What both simulators have to be steered by. */
interface ControlHost<Action, Change> {
  outbox: Outbox
  /** Where what is planned is kept. */
  switches: { requestFaults: RequestFault<Action>[]; webhookFaults: WebhookFault[] }
  schemas: FaultSchemas<Action>
  changeSchema: z.ZodType<Change>
  /** The change an action of a fault makes. */
  changeOf: (action: Action) => Change | undefined
  /** What a change names that is not there now. */
  whyImpossible: (change: Change) => Promise<string | undefined>
  /** Makes a change; answers what stood against it. */
  tryChange: (change: Change) => Promise<string | undefined>
  /** Sets switches; answers what is wrong with them, having set none. */
  setSwitches: (body: unknown) => string | undefined
  requests: () => unknown[]
  deliveries: () => unknown[]
}

const clockSchema = z
  .strictObject({
    set: z.iso.datetime({ offset: true }).exactOptional(),
    /** Seconds. */
    advance: z.number().min(0).exactOptional(),
    run: z.literal(true).exactOptional(),
  })
  .refine((wanted) => Object.keys(wanted).length === 1, 'must have one of set, advance and run')

/** A time that may lie beyond what a date can say. */
function toIso(time: number | null): string | null {
  return time === null || Math.abs(time) > 8.64e15 ? null : new Date(time).toISOString()
}

/** How the clock stands, and who waits for it. */
export function showClock(time: Clock) {
  const { count, next } = time.waiting()
  return {
    now: toIso(time.now()),
    driven: time.isByHand() ? 'by_hand' : 'by_itself',
    waiting: count,
    next: toIso(next),
  }
}

async function moveClock(time: Clock, body: unknown): Promise<ReturnType<typeof showClock>> {
  const { set, advance, run } = readControl(clockSchema, body)
  try {
    if (set !== undefined) await time.set(Date.parse(set))
    if (advance !== undefined) await time.advance(advance * 1000)
    if (run === true) await time.run()
  } catch (error) {
    if (error instanceof NoSuchTimeError) throw new ControlProblem(error.message)
    throw error
  }
  return showClock(time)
}

function actionsOf<Action>({ plan }: RequestFault<Action>): Action[] {
  switch (plan.kind) {
    case 'script':
      return plan.steps.filter((step) => step !== null)
    case 'repeat':
      return [plan.action]
    case 'chance':
      return plan.actions
    default:
      return plan satisfies never
  }
}

async function problemOf<Action, Change>(
  host: ControlHost<Action, Change>,
  read: ReadFault<Action>,
): Promise<string | undefined> {
  if ('problem' in read) return read.problem
  if (read.of === 'webhooks') return undefined
  for (const action of actionsOf(read.fault)) {
    const change = host.changeOf(action)
    const problem = change === undefined ? undefined : await host.whyImpossible(change)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** Plans one fault or a list of them, all or none. */
async function planFaults<Action, Change>(host: ControlHost<Action, Change>, body: unknown): Promise<void> {
  const wanted: unknown[] = Array.isArray(body) ? body : [body]
  const faults = wanted.map((one) => readFault(host.schemas, one))
  for (const one of faults) {
    const problem = await problemOf(host, one)
    if (problem !== undefined) throw new ControlProblem(problem)
  }
  for (const one of faults) {
    if ('problem' in one) continue
    if (one.of === 'webhooks') host.switches.webhookFaults.push(one.fault)
    else host.switches.requestFaults.push(one.fault)
  }
}

async function makeChange<Action, Change>(host: ControlHost<Action, Change>, body: unknown): Promise<Change> {
  const change = readControl(host.changeSchema, body)
  const problem = await host.tryChange(change)
  if (problem !== undefined) throw new ControlProblem(problem)
  return change
}

/** A fault that has met nothing yet says so. */
function withCount<Fault extends { seen?: number }>(fault: Fault): Fault & { seen: number } {
  return { ...fault, seen: fault.seen ?? 0 }
}

function faultCalls<Action, Change>(host: ControlHost<Action, Change>): ControlCall[] {
  const { switches } = host
  const planned = () => ({
    requestFaults: switches.requestFaults.map(withCount),
    webhookFaults: switches.webhookFaults.map(withCount),
  })
  return [
    { method: 'GET', path: '/faults', handle: planned },
    {
      method: 'POST',
      path: '/faults',
      handle: async (body) => {
        await planFaults(host, body)
        return planned()
      },
    },
    {
      method: 'DELETE',
      path: '/faults',
      handle: () => {
        Object.assign(switches, { requestFaults: [], webhookFaults: [] })
        return planned()
      },
    },
  ]
}

/** Faults, changes, clock, switches and logs. */
export function sharedControlCalls<Action, Change>(host: ControlHost<Action, Change>): ControlCall[] {
  const { clock } = host.outbox
  return [
    ...faultCalls(host),
    { method: 'POST', path: '/changes', handle: async (body) => await makeChange(host, body) },
    { method: 'GET', path: '/clock', handle: () => showClock(clock) },
    { method: 'POST', path: '/clock', handle: async (body) => await moveClock(clock, body) },
    {
      method: 'POST',
      path: '/switches',
      handle: (body) => {
        const problem = host.setSwitches(body)
        if (problem !== undefined) throw new ControlProblem(problem)
        return host.switches
      },
    },
    { method: 'GET', path: '/deliveries', handle: host.deliveries },
    { method: 'GET', path: '/requests', handle: host.requests },
    {
      method: 'POST',
      path: '/flush',
      handle: async () => {
        await flushOutbox(host.outbox)
        return { deliveries: host.deliveries().length }
      },
    },
  ]
}
