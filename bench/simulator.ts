import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { type Child, startChild } from './child.ts'
import { type Listing, listings, type Place } from './simulator-listings.ts'

export type SimulatorMeasures = {
  scale: string
  /** null: generated before. */
  generate_s: number | null
  file_mb: number
  start_s: number
  rss_mb: number
  /** After all listings. */
  rss_end_mb: number
  /** The first look into a repository's git, which unpacks it. */
  first_git_ms: number
  /** Of all pages. */
  list_median_ms: number
  /** The median of the slowest listing. */
  list_slowest_ms: number
}

const places = 12
const rounds = 3

const said = z.object({
  workspace: z.object({ slug: z.string() }),
  users: z.array(z.object({ uuid: z.string(), email: z.string(), api_token: z.string() })),
  repositories: z.array(z.object({ slug: z.string() })),
  control: z.string(),
})
const page = z.object({
  values: z.array(z.looseObject({ id: z.number().optional(), comment_count: z.number().optional() })),
  next: z.string().optional(),
})

/** A simulated Bitbucket with years of history: how long it takes to make and to start, what it weighs, how it answers. */
export async function benchSimulator(
  say: (line: string) => void,
  options: { scale: string; from: string },
): Promise<SimulatorMeasures> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-bench-'))
  let child: Child | undefined
  try {
    const file = options.from === '' ? join(folder, 'workspace') : options.from
    const generateS = options.from === '' ? await generate(file, options.scale, say) : null
    const begun = performance.now()
    child = await startChild('simulators/bitbucket/main.ts', {}, /"api":"([^"]+)".*\n/, ['--from', file, '--control'])
    const startS = (performance.now() - begun) / 1000
    const rssMb = readRss(child)
    say(`started in ${startS.toFixed(1)} s, ${rssMb} MB`)
    const told = said.parse(JSON.parse(child.said))
    await fetch(`${told.control}/switches`, {
      method: 'POST',
      body: JSON.stringify({ rateLimits: { anonymous: 1e6, api: 1e6, webhooks: 1e6, raw: 1e6, git: 1e6 } }),
    })
    const asked = await askAll({ api: child.url, told, say })
    return {
      scale: options.scale,
      generate_s: generateS,
      file_mb: Math.round((await stat(file)).size / 1024 / 1024),
      start_s: round(startS),
      rss_mb: rssMb,
      rss_end_mb: readRss(child),
      ...asked,
    }
  } finally {
    await child?.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function generate(file: string, scale: string, say: (line: string) => void): Promise<number> {
  const main = fileURLToPath(new URL('../simulators/bitbucket/main.ts', import.meta.url))
  const begun = performance.now()
  const child = spawn(process.execPath, [main, 'generate', '--scale', scale, '--seed', '1', '--out', file], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`generating ended with ${String(code)}`)
  const seconds = round((performance.now() - begun) / 1000)
  say(`generated ${scale} in ${seconds} s`)
  return seconds
}

function readRss({ pid }: Child): number {
  return Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024)
}

interface Asking {
  api: string
  told: z.infer<typeof said>
  say: (line: string) => void
}

async function askAll(asking: Asking) {
  const { told, say } = asking
  const step = Math.max(1, Math.floor(told.repositories.length / places))
  const chosen = told.repositories.filter((_, index) => index % step === 0).slice(0, places)
  const all: Place[] = []
  const firstGit: number[] = []
  for (const { slug } of chosen) {
    const base = `/repositories/${told.workspace.slug}/${slug}`
    const busiest = await ask(asking, `${base}/pullrequests?state=ALL&sort=-comment_count&pagelen=1`)
    firstGit.push((await ask(asking, `${base}/refs/branches`)).ms)
    const pullRequest = String(busiest.values[0]?.id ?? 1)
    all.push({ workspace: told.workspace.slug, repository: slug, pullRequest, person: told.users[1]?.uuid ?? '' })
  }
  const every: number[] = []
  let slowest = 0
  for (const listing of listings) {
    const times = await measure(asking, listing, all)
    const middle = median(times)
    say(
      `${listing.name.padEnd(28)} ${middle.toFixed(1)} ms, slowest ${Math.max(...times).toFixed(0)} of ${times.length}`,
    )
    every.push(...times)
    slowest = Math.max(slowest, middle)
  }
  return {
    first_git_ms: round(median(firstGit)),
    list_median_ms: round(median(every)),
    list_slowest_ms: round(slowest),
  }
}

async function measure(asking: Asking, listing: Listing, all: readonly Place[]): Promise<number[]> {
  const times: number[] = []
  const [first] = all
  // Until the compiler has seen it.
  if (first !== undefined) await ask(asking, listing.path(first))
  for (let turn = 0; turn < rounds; turn += 1) {
    for (const place of all) {
      let next: string | undefined = listing.path(place)
      for (let count = 0; next !== undefined && count < (listing.pages ?? 1); count += 1) {
        const answer = await ask(asking, next)
        times.push(answer.ms)
        next = answer.next
      }
    }
  }
  return times
}

async function ask({ api, told }: Asking, path: string) {
  const { email = '', api_token: token = '' } = told.users[0] ?? {}
  const authorization = `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`
  const begun = performance.now()
  const response = await fetch(path.startsWith('http') ? path : `${api}${path}`, { headers: { authorization } })
  const text = await response.text()
  const ms = performance.now() - begun
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 300)}`)
  return { ms, ...page.parse(JSON.parse(text)) }
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
