import { randomBytes } from 'node:crypto'
import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../src/lib/clock.ts'
import { createNewId } from '../src/lib/ids.ts'
import { createSecretBox } from '../src/lib/secret-box.ts'
import { type OpenDatabase, openDatabase } from '../src/store/db.ts'
import { migrate } from '../src/store/migrate.ts'
import { importReport } from '../src/usecases/security/import-report.ts'
import { generateReport } from './generate-report.ts'

export type ImportMeasures = {
  report: string
  report_bytes: number
  findings: number
  findings_per_s: number
  statements_per_1000: number
  unchanged_ms: number
  /** The same for a made-up report of 14,219 findings, the size other tools publish figures for. */
  large_findings_per_s: number
  large_first_ms: number
  large_unchanged_ms: number
  large_statements_per_1000: number
  /** Most memory of this process while a report of 100,000 findings comes in. */
  huge_findings: number
  huge_first_ms: number
  huge_peak_memory_mb: number
}

const rounds = 3
const largeFindings = 14_219
const hugeFindings = 100_000
const recorded = fileURLToPath(new URL('../../shared/real/reports', import.meta.url))

/** Imports reports into a fresh embedded PostgreSQL with fsync on; each figure is the median of three assets. */
export async function benchImport(say: (line: string) => void = () => undefined): Promise<ImportMeasures> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-bench-'))
  let statements = 0
  const open = await openDatabase(
    { dataFolder: join(folder, 'data') },
    { poolSize: 4, onStatement: () => (statements += 1) },
  )
  try {
    await migrate(open.pool)
    const run = createRun(open, { folder, countStatements: () => statements })
    const real = await readLargest()
    say(`${real.name}: ${real.body.length} bytes`)
    const first = await measure(run, real.body)
    say(`${largeFindings} findings`)
    const large = await measure(run, generateReport(largeFindings))
    say(`${hugeFindings} findings`)
    const huge = await measureHuge(run, join(folder, 'huge.sarif'))
    return {
      report: real.name,
      report_bytes: real.body.length,
      findings: first.findings,
      findings_per_s: Math.round((first.findings / first.firstMs) * 1000),
      statements_per_1000: round((first.statements / first.findings) * 1000),
      unchanged_ms: Math.round(first.unchangedMs),
      large_findings_per_s: Math.round((large.findings / large.firstMs) * 1000),
      large_first_ms: Math.round(large.firstMs),
      large_unchanged_ms: Math.round(large.unchangedMs),
      large_statements_per_1000: round((large.statements / large.findings) * 1000),
      huge_findings: huge.result.findings,
      huge_first_ms: Math.round(huge.result.ms),
      huge_peak_memory_mb: huge.peakMb,
    }
  } finally {
    await open.close()
    await rm(folder, { recursive: true, force: true })
  }
}

type Run = (
  body: Buffer | string,
  asset: string,
) => Promise<{ ms: number; findings: number; statements: number; state: string }>

function createRun(open: OpenDatabase, options: { folder: string; countStatements: () => number }): Run {
  const { db } = open
  const newId = createNewId()
  const organizationId = newId()
  const known = new Set<string>()
  const limits = { maxReportBytes: 1024 * 1024 * 1024, maxResults: 1_000_000 }
  const secretBox = createSecretBox([randomBytes(32)])
  const deps = {
    db,
    clock: systemClock,
    newId,
    enqueue: async () => undefined,
    secretBox,
    tempFolder: join(options.folder, 'uploads'),
    keepFileDays: 30,
    limits,
  }
  return async (body, asset) => {
    if (known.size === 0)
      await db.insertInto('organization').values({ organization_id: organizationId, name: 'Bench' }).execute()
    if (!known.has(asset)) {
      known.add(asset)
      await db
        .insertInto('asset')
        .values({ organization_id: organizationId, id: newId(), key: asset, name: asset, default_branch: 'main' })
        .execute()
    }
    const before = options.countStatements()
    const startedMs = performance.now()
    const actor = { kind: 'system', name: 'bench' } as const
    const done = await importReport(deps, {
      organizationId,
      actor,
      asset,
      body: typeof body === 'string' ? createReadStream(body) : Readable.from(piecesOf(body)),
    })
    const ms = performance.now() - startedMs
    return { ms, findings: done.counts.results, statements: options.countStatements() - before, state: done.state }
  }
}

function* piecesOf(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += 65_536) yield body.subarray(at, at + 65_536)
}

async function measure(run: Run, body: Buffer) {
  const results = []
  for (let round = 0; round < rounds; round++) {
    const asset = `asset-${body.length}-${round}`
    const first = await run(body, asset)
    if (first.state !== 'applied') throw new Error(`The first import is ${first.state}.`)
    const again = await run(body, asset)
    if (again.state !== 'unchanged') throw new Error(`The second import is ${again.state}.`)
    results.push({ firstMs: first.ms, unchangedMs: again.ms, findings: first.findings, statements: first.statements })
  }
  const [middle] = results.toSorted((a, b) => a.firstMs - b.firstMs).slice(1)
  if (middle === undefined) throw new Error('Nothing was measured.')
  return middle
}

/** From a file, so that the report itself is not in the memory that is measured. */
async function measureHuge(run: Run, path: string) {
  await writeFile(path, generateReport(hugeFindings))
  return watchMemory(() => run(path, 'huge'))
}

async function watchMemory<Result>(work: () => Promise<Result>): Promise<{ result: Result; peakMb: number }> {
  let peak = process.memoryUsage.rss()
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 50)
  try {
    return { result: await work(), peakMb: Math.round(peak / 1024 / 1024) }
  } finally {
    clearInterval(timer)
  }
}

/** The recorded report with the most results, where the recordings lie beside the checkout. */
async function readLargest(): Promise<{ name: string; body: Buffer }> {
  const files = existsSync(recorded) ? readdirSync(recorded, { recursive: true, encoding: 'utf8' }) : []
  const reports = await Promise.all(
    files
      .filter((name) => /^sarif-.*\.(sarif|json)$/.test(name))
      .map(async (name) => ({ name: basename(name), body: await readFile(join(recorded, name)) })),
  )
  const [largest] = reports.toSorted((a, b) => countResults(b.body) - countResults(a.body))
  return largest ?? { name: 'generated', body: generateReport(2000) }
}

function countResults(body: Buffer): number {
  return body.toString().split('"ruleId"').length
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
