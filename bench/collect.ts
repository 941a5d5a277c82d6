import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { fullReadRequests, recordsPerPage, repositoryFeedKinds } from '../src/domain/delivery/feed-kinds.ts'
import { migrate } from '../src/store/migrate.ts'
import { type Child, startChild } from './child.ts'
import { type Counts, countWorkspace } from './collect/count-workspace.ts'
import { readWorkspace } from './collect/read-workspace.ts'
import { replayDevLake, replayFaros } from './collect/replay-others.ts'
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
  /** The same workspace with a quarter of the pull requests, read before in the same process. */
  quarter_requests: number
  quarter_wall_s: number
  quarter_peak_mb: number
  /** What two other tools ask of the same simulator for the same; `_sent` is how many of them were sent here and answered. */
  devlake_requests: number
  devlake_sent: number
  faros_requests: number
  faros_sent: number
  faros_with_steps_requests: number
  /** Both replays of a small workspace, every request sent, over what counting one for each of a repository's items says. */
  devlake_all_sent_over_counted: number
  faros_all_sent_over_counted: number
} & Record<`${'requests' | 'least'}_${string}`, number>

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

/** Small enough that every request of the others is sent. */
const smallScale = '3x60'
/** Of each repository of the large one. */
const eachAtMost = 20

/**
 * A first read of a generated workspace, counted in requests at the simulator and held against the least there are; before
 * it one with a quarter of the pull requests, for its memory; and beside it what two other tools ask for the same.
 */
export async function benchCollect(say: (line: string) => void, options: Options): Promise<CollectMeasures> {
  const quarter = await readScale(quarterOf(options.scale), { ...options, from: '' }, { say })
  const whole = await readScale(options.scale, options, { say, others: eachAtMost })
  const small = await readScale(smallScale, { ...options, from: '' }, { say, others: Number.POSITIVE_INFINITY })
  const counted = await readScale(smallScale, { ...options, from: '' }, { say, others: 0 })
  return {
    scale: options.scale,
    ...whole.read,
    quarter_requests: quarter.read.requests,
    quarter_wall_s: quarter.read.wall_s,
    quarter_peak_mb: quarter.read.peak_mb,
    devlake_requests: whole.others.devlake.requests,
    devlake_sent: whole.others.devlake.sent,
    faros_requests: whole.others.faros.requests,
    faros_sent: whole.others.faros.sent,
    faros_with_steps_requests: whole.others.farosWithSteps.requests,
    devlake_all_sent_over_counted: round(small.others.devlake.requests / counted.others.devlake.requests, 4),
    faros_all_sent_over_counted: round(small.others.faros.requests / counted.others.faros.requests, 4),
  }
}

function quarterOf(scale: string): string {
  const [repositories = '', pullRequests = ''] = scale.split('x')
  return `${repositories}x${Math.max(1, Math.round(Number(pullRequests) / 4))}`
}

const nothing = { requests: 0, sent: 0, refused: 0 }

type Saying = { say: (line: string) => void; others?: number }

async function readScale(scale: string, options: Options, { say, others }: Saying) {
  const folder = await mkdtemp(join(tmpdir(), 'weir-bench-'))
  let child: Child | undefined
  const fresh = await openFresh({ server: options.postgres, folder, poolSize: 5 })
  try {
    await migrate(fresh.open.pool)
    const file = options.from === '' ? join(folder, 'workspace') : options.from
    if (options.from === '') await generate(file, scale)
    child = await startChild('simulators/bitbucket/main.ts', {}, /"api":"([^"]+)".*\n/, ['--from', file, '--control'])
    const workspace = told.parse(JSON.parse(child.said))
    // The hour's limit is counted by Weir's own budget; time is not what is measured of it.
    const limits = { anonymous: 1e6, api: 1e6, webhooks: 1e6, raw: 1e6, git: 1e6 }
    await fetch(`${workspace.control}/switches`, { method: 'POST', body: JSON.stringify({ rateLimits: limits }) })
    const counts = await countWorkspace(workspace)
    const least = counts.reduce((sum, one) => sum + fullReadRequests(one), 1)
    say(`${scale}: ${workspace.repositories.length} repositories; the least is ${least} requests`)
    const { wallS, ...read } = await readWorkspace(fresh.open, workspace, say)
    say(`${scale}: ${read.requests} requests in ${wallS.toFixed(1)} s on ${fresh.name}`)
    const replayed = others === undefined ? undefined : await replayOthers(workspace, others)
    say(`${scale}: others ${JSON.stringify(replayed)}`)
    return {
      read: {
        ...read,
        ...leastByKind(counts),
        least_requests: least,
        ratio: round(read.requests / least, 3),
        wall_s: round(wallS, 1),
        requests_per_s: round(read.requests / wallS, 1),
      },
      others: replayed ?? { devlake: nothing, faros: nothing, farosWithSteps: nothing },
    }
  } finally {
    await child?.stop()
    await fresh.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function replayOthers(workspace: Told, most: number) {
  return {
    devlake: await replayDevLake(workspace, { eachAtMost: most }),
    faros: await replayFaros(workspace, { eachAtMost: most, withSteps: false }),
    farosWithSteps: await replayFaros(workspace, { eachAtMost: Math.min(most, eachAtMost), withSteps: true }),
  }
}

function leastByKind(counts: readonly Counts[]): Record<`least_${string}`, number> {
  return Object.fromEntries(
    repositoryFeedKinds.map((kind) => [
      `least_${kind}` as const,
      counts.reduce((sum, one) => sum + Math.max(1, Math.ceil(one[kind] / recordsPerPage[kind])), 0),
    ]),
  )
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
