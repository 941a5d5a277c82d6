import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type NextWebhookFault, nextRequestFault, nextWebhookFault } from '../shared/fault-plan.ts'
import { flushOutbox } from '../shared/outbox.ts'
import { type Description, describe, findAppPassword } from './describe.ts'
import type { NextRequestFault, RequestFault } from './faults.ts'
import { addPipelineStatuses, loadWorkspace } from './generate/load-workspace.ts'
import { openWorkspaceFile, type WorkspaceFile } from './generate/workspace-file.ts'
import { startLauncher, stopLauncher } from './git/launcher.ts'
import { forgetUnpacking } from './git/unpack-on-demand.ts'
import type { Delivery, Mode, RequestRecord } from './model.ts'
import { followClock } from './operations/follow-clock.ts'
import { plant } from './seed/plant.ts'
import { buildServer } from './server.ts'
import { createSim, type Sim } from './state.ts'
import { defaultSwitches, type Switches } from './switches.ts'

export interface SimulatorOptions {
  /** 0 takes a free one. */
  port?: number
  mode?: Mode
  seed?: number
  /** Small repositories besides the four with a history. */
  repositories?: number
  /** A generated workspace (`generate`) instead of the usual one; its seed is in the file. */
  from?: string
  /** Where the OAuth consumer sends people back to; can be set later. */
  callbackUrl?: string
  /** Opens `/__control`. */
  control?: boolean
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
  /** There in 2026 mode too, for tests of its refusal. */
  app_password: { username: string; password: string }
  switches: Switches
  requests: RequestRecord[]
  deliveries: Delivery[]
  /** The state itself, for tests that look behind the API. */
  sim: Sim
  setCallbackUrl: (url: string) => void
  /** Plans a fault for the next matching request, or as many as `times` says; answers what counts its matches. */
  planFault: (next: NextRequestFault) => RequestFault
  /** The same for deliveries of webhooks. */
  planWebhookFault: (next: NextWebhookFault) => void
  clearFaults: () => void
  /** Sends what is held back and waits for every delivery to end. */
  flush: () => Promise<void>
  close: () => Promise<void>
}

/** From a file, or with the usual workspace. */
async function fill(sim: Sim, options: SimulatorOptions, file: WorkspaceFile | undefined): Promise<void> {
  const callbackUrl = options.callbackUrl ?? ''
  startLauncher(sim.gitRoot)
  if (file === undefined) {
    await plant(sim, { smallRepositories: options.repositories ?? 6, callbackUrl })
    return
  }
  await loadWorkspace(sim, file, callbackUrl)
}

/** Starts a simulated Bitbucket on loopback. Any number can run in one process. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const file = options.from === undefined ? undefined : await openWorkspaceFile(options.from)
  const gitRoot = await mkdtemp(join(tmpdir(), 'bitbucket-simulator-'))
  const sim = createSim({
    mode: options.mode ?? '2026',
    seed: file?.header.seed ?? options.seed ?? 1,
    clock: options.clock ?? Date.now,
    switches: { ...defaultSwitches(), ...options.switches },
    gitRoot,
  })
  followClock(sim)
  const app = buildServer(sim, { withControl: options.control ?? false })
  const close = async () => {
    sim.stopping.abort()
    await app.close()
    await Promise.all(sim.inFlight)
    await Promise.all(sim.gitQueues.values())
    await forgetUnpacking(gitRoot)
    await stopLauncher(gitRoot)
    await file?.close()
    await rm(gitRoot, { recursive: true, force: true })
  }
  let address = ''
  try {
    await fill(sim, options, file)
    address = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 })
    Object.assign(sim.urls, options.publicUrls ?? { web: address, api: `${address}/2.0` })
    if (file !== undefined) addPipelineStatuses(sim)
  } catch (error) {
    await close()
    throw error
  }
  return {
    ...describe(sim, { withControl: options.control ?? false }),
    app_password: findAppPassword(sim),
    api: `${address}/2.0`,
    web: address,
    switches: sim.switches,
    requests: sim.requests,
    deliveries: sim.deliveries,
    sim,
    setCallbackUrl: (url) => {
      for (const consumer of sim.consumers) consumer.callbackUrl = url
    },
    flush: async () => await flushOutbox(sim.outbox),
    planFault: (next) => {
      const fault = nextRequestFault(next)
      sim.switches.requestFaults.push(fault)
      return fault
    },
    planWebhookFault: (next) => {
      sim.switches.webhookFaults.push(nextWebhookFault(next))
    },
    clearFaults: () => {
      sim.switches.requestFaults = []
      sim.switches.webhookFaults = []
    },
    close,
  }
}
