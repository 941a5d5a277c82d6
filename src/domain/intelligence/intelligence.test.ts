import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../lib/app-error.ts'
import { orderAdvisoryNames } from '../advisory-names.ts'
import { groupAliases } from './group-aliases.ts'
import { openEpss } from './open-epss.ts'
import { parseKev } from './parse-kev.ts'
import { readAliases } from './read-aliases.ts'
import { readLines } from './read-lines.ts'

async function* inChunks(text: string | Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const item of items) collected.push(item)
  return collected
}

async function refusal(work: () => unknown): Promise<string> {
  try {
    await work()
  } catch (error) {
    if (error instanceof AppError && error.code === 'intelligence_invalid') return error.detail
    throw error
  }
  return 'taken'
}

describe('lines', () => {
  const read = async (text: string | Uint8Array, size?: number) => await collect(readLines(inChunks(text, size)))

  test('are counted, whatever ends them, and however the file was cut', async () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n\uFEFF]/g, ''))
    const lines = fc.array(line, { minLength: 1 }).filter((some) => some.at(-1) !== '')
    await fc.assert(
      fc.asyncProperty(
        lines,
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 9 }),
        async (some, end, size) => {
          const wanted = some.map((text, index) => ({ number: index + 1, text }))
          expect(await read(some.join(end), size)).toEqual(wanted)
          expect(await read(`\uFEFF${some.join(end)}${end}`, size)).toEqual(wanted)
        },
      ),
    )
  })

  test('of a file that is packed are none', async () => {
    const packed = new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0])
    expect(await refusal(() => read(packed))).toMatch(/^Line 1: .* not UTF-8 .*\.gz is to be unpacked/)
    expect(await refusal(() => read(new Uint8Array([65, 10, 0xe2, 0x82]), 99))).toMatch(/^Line 2: .* not UTF-8/)
  })

  test('without end are refused', async () => {
    async function* endless() {
      while (true) yield new Uint8Array(1024 * 1024).fill(65)
    }
    expect(await refusal(() => collect(readLines(endless())))).toMatch(/^Line 1: The line does not end\./)
  })
})

const epssHead = '#model_version:v2025.03.14,score_date:2027-03-01T12:55:00Z\ncve,epss,percentile\n'

describe('EPSS', () => {
  const read = async (text: string) => await collect((await openEpss(inChunks(text))).scores)

  test('says which model, which day, and a score a line', async () => {
    const text = `${epssHead}CVE-1999-0001,0.0142,0.7991\nCVE-2021-44228,0.94358,1.0\r\nCVE-2026-123456,9e-05,0\n`
    expect(await openEpss(inChunks(text))).toMatchObject({ modelVersion: 'v2025.03.14', scoredOn: '2027-03-01' })
    expect(await read(text)).toEqual([
      { cve: 'CVE-1999-0001', probability: 0.0142, percentile: 0.7991 },
      { cve: 'CVE-2021-44228', probability: 0.94358, percentile: 1 },
      { cve: 'CVE-2026-123456', probability: 0.00009, percentile: 0 },
    ])
    const older = text.replace('12:55:00Z', '00:00:00+0000')
    expect(await openEpss(inChunks(older))).toMatchObject({ scoredOn: '2027-03-01' })
  })

  test.each([
    ['CVE-2026-0001,nan,0.5', 'epss is “nan” and not a number from 0 to 1'],
    ['CVE-2026-0001,,0.5', 'epss is “” and not a number'],
    ['CVE-2026-0001,0.5', 'percentile is “” and not a number'],
    ['CVE-2026-0001,0.5, 0.5', 'percentile is “ 0.5” and not a number'],
    ['CVE-2026-0001,0.5,1.5', 'percentile is “1.5” and not a number'],
    ['CVE-2026-0001,-0.5,0.5', 'epss is “-0.5” and not a number'],
    ['CVE-2026-0001,0x1,0.5', 'epss is “0x1” and not a number'],
    ['CVE-2026-0001,1e999,0.5', 'epss is “1e999” and not a number'],
    ['CVE-2026-0001,0,5,0,5', 'There are 5 values where there should be 3'],
    ['CVE-2026-1,0.5,0.5', '“CVE-2026-1” is not the id of a CVE'],
    ['cve,epss,percentile', '“cve” is not the id of a CVE'],
    ['CVE-1999-0001,0.5,0.5', 'CVE-1999-0001 has a score already'],
  ])('refuses the line %s', async (line, wanted) => {
    const said = await refusal(() => read(`${epssHead}CVE-1999-0001,0.1,0.1\n\n${line}\n`))
    expect(said).toContain(`Line 5: ${wanted}`)
  })

  test.each([
    ['', /^Line 1: This is not an EPSS file: it begins with “”/],
    ['cve,epss,percentile\n', /^Line 1: This is not an EPSS file/],
    ['#model_version:v1,score_date:yesterday\n', /^Line 1: /],
    [epssHead.replace('percentile', 'rank'), /^Line 2: The header is “cve,epss,rank” instead of/],
    [epssHead, /^Line 2: The file ends without a score/],
  ])('refuses the file %j', async (text, wanted) => expect(await refusal(() => read(text))).toMatch(wanted))

  test('hands out scores before the file has ended', async () => {
    async function* unfinished() {
      yield new TextEncoder().encode(`${epssHead}CVE-1999-0001,0.1,0.1\n`)
      throw new Error('The rest was asked for.')
    }
    const { scores } = await openEpss(unfinished())
    expect((await scores.next()).value).toMatchObject({ cve: 'CVE-1999-0001' })
    await expect(scores.next()).rejects.toThrow('The rest was asked for.')
  })
})

describe('the catalogue of known exploited vulnerabilities', () => {
  const entry = {
    cveID: 'CVE-2021-44228',
    vendorProject: 'Quay',
    dateAdded: '2021-12-10',
    dueDate: '2021-12-24',
    knownRansomwareCampaignUse: 'Known',
  }
  const other = { ...entry, cveID: 'CVE-2026-0001', knownRansomwareCampaignUse: 'Unknown' }
  const file = (vulnerabilities: unknown[], more = {}) =>
    JSON.stringify({ catalogVersion: '2027.03.01', dateReleased: '2027-03-01T15:00:00.1Z', vulnerabilities, ...more })

  test('is its version and its entries', () => {
    expect(parseKev(`\uFEFF${file([entry, other], { count: 2 })}`)).toEqual({
      version: '2027.03.01',
      releasedAt: '2027-03-01T15:00:00.1Z',
      entries: [
        { cve: 'CVE-2021-44228', addedOn: '2021-12-10', dueOn: '2021-12-24', isUsedByRansomware: true },
        { cve: 'CVE-2026-0001', addedOn: '2021-12-10', dueOn: '2021-12-24', isUsedByRansomware: false },
      ],
    })
    const bare = JSON.stringify({ vulnerabilities: [{ ...entry, knownRansomwareCampaignUse: undefined }] })
    expect(parseKev(bare)).toMatchObject({ version: null, entries: [{ isUsedByRansomware: false }] })
  })

  test.each<[string, string, RegExp]>([
    ['that is no JSON', '{\n"vulnerabilities": [\n}', /not whole JSON: Unexpected token '}'/],
    ['that is cut short', file([entry]).slice(0, -20), /not whole JSON: .*line 1 column/],
    ['of something else', '{"results":[]}', /“vulnerabilities”: /],
    ['that is empty', file([]), /“vulnerabilities”: The list is empty/],
    ['with an entry without a CVE', file([entry, { ...other, cveID: 'n/a' }]), /Entry 2, cveID: not the id of a CVE/],
    ['with a day that is none', file([{ ...entry, dueDate: '2021-02-30' }]), /Entry 1, dueDate: /],
    ['with a CVE twice', file([entry, other, entry]), /Entry 3: CVE-2021-44228 is in it already/],
    ['with fewer entries than it says', file([entry], { count: 2 }), /says it has 2 entries, and has 1/],
  ])('%s is refused', async (_, text, wanted) => expect(await refusal(() => parseKev(text))).toMatch(wanted))
})

describe('a line of aliases', () => {
  const read = async (text: string) => (await collect(readAliases(inChunks(text)))).map(({ names }) => names)

  test.each<[string, string, string[]]>([
    ['names', 'cve-2026-0001, ghsa-AAAA-bbbb-2222', ['CVE-2026-0001', 'GHSA-aaaa-bbbb-2222']],
    ['names in quotes', '"CVE-2026-0001","PYSEC-2026-1"', ['CVE-2026-0001', 'PYSEC-2026-1']],
    ['one name twice', 'CVE-2026-0001,cve-2026-0001', ['CVE-2026-0001']],
    ['names of all sorts', 'RHSA-2026:1234,npm:quay:20260301', ['RHSA-2026:1234', 'NPM:QUAY:20260301']],
    ['a record', '{"id":"GO-2026-1","aliases":["CVE-2026-0001"],"x":1}', ['GO-2026-1', 'CVE-2026-0001']],
    ['a record without aliases', '{"id":"GO-2026-1"}', ['GO-2026-1']],
    ['a record that gathers', '{"id":"DSA-1-1","aliases":["CVE-2026-0001","CVE-2026-0002"]}', ['DSA-1-1']],
    [
      'a record of two GHSA',
      '{"id":"GHSA-aaaa-bbbb-2222","aliases":["GHSA-aaaa-bbbb-3333","CVE-2026-0001"]}',
      ['CVE-2026-0001'],
    ],
  ])('is %s', async (_, line, names) => expect(await read(`# a comment\n\n${line}\n`)).toEqual([names]))

  test.each([
    ['CVE-2026-0001,N/A', '“N/A” names no advisory'],
    ['CVE-2026-0001,', '“” names no advisory'],
    ['cve,ghsa', '“cve” names no advisory'],
    ['CVE-2026-0001,none-known', '“none-known” names no advisory'],
    ['CVE-26-1,GO-2026-1', '“CVE-26-1” names no advisory'],
    ['{"aliases":[]}', 'A record has an “id”'],
    ['{"id":"GO-2026-1","aliases":["CVE-2026-0001"]', 'This is not JSON'],
  ])('is not %s', async (line, wanted) => {
    expect(await refusal(() => read(`GO-2026-1,CVE-2026-0001\n${line}\n`))).toContain(`Line 2: ${wanted}`)
  })
})

describe('groups of aliases', () => {
  const group = async (sets: string[][]) => await groupAliases(sets.map((names, index) => ({ line: index + 1, names })))

  test('join over any number of steps, and the name all databases know comes first', async () => {
    const sets = [
      ['GO-2026-1', 'GHSA-aaaa-bbbb-2222'],
      ['PYSEC-2026-1', 'CVE-2026-0002'],
      ['SNYK-JS-QUAY-1', 'GO-2026-1'],
      ['GHSA-aaaa-bbbb-2222', 'CVE-2026-0001'],
      ['RUSTSEC-2026-0001'],
    ]
    expect(await group(sets)).toEqual([
      ['CVE-2026-0001', 'GHSA-aaaa-bbbb-2222', 'GO-2026-1', 'SNYK-JS-QUAY-1'],
      ['CVE-2026-0002', 'PYSEC-2026-1'],
    ])
  })

  const ids = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `GO-2026-${from + index}`)

  test('end where one problem ends: a line with too many names', async () => {
    expect(await refusal(() => group([ids(40)]))).toBe('taken')
    expect(await refusal(() => group([['GO-1-1', 'GO-1-2'], ids(41)]))).toMatch(
      /^Line 2: With it 41 names, 0 of them CVEs, would be one advisory \(GO-2026-0, GO-2026-1, GO-2026-10, …\)/,
    )
  })

  test('end where one problem ends: a chain of lines', async () => {
    const chain = ids(60).map((name, index) => [name, `GO-2026-${index + 1}`])
    expect(await refusal(() => group(chain))).toMatch(/^Line 40: With it 41 names/)
  })

  test('end where one problem ends: many CVEs under one name', async () => {
    const star = [1, 2, 3, 4, 5, 6].map((number) => ['GO-2026-1', `CVE-2026-000${number}`])
    expect(await refusal(() => group(star))).toMatch(/^Line 5: With it 6 names, 5 of them CVEs, /)
  })

  test('hold every pair of a line, nothing that no line joins, and do not depend on the order of lines', async () => {
    const name = fc.constantFrom(...ids(14), 'CVE-2026-0001', 'CVE-2026-0002', 'GHSA-aaaa-bbbb-2222')
    const sets = fc.array(fc.uniqueArray(name, { minLength: 1, maxLength: 3 }), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(sets, fc.infiniteStream(fc.nat()), async (sets, random) => {
        const groups = await group(sets)
        for (const names of sets.filter(({ length }) => length > 1))
          expect(groups.filter((one) => names.every((name) => one.includes(name)))).toHaveLength(1)
        expect(new Set(groups.flat()).size).toBe(groups.flat().length)
        for (const one of groups) {
          expect(one).toEqual(orderAdvisoryNames(one))
          // From its first name every other is reached over lines.
          const reached = new Set(one.slice(0, 1))
          for (let size = 0; size < reached.size; ) {
            size = reached.size
            for (const names of sets)
              if (names.some((name) => reached.has(name))) for (const name of names) reached.add(name)
          }
          expect([...reached].toSorted()).toEqual(one.toSorted())
        }
        const shuffled = sets
          .map((names) => ({ names, key: random.next().value ?? 0 }))
          .toSorted((a, b) => a.key - b.key)
        expect(await group(shuffled.map(({ names }) => names.toReversed()))).toEqual(groups)
      }),
    )
  })
})
