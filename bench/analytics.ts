import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenDatabase } from '../src/store/db.ts'
import { migrate } from '../src/store/migrate.ts'
import { computeChangedFigures } from '../src/usecases/delivery/compute-figures.ts'
import { computeChangedDeployments } from '../src/usecases/delivery/deployments/compute-deployments.ts'
import { followChangedVulnerabilities } from '../src/usecases/delivery/remediation/follow-vulnerabilities.ts'
import { copyThroughTime } from './analytics/copy-through-time.ts'
import { days, insertPattern, layOut, now } from './analytics/facts.ts'
import { insertLateDay } from './analytics/late-day.ts'
import { listRowScreens, listScreens, type Screen } from './analytics/screens.ts'
import { insertVulnerabilities } from './analytics/vulnerabilities.ts'
import { openFresh } from './fresh-database.ts'
import { percentile } from './percentile.ts'

export type AnalyticsOptions = {
  /** Address of a PostgreSQL server whose role is a superuser; empty: the embedded one. */
  postgres: string
  /** Pull requests of the organization. */
  size: string
}

export type AnalyticsMeasures = Record<string, string | number>

const repetitions = 12
const poolSize = 10

/**
 * One organization with a million pull requests of almost five years, eight activities each, and a vulnerability for every tenth of
 * those that were merged; what every screen of Analytics takes.
 * A screen asks all its figures at once: a request's time is what it took among the others, on whatever cores there are,
 * server and this process on the same ones. `worst_p95_ms` is the slowest single request's p95 over all screens,
 * `worst_screen_p95_ms` the time until a screen's last answer. HTTP is not in it: what is measured are the use cases that
 * a route calls. Nothing is kept between two runs but what PostgreSQL itself keeps warm.
 */
export async function benchAnalytics(
  say: (line: string) => void,
  { postgres: server, size }: AnalyticsOptions,
): Promise<AnalyticsMeasures> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-bench-'))
  const { open, name, close } = await openFresh({ server, folder, poolSize })
  try {
    await migrate(open.pool)
    const begun = performance.now()
    const counts = await fillAnalytics(open, { size: Number(size), say })
    const fillS = secondsSince(begun)
    const screens = [...listScreens(open.db), ...(await listRowScreens(open.db))]
    const measured: MeasuredScreen[] = []
    for (const screen of screens) measured.push(await measureScreen(screen, say))
    const late = await measureLateDay(open, { touched: Math.ceil(Number(size) / days), say })
    return { database: name, days, ...counts, fill_s: fillS, ...summarize(measured), ...late }
  } finally {
    await close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** The facts of one copy, worked out by the real rules, repeated through time. */
export async function fillAnalytics(open: OpenDatabase, { size, say }: { size: number; say: (line: string) => void }) {
  const layout = layOut(size)
  const client = await open.pool.connect()
  try {
    await insertPattern(client, layout)
    await insertVulnerabilities(client, layout)
    await computeAll(open)
    await copyThroughTime(client, layout, say)
    for (const table of [
      'repository',
      'contributor',
      'environment',
      'pull_request_to_compute',
      'repository_to_compute',
      'vulnerability_to_follow',
      'pull_request_to_read',
    ])
      await client.query(`vacuum analyze ${table}`)
    const { rows } = await client.query<{
      pull_requests: number
      activities: number
      deployments: number
      commits: number
      vulnerabilities: number
    }>(
      `select (select count(*) from pull_request)::integer as pull_requests,
        (select count(*) from pull_request_event)::integer as activities,
        (select count(*) from deployment)::integer as deployments, (select count(*) from commit)::integer as commits,
        (select count(*) from vulnerability_figures)::integer as vulnerabilities`,
    )
    const [counts] = rows
    if (counts === undefined) throw new Error('Nothing was counted.')
    say(JSON.stringify(counts))
    return { ...counts, repositories: layout.repositories }
  } finally {
    client.release()
  }
}

async function computeAll({ db }: OpenDatabase): Promise<void> {
  const deps = { db, clock: () => now }
  // Each may leave something to another.
  for (let left = 1; left > 0; ) {
    left = await computeChangedFigures(deps)
    left += await computeChangedDeployments(deps)
    left += await followChangedVulnerabilities(deps)
  }
}

type MeasuredScreen = { name: string; p95: number; asks: { name: string; p95: number; median: number }[] }

async function measureScreen({ name, asks }: Screen, say: (line: string) => void): Promise<MeasuredScreen> {
  const whole: number[] = []
  const single = asks.map((): number[] => [])
  for (let round = -1; round < repetitions; round += 1) {
    const begun = performance.now()
    const taken = await Promise.all(
      asks.map(async ({ answer }) => {
        await answer()
        return performance.now() - begun
      }),
    )
    if (round < 0) continue
    whole.push(performance.now() - begun)
    for (const [index, ms] of taken.entries()) single[index]?.push(ms)
  }
  const measured = asks.map((ask, index) => ({ name: ask.name, ...spread(single[index] ?? []) }))
  const p95 = spread(whole).p95
  const worst = measured.toSorted((a, b) => b.p95 - a.p95)[0]
  say(`${String(p95).padStart(6)} ms p95 ${name}; slowest ${worst?.name ?? ''} ${worst?.p95 ?? 0} ms`)
  return { name, p95, asks: measured }
}

function spread(values: readonly number[]): { p95: number; median: number } {
  const sorted = values.toSorted((a, b) => a - b)
  return { p95: Math.round(percentile(sorted, 0.95)), median: Math.round(percentile(sorted, 0.5)) }
}

function summarize(screens: readonly MeasuredScreen[]): AnalyticsMeasures {
  const single = screens.flatMap(({ name, asks }) =>
    asks.map((ask) => ({ name: `${ask.name} of ${name}`, p95: ask.p95 })),
  )
  const worst = single.toSorted((a, b) => b.p95 - a.p95)[0]
  const slowest = screens.toSorted((a, b) => b.p95 - a.p95)[0]
  return {
    worst_p95_ms: worst?.p95 ?? 0,
    worst: worst?.name ?? '',
    worst_screen_p95_ms: slowest?.p95 ?? 0,
    worst_screen: slowest?.name ?? '',
    ...Object.fromEntries(
      screens.map(({ name, asks }) => [
        `${name.replaceAll(/[^a-z0-9]+/gi, '_').toLowerCase()}_p95_ms`,
        Math.max(...asks.map(({ p95 }) => p95)),
      ]),
    ),
  }
}

async function measureLateDay(open: OpenDatabase, { touched, say }: { touched: number; say: (line: string) => void }) {
  const late = await insertLateDay(open.pool, touched)
  const deps = { db: open.db, clock: () => now }
  const begun = performance.now()
  let figures = 0
  for (let done = await computeChangedFigures(deps); done > 0; done = await computeChangedFigures(deps)) figures += done
  const figuresS = secondsSince(begun)
  const then = performance.now()
  let repositories = 0
  for (let done = await computeChangedDeployments(deps); done > 0; done = await computeChangedDeployments(deps))
    repositories += done
  const deploymentsS = secondsSince(then)
  say(
    `late: ${JSON.stringify(late)}; ${figures} pull requests in ${figuresS} s, ${repositories} repositories in ${deploymentsS} s`,
  )
  return {
    late_pull_requests: figures,
    late_activities: late.activities,
    late_merges: late.merged,
    late_deployments: late.deployments,
    late_repositories: repositories,
    recompute_figures_s: figuresS,
    recompute_deployments_s: deploymentsS,
    recompute_s: Number((figuresS + deploymentsS).toFixed(2)),
  }
}

function secondsSince(begun: number): number {
  return Number(((performance.now() - begun) / 1000).toFixed(2))
}
