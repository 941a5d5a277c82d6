import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAppError } from '../lib/app-error.ts'
import { openReport } from './open-report.ts'
import type { ReportLimits, ReportResult, Scanner } from './scanner.ts'

/** A whole small report of the format, and how many results it holds. */
export type Specimen = {
  name: string
  text: string
  results: number
  /** A format of lines: what is cut off at the end of one is a shorter report, and a broken line is one result less. */
  isOpenEnded?: boolean
}

const limits: ReportLimits = { maxResults: 1000, maxResultBytes: 64 * 1024 }

/**
 * What every format must keep, as sentences about what it breaks; empty when it keeps all. Each specimen is read whole,
 * twice, with a byte order mark, in UTF-16, cut off at many places and with bytes turned over.
 */
export async function findBreaches(scanner: Scanner, specimens: readonly Specimen[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-conformance-'))
  const breaches: string[] = []
  try {
    for (const specimen of specimens) breaches.push(...(await judgeSpecimen(scanner, specimen, folder)))
    for (const head of ['', '{}', '[]', 'hello', '<xml/>', '{"results":[]}'])
      if (scanner.recognise(head)) breaches.push(`recognises ${JSON.stringify(head)}`)
    if ((await readdir(folder)).length !== 1) breaches.push('leaves files behind')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return breaches
}

async function judgeSpecimen(scanner: Scanner, specimen: Specimen, folder: string): Promise<string[]> {
  const { name, text, results, isOpenEnded = false } = specimen
  const breaches: string[] = []
  const path = join(folder, 'report')
  const read = (bytes: Uint8Array): Promise<Outcome> => readBytes(scanner, path, bytes)
  const whole = await read(Buffer.from(text))
  if (whole.kind !== 'read' || whole.results.length !== results)
    breaches.push(`${name}: does not come in whole (${describe(whole)})`)
  for (const [form, bytes] of Object.entries(encodings(text))) {
    const other = await read(bytes)
    if (JSON.stringify(other) !== JSON.stringify(whole))
      breaches.push(`${name}: reads otherwise as ${form} (${describe(other)})`)
  }
  const bytes = Buffer.from(text)
  for (let step = 1; step < 40; step++) {
    const at = Math.floor((bytes.length * step) / 40)
    const cut = await read(bytes.subarray(0, at))
    const isShorter = isOpenEnded && cut.kind === 'read' && cut.results.length <= results
    if (cut.kind !== 'refused' && !isShorter) breaches.push(`${name}: cut off at byte ${at} it is ${describe(cut)}`)
    const turned = Buffer.from(bytes)
    turned[at] = (turned[at] ?? 0) ^ (1 << (step % 8))
    const odd = await read(turned)
    if (odd.kind === 'broken') breaches.push(`${name}: with byte ${at} turned over it is ${describe(odd)}`)
  }
  return breaches
}

function encodings(text: string): Record<string, Uint8Array> {
  const little = Buffer.from(text, 'utf16le')
  return {
    'UTF-8 with a byte order mark': Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]),
    'UTF-16LE': Buffer.concat([Buffer.from([0xff, 0xfe]), little]),
    'UTF-16LE without a mark': little,
    'UTF-16BE': Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(little).swap16()]),
  }
}

type Outcome =
  | { kind: 'read'; results: ReportResult[] }
  | { kind: 'refused'; code: string }
  | { kind: 'broken'; why: string }

async function readBytes(scanner: Scanner, path: string, bytes: Uint8Array): Promise<Outcome> {
  await writeFile(path, bytes)
  try {
    const { source } = await openReport(path, bytes.length)
    const report = await scanner.read(source, limits)
    const first = await collect(report.results())
    const second = await collect(report.results())
    if (JSON.stringify(first) !== JSON.stringify(second))
      return { kind: 'broken', why: 'another answer the second time' }
    return { kind: 'read', results: first }
  } catch (error) {
    if (isAppError(error) && error.code.startsWith('report_')) return { kind: 'refused', code: error.code }
    return { kind: 'broken', why: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

async function collect(results: AsyncIterable<ReportResult>): Promise<ReportResult[]> {
  const all: ReportResult[] = []
  for await (const result of results) all.push(result)
  return all
}

function describe(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'read':
      return `read with ${outcome.results.length} results`
    case 'refused':
      return `refused as ${outcome.code}`
    case 'broken':
      return `broken: ${outcome.why}`
  }
}
