import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Simulator } from '../simulator.ts'
import type { ClientName } from './client-versions.ts'
import { installClient } from './install-client.ts'

const run = promisify(execFile)
const script = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const driver = (name: string) => script(`drive/${name}.mjs`)

interface Drive {
  /** Handed to the driver besides the simulator's addresses. */
  input?: Record<string, unknown>
  environment?: Record<string, string>
  /** For a client whose host is fixed: its TLS connections to bitbucket.org end at the simulator. */
  reroute?: boolean
  cwd?: string
}

/** What a child that drives a client needs to know, and nothing of this process's own settings. */
export function childEnvironment(simulator: Simulator, own: Record<string, string> = {}): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env
  const led = { SIMULATED_BITBUCKET: simulator.web, SIMULATED_BITBUCKET_ONLY: '1' }
  return { PATH, HOME, NODE_NO_WARNINGS: '1', ...led, ...own }
}

export const reroutePreload = ['--import', script('reroute.mjs')]

/** Runs `drive/<name>.mjs` with the client's packages and answers what it printed last, as JSON. */
export async function driveClient(simulator: Simulator, name: ClientName, how: Drive = {}): Promise<unknown> {
  const folder = await installClient(name)
  const { api, web } = simulator
  const args = [...(how.reroute === true ? reroutePreload : []), driver(name)]
  const input = JSON.stringify({ folder, api, web, ...how.input })
  const { stdout } = await run(process.execPath, [...args, input], {
    cwd: how.cwd ?? folder,
    env: childEnvironment(simulator, how.environment),
    maxBuffer: 16 * 1024 * 1024,
  })
  const parsed: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
  return parsed
}
