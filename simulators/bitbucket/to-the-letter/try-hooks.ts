import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { openReceiver, type Receiver } from '../../shared/receiver.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { defaultSwitches } from '../switches.ts'
import { type Ask, askAs } from '../try-api.ts'

export const shop = '/repositories/meadow-goods/storefront-api'
export const ofWorkspace = '/workspaces/meadow-goods/hooks'
export const events = ['pullrequest:comment_created']

/** What a file of tests on webhooks needs. */
interface TryHooks {
  readonly simulator: Simulator
  /** A new one for every test. */
  readonly receiver: Receiver
  mara: Ask
  /** Makes a hook on the receiver and answers its path. */
  hook: (body?: Record<string, unknown>, path?: string) => Promise<string>
  /** Writes the comment that the usual hook hears of. */
  say: (raw?: string) => Promise<void>
  /** One header of everything that arrived. */
  header: (name: string) => unknown[]
  /** Moves the simulator's clock. */
  pass: (ms: number) => void
}

/** One simulator for the file; hooks, deliveries and switches as at the start for every test. */
export function tryHooks(): TryHooks {
  let simulator: Simulator
  let receiver: Receiver
  let now = Date.UTC(2026, 10, 21)
  const mara: Ask = async (...asked) => await askAs(simulator, 'mara-lind')(...asked)

  beforeAll(async () => {
    simulator = await startSimulator({ repositories: 0, clock: () => now })
  })
  beforeEach(async () => {
    receiver = await openReceiver()
    Object.assign(simulator.switches, defaultSwitches(), { webhookRetryDelayMs: 1 })
    simulator.sim.hooks = []
    simulator.deliveries.length = 0
  })
  afterEach(async () => await receiver.close())
  afterAll(async () => await simulator.close())

  return {
    get simulator() {
      return simulator
    },
    get receiver() {
      return receiver
    },
    mara,
    hook: async (body = {}, path = `${shop}/hooks`) => {
      const reply = await mara('POST', path, { url: receiver.url, description: 'd', active: true, events, ...body })
      expect([reply.status, reply.text.slice(0, reply.status === 201 ? 0 : 300)]).toEqual([201, ''])
      return `${path}/${encodeURIComponent(String(reply.at('uuid')))}`
    },
    say: async (raw = 'hello') => {
      expect((await mara('POST', `${shop}/pullrequests/4/comments`, { content: { raw } })).status).toBe(201)
      await simulator.flush()
    },
    header: (name) => receiver.caught.map((one) => one.headers[name]),
    pass: (ms) => {
      now += ms
    },
  }
}
