import { flushOutbox } from '../shared/outbox.ts'
import { type Description, describe } from './describe.ts'
import type { Delivery, RequestRecord } from './model.ts'
import { followClock } from './operations/follow-clock.ts'
import { plant } from './seed/plant.ts'
import { buildServer } from './server.ts'
import { createSim, type Sim } from './state.ts'
import { defaultSwitches, type Switches } from './switches.ts'

export interface SimulatorOptions {
  /** 0 takes a free one. */
  port?: number
  seed?: number
  /** Where the OAuth app may send people back to; can be set later. */
  callbackUrls?: string[]
  /** Opens `/__control`. */
  control?: boolean
  /** Milliseconds since 1970. */
  clock?: () => number
  switches?: Partial<Switches>
}

export interface Simulator extends Description {
  switches: Switches
  requests: RequestRecord[]
  deliveries: Delivery[]
  /** The state itself, for tests that look behind the API. */
  sim: Sim
  setCallbackUrls: (urls: string[]) => void
  /** Sends what is held back and waits for every delivery to end. */
  flush: () => Promise<void>
  close: () => Promise<void>
}

/** Starts a simulated Jira Cloud site on loopback. Any number can run in one process. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const sim = createSim({
    seed: options.seed ?? 1,
    clock: options.clock ?? Date.now,
    switches: { ...defaultSwitches(), ...options.switches },
  })
  plant(sim, options.callbackUrls ?? [])
  followClock(sim)
  const app = buildServer(sim, { withControl: options.control ?? false })
  sim.url = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 })
  return {
    ...describe(sim),
    switches: sim.switches,
    requests: sim.requests,
    deliveries: sim.deliveries,
    sim,
    setCallbackUrls: (urls) => {
      for (const one of sim.apps) one.callbackUrls = urls
    },
    flush: async () => await flushOutbox(sim.outbox),
    close: async () => {
      sim.stopping.abort()
      await app.close()
      await Promise.all(sim.outbox.inFlight)
    },
  }
}
