import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Description, describe } from './describe.ts'
import type { Delivery, Mode, RequestRecord } from './model.ts'
import { plant } from './seed/plant.ts'
import { buildServer } from './server.ts'
import { createSim, type Sim } from './state.ts'
import { defaultSwitches, type Switches } from './switches.ts'
import { flushDeliveries } from './webhooks/deliver.ts'

export interface SimulatorOptions {
  /** 0 takes a free one. */
  port?: number
  mode?: Mode
  seed?: number
  /** Small repositories besides the four with a history. */
  repositories?: number
  /** Where the OAuth consumer sends people back to; can be set later. */
  callbackUrl?: string
  /** Milliseconds since 1970. */
  clock?: () => number
  switches?: Partial<Switches>
  /**
   * What links in answers say instead of the address it listens on, as in `https://api.bitbucket.org/2.0`: for a client
   * that knows no other host and whose connections something else leads here.
   */
  publicUrls?: { api: string; web: string }
}

export interface Simulator extends Description {
  switches: Switches
  requests: RequestRecord[]
  deliveries: Delivery[]
  /** The state itself, for tests that look behind the API. */
  sim: Sim
  setCallbackUrl: (url: string) => void
  /** Sends what is held back and waits for every delivery to end. */
  flush: () => Promise<void>
  close: () => Promise<void>
}

/** Starts a simulated Bitbucket on loopback. Any number can run in one process. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const gitRoot = await mkdtemp(join(tmpdir(), 'bitbucket-simulator-'))
  const sim = createSim({
    mode: options.mode ?? '2026',
    seed: options.seed ?? 1,
    clock: options.clock ?? Date.now,
    switches: { ...defaultSwitches(), ...options.switches },
    gitRoot,
  })
  const app = buildServer(sim)
  const close = async () => {
    sim.stopping.abort()
    await app.close()
    await Promise.all(sim.inFlight)
    await Promise.all(sim.gitQueues.values())
    await rm(gitRoot, { recursive: true, force: true })
  }
  let address = ''
  try {
    await plant(sim, { smallRepositories: options.repositories ?? 6, callbackUrl: options.callbackUrl ?? '' })
    address = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 })
    Object.assign(sim.urls, options.publicUrls ?? { web: address, api: `${address}/2.0` })
  } catch (error) {
    await close()
    throw error
  }
  return {
    ...describe(sim),
    api: `${address}/2.0`,
    web: address,
    switches: sim.switches,
    requests: sim.requests,
    deliveries: sim.deliveries,
    sim,
    setCallbackUrl: (url) => {
      for (const consumer of sim.consumers) consumer.callbackUrl = url
    },
    flush: async () => await flushDeliveries(sim),
    close,
  }
}
