import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { fullReadRequests } from '../src/domain/delivery/feed-kinds.ts'
import { migrate } from '../src/store/migrate.ts'
import { type Child, startChild } from './child.ts'
import { countWorkspace } from './collect/count-workspace.ts'
import { readWorkspace } from './collect/read-workspace.ts'
import { openFresh } from './fresh-database.ts'

export type CollectMeasures = {
  scale: string
  /** What a first read of all repositories took, and what metrics.md allows it to take. */
  requests: number
  least_requests: number
  ratio: number
  /** A second look right after it. */
  increment_requests: number
  wall_s: number
  requests_per_s: number
  /** Of the reading process, simulator and database apart; `base_mb` before it began. */
  peak_mb: number
  base_mb: number
  pull_requests: number
  events: number
  pipelines: number
  deployments: number
  bad_records: number
  raw_mb: number
}

type Options = { scale: string; from: string; postgres: string }

const told = z.object({
  workspace: z.object({ uuid: z.string(), slug: z.string(), name: z.string().optional() }),
  users: z.array(z.object({ uuid: z.string(), email: z.string(), api_token: z.string() })),
  repositories: z.array(z.object({ slug: z.string(), uuid: z.string() })),
  control: z.string(),
  api: z.string(),
  web: z.string(),
})

export type Told = z.infer<typeof told>

/** A first read of a generated workspace, counted in requests at the simulator and held against the least there are. */
export async function benchCollect(say: (line: string) => void, options: Options): Promise<CollectMeasures> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-bench-'))
  let child: Child | undefined
  const fresh = await openFresh({ server: options.postgres, folder, poolSize: 5 })
  try {
    await migrate(fresh.open.pool)
    const file = options.from === '' ? join(folder, 'workspace') : options.from
    if (options.from === '') await generate(file, options.scale)
    child = await startChild('simulators/bitbucket/main.ts', {}, /"api":"([^"]+)".*\n/, ['--from', file, '--control'])
    const workspace = told.parse(JSON.parse(child.said))
    // The hour's limit is counted by Weir's own budget; time is not what is measured of it.
    const limits = { anonymous: 1e6, api: 1e6, webhooks: 1e6, raw: 1e6, git: 1e6 }
    await fetch(`${workspace.control}/switches`, { method: 'POST', body: JSON.stringify({ rateLimits: limits }) })
    const counts = await countWorkspace(workspace)
    const least = counts.reduce((sum, one) => sum + fullReadRequests(one), 1)
    say(`${workspace.repositories.length} repositories; the least is ${least} requests`)
    const { wallS, ...read } = await readWorkspace(fresh.open, workspace, say)
    say(`${read.requests} requests in ${wallS.toFixed(1)} s on ${fresh.name}`)
    return {
      scale: options.scale,
      ...read,
      least_requests: least,
      ratio: round(read.requests / least, 3),
      wall_s: round(wallS, 1),
      requests_per_s: round(read.requests / wallS, 1),
    }
  } finally {
    await child?.stop()
    await fresh.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function generate(file: string, scale: string): Promise<void> {
  const main = fileURLToPath(new URL('../simulators/bitbucket/main.ts', import.meta.url))
  const options = ['generate', '--scale', scale, '--seed', '1', '--out', file]
  const child = spawn(process.execPath, [main, ...options], { stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`generating ended with ${String(code)}`)
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
