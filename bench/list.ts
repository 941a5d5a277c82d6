import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../src/lib/clock.ts'
import type { OpenDatabase } from '../src/store/db.ts'
import { migrate } from '../src/store/migrate.ts'
import { listVulnerabilities } from '../src/usecases/security/vulnerabilities/list-vulnerabilities.ts'
import { openFresh } from './fresh-database.ts'
import { countPlainly } from './list-baseline.ts'
import { type ListCase, type ListQuery, listCases } from './list-cases.ts'
import { fillList, listData } from './list-data.ts'

export type ListBenchOptions = {
  /** Address of a PostgreSQL server whose role may create databases; empty: the embedded one. */
  postgres: string
}

export type ListMeasures = {
  database: string
  rows: number
  cases: number
  /** The slowest case's p95, first page or a deep one, facets and counts with it. */
  list_p95_ms_1m: number
  slowest: string
  median_of_cases_ms: number
  /** The page's first look as it was before there were kept counts: five whole scans. */
  plain_counts_ms: number
  first_look_p95_ms: number
}

const rows = 1_000_000
const repetitions = 20
const deepPages = 4

type Measured = { name: string; p95: number; median: number }

/** A million vulnerabilities in one organization; what each filter and each order of the list takes, answer and counts. */
export async function benchList(
  say: (line: string) => void = () => undefined,
  { postgres: server }: ListBenchOptions = { postgres: '' },
): Promise<ListMeasures> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-bench-'))
  const { open, name, close } = await openFresh({ server, folder, poolSize: 10 })
  try {
    await migrate(open.pool)
    const startedMs = performance.now()
    await fillList(open, rows)
    say(`${rows} vulnerabilities in ${Math.round((performance.now() - startedMs) / 1000)} s`)
    return { database: name, ...(await measureList(open, { say, rows })) }
  } finally {
    await close()
    await rm(folder, { recursive: true, force: true })
  }
}

export async function measureList(
  open: OpenDatabase,
  { say, rows: amount }: { say: (line: string) => void; rows: number },
): Promise<Omit<ListMeasures, 'database'>> {
  const measured: Measured[] = []
  for (const one of listCases) {
    for (const page of ['first', 'deep'] as const) {
      const result = await measureCase(open, one, page)
      if (result === undefined) continue
      measured.push(result)
      say(
        `${String(Math.round(result.p95)).padStart(5)} ms p95 ${String(Math.round(result.median)).padStart(5)} ms median  ${result.name}`,
      )
    }
  }
  const worst = measured.toSorted((a, b) => b.p95 - a.p95)[0]
  const medians = measured.map((one) => one.median).toSorted((a, b) => a - b)
  const plain = await repeat(5, () => countPlainly(open.db, listData))
  return {
    rows: amount,
    cases: measured.length,
    list_p95_ms_1m: Math.round(worst?.p95 ?? 0),
    slowest: worst?.name ?? '',
    median_of_cases_ms: Math.round(medians[Math.floor(medians.length / 2)] ?? 0),
    plain_counts_ms: Math.round(plain.median),
    first_look_p95_ms: Math.round(measured[0]?.p95 ?? 0),
  }
}

async function measureCase(open: OpenDatabase, { name, query }: ListCase, page: 'first' | 'deep') {
  const cursor = page === 'first' ? undefined : await walk(open, query)
  if (page === 'deep' && cursor === undefined) return undefined
  const { p95, median } = await repeat(repetitions, () => list(open, { ...query, cursor }))
  return { name: page === 'first' ? name : `${name}, deep`, p95, median }
}

async function list({ db }: OpenDatabase, query: ListQuery) {
  return listVulnerabilities({ db, clock: systemClock }, { ...listData, query })
}

/** The cursor behind some large pages; none where the list ends before. */
async function walk(open: OpenDatabase, query: ListQuery): Promise<string | undefined> {
  let cursor: string | undefined
  for (let page = 0; page < deepPages; page += 1) {
    const { next } = await list(open, { ...query, cursor, limit: 200 })
    if (next === null) return undefined
    cursor = next
  }
  return cursor
}

async function repeat(times: number, work: () => Promise<unknown>): Promise<{ p95: number; median: number }> {
  await work()
  const taken: number[] = []
  for (let round = 0; round < times; round += 1) {
    const startedMs = performance.now()
    await work()
    taken.push(performance.now() - startedMs)
  }
  const sorted = taken.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0
  return { p95: at(0.95), median: at(0.5) }
}
