import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isAppError } from '../lib/app-error.ts'
import { chooseScanner } from './choose-scanner.ts'
import { openReport } from './open-report.ts'
import { scanners } from './registry.ts'
import type { ReportFinding, ReportSource, Scanner } from './scanner.ts'

/** What came of a report: a reading, or a refusal in words. Anything else that is thrown fails the test. */
type Outcome = { results: number; findings: ReportFinding[]; refused: string | null }

const limits = { maxResults: 100_000, maxResultBytes: 4 * 1024 * 1024 }
const realReports = fileURLToPath(new URL('../../../shared/real/reports/', import.meta.url))
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-bad-input-'))
})
afterAll(async () => rm(folder, { recursive: true, force: true }))

async function read(scanner: Scanner, source: ReportSource): Promise<Outcome> {
  const findings: ReportFinding[] = []
  let results = 0
  try {
    const report = await scanner.read(source, limits)
    for await (const result of report.results()) {
      results += 1
      if (result.kind === 'finding' && findings.length < 5000) findings.push(result.finding)
    }
    return { results, findings, refused: null }
  } catch (error) {
    if (!isAppError(error) || !error.code.startsWith('report_')) throw error
    return { results, findings, refused: error.message }
  }
}

function sourceOf(...parts: readonly (Uint8Array | string)[]): ReportSource {
  const all = parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))
  return {
    bytes: all.reduce((sum, part) => sum + part.length, 0),
    async *open() {
      for (const part of all) for (let at = 0; at < part.length; at += 65_536) yield part.subarray(at, at + 65_536)
    },
  }
}

const readText = (scanner: Scanner, text: string): Promise<Outcome> => read(scanner, sourceOf(text))

/** One report of each format: the smallest real one that holds results, or one that lies with the format. */
function listSeeds(): Map<string, string> {
  const seeds = new Map([
    ['weir-csv', readFileSync(new URL('weir-csv/example.csv', import.meta.url), 'utf8')],
    ['weir-json', readFileSync(new URL('weir-json/example.json', import.meta.url), 'utf8')],
    [
      'trufflehog',
      '{"SourceMetadata":{"Data":{"Git":{"file":"a.env","line":3}}},"DetectorName":"Quay","Verified":true,"Raw":"hrb_4f9c"}\n',
    ],
  ])
  if (!existsSync(realReports)) return seeds
  for (const name of readdirSync(realReports, { recursive: true, encoding: 'utf8' })) {
    if (!/\.[a-z]+$/.test(name)) continue
    const bytes = readFileSync(join(realReports, name))
    const text = bytes[0] === 0xff ? bytes.toString('utf16le').slice(1) : bytes.toString().replace(/^\uFEFF/, '')
    const known = recognise(text.slice(0, 65_536))
    if (known !== null && text.length < (seeds.get(known)?.length ?? 2_500_000)) seeds.set(known, text)
  }
  return seeds
}

function recognise(head: string): string | null {
  try {
    return chooseScanner(head, undefined).name
  } catch {
    return null
  }
}

const seeds = listSeeds()
const seeded = scanners.flatMap((scanner) => {
  const seed = seeds.get(scanner.name)
  return seed === undefined ? [] : [{ name: scanner.name, scanner, seed }]
})
const isXml = (text: string): boolean => /^\s*</.test(text)
const isJson = (text: string): boolean => /^\s*[[{]/.test(text)
const place = /\b(byte|line) \d+/

describe.each(scanners.map((scanner) => ({ name: scanner.name, scanner })))('$name', ({ scanner }) => {
  test.each([
    '',
    '{}',
    '[]',
    'null',
    '7',
    '"text"',
    '{"wrong":{"results":[1]}}',
    '[null, 7, "a", [], {}]',
    '<wrong/>',
    '<wrong><a b="c"/></wrong>',
    'hello, world',
    '\u0000\u0001\u0002',
    '{"a":1}{"a":1}',
  ])('takes %j for something else, or for an empty report', async (text) => {
    expect((await readText(scanner, text)).findings).toEqual([])
  })

  test.each([
    ['lists', '['.repeat(10_000), ']'.repeat(10_000)],
    ['objects', '{"a":'.repeat(10_000), '}'.repeat(10_000)],
    ['elements', '<a>'.repeat(10_000), '</a>'.repeat(10_000)],
  ])('refuses %s nested 10,000 deep', async (_, open, close) => {
    expect((await readText(scanner, `${open}1${close}`)).refused).toMatch(/./)
  })

  test.each([
    ['entities', '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'],
    ['an external entity', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['an external document type', '<!DOCTYPE a SYSTEM "http://quay.example/a.dtd"><a/>'],
  ])('refuses %s', async (_, text) => {
    expect((await readText(scanner, text)).refused).toMatch(/./)
  })
})

describe.each(seeded)('$name, spoilt', ({ scanner, seed }) => {
  test('is read as it is', async () => {
    const { refused, results } = await readText(scanner, seed)
    expect([refused, results > 0]).toEqual([null, true])
  })

  test('cut off, it says where it ends', async () => {
    const { results } = await readText(scanner, seed)
    for (const share of [0.3, 0.6, 0.99]) {
      const cut = await readText(scanner, seed.slice(0, Math.floor(seed.length * share)))
      if (cut.refused === null) expect(cut.results).toBeLessThanOrEqual(results)
      else expect(cut.refused).toMatch(place)
    }
  })

  test('in UTF-16 with a byte order mark it is the same', async () => {
    const path = join(folder, 'utf-16')
    const bytes = Buffer.from(`\uFEFF${seed.replace(/(<\?xml[^>]{0,100})encoding="[^"]*"/, '$1')}`, 'utf16le')
    await writeFile(path, bytes)
    const { source } = await openReport(path, bytes.length)
    expect((await read(scanner, source)).results).toBe((await readText(scanner, seed)).results)
  })

  test('control characters end in no finding, or in a refusal', async () => {
    const bare = await readText(scanner, `${seed.slice(0, -30)}\u0000\u001B${seed.slice(-30)}`)
    if (bare.refused !== null) expect(bare.refused).toMatch(/./)
    const text = isXml(seed)
      ? seed.replace(/>(?=[A-Za-z])/, '>&#1;')
      : seed.replace(/("\s*:\s*")(?=[A-Z])/g, '$1\\u0000\\ud800')
    const { refused, findings } = await readText(scanner, text)
    if (refused !== null) return expect(refused).toMatch(isXml(seed) ? place : /./)
    expect(
      JSON.stringify(findings.map(({ title, message, path, snippet }) => [title, message, path, snippet])),
    ).not.toMatch(/\\u0000|\\ud800/)
  })

  test('a text of 50 MB in it harms nobody', async () => {
    const at = isXml(seed) ? seed.lastIndexOf('</') : isJson(seed) ? lastObject(seed) : seed.length
    const [open, close] = isXml(seed) ? ['<!-- -->', ''] : isJson(seed) ? ['"huge":"', '",'] : ['"', '"']
    const { source, growthMb } = hugeSource(`${seed.slice(0, at)}${open}`, `${close}${seed.slice(at)}`)
    const { refused } = await read(scanner, source)
    // One element, cut out of the bytes: nothing of it may be kept. What stands between XML's elements is one text to its parser.
    expect(growthMb()).toBeLessThan(isXml(seed) ? 200 : 32)
    if (refused !== null) expect(refused).toMatch(place)
  })
})

describe.each(seeded.filter(({ seed }) => isJson(seed) || isXml(seed)))('$name, odd', ({ scanner, seed }) => {
  test('without any line it is read, and still holds findings', async () => {
    const json = /"([a-z_]*(?:line|row)[a-z_]*)"(?=\s*:\s*(?:"?\d|\[|null))/gi
    const text = isXml(seed)
      ? seed.replace(/\s(?:start|end|begin)?line="\d+"/gi, '').replace(/<line>\d+<\/line>/gi, '')
      : seed.replace(json, '"was$1"')
    const spoilt = await readText(scanner, text)
    expect(spoilt.refused).toBeNull()
    expect(spoilt.findings.length).toBeGreaterThan(0)
  })

  test('with a result nested 10,000 deep it is refused with the place', async () => {
    const at = isXml(seed) ? seed.lastIndexOf('</') : lastObject(seed)
    const deep = isXml(seed)
      ? `${'<d>'.repeat(10_000)}${'</d>'.repeat(10_000)}`
      : `"deep":${'['.repeat(10_000)}${']'.repeat(10_000)},`
    const { refused } = await readText(scanner, `${seed.slice(0, at)}${deep}${seed.slice(at)}`)
    expect(refused).toMatch(/nested more than \d+ deep/)
    expect(refused).toMatch(place)
  })
})

describe.each(seeded.filter(({ seed }) => isJson(seed)))('$name, loosely typed', ({ scanner, seed }) => {
  test('with numbers as texts it holds as many results', async () => {
    const text = seed.replace(/("\s*:\s*)(-?\d{1,15}(?:\.\d{1,15})?)(?=\s*[,}\]])/g, '$1"$2"')
    expect((await readText(scanner, text)).results).toBe((await readText(scanner, seed)).results)
  })

  test('with absolute paths of either system no finding has one', async () => {
    const keys = /("(?:path|file|filename|file_name|file_path|File|uri|filePath)"\s*:\s*")(?=[A-Za-z0-9_.])(?!https?:)/g
    for (const root of ['/srv/build/quay/', 'C:\\\\build\\\\quay\\\\', '/github/workspace/']) {
      const { refused, findings } = await readText(scanner, seed.replace(keys, `$1${root}`))
      expect(refused).toBeNull()
      expect(findings.filter(({ path }) => path !== null && /^\/|\\/.test(path))).toEqual([])
    }
  })
})

/** Where a further member fits into the last object that has some. */
function lastObject(text: string): number {
  const found = [...text.matchAll(/\{(?=\s*")/g)].at(-1)
  return (found?.index ?? 0) + 1
}

/** 50 MB of letters between two texts, and how much the heap holds more at most while they are read. */
function hugeSource(before: string, after: string): { source: ReportSource; growthMb: () => number } {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  const letters = Buffer.alloc(1024 * 1024, 'x')
  collect()
  const start = process.memoryUsage().heapUsed
  let most = start
  const source: ReportSource = {
    bytes: before.length + 50 * letters.length + after.length,
    async *open() {
      yield* sourceOf(before).open()
      for (let count = 0; count < 50; count++) {
        yield letters
        if (count % 10 !== 9) continue
        collect()
        most = Math.max(most, process.memoryUsage().heapUsed)
      }
      yield* sourceOf(after).open()
    },
  }
  return { source, growthMb: () => Math.round((most - start) / 1024 / 1024) }
}

test('archives are named', async () => {
  for (const [magic, name] of [
    ['504b0304', 'zip'],
    ['504b0506', 'an empty zip'],
    ['1f8b0800', 'gzip'],
    ['377abcaf', '7z'],
    ['52617221', 'rar'],
  ] as const) {
    const path = join(folder, 'archive')
    await writeFile(path, Buffer.from(magic.padEnd(64, '0'), 'hex'))
    await expect(openReport(path, 32)).rejects.toMatchObject({ code: 'report_packed' })
    await expect(openReport(path, 32)).rejects.toThrow(name)
  }
  const path = join(folder, 'paper')
  await writeFile(path, '%PDF-1.7')
  await expect(openReport(path, 8)).rejects.toMatchObject({ code: 'report_not_recognised' })
  await expect(openReport(path, 8)).rejects.toThrow('Have the scanner write SARIF')
})
