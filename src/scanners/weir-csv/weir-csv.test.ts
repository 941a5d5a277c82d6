import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { weirCsv } from './index.ts'

const example = readFileSync(new URL('example.csv', import.meta.url), 'utf8')
const docs = readFileSync(new URL('../../../docs/own-findings.md', import.meta.url), 'utf8')
const read = (text: string) => readText(weirCsv, text)
const refusal = (text: string) =>
  read(text).then(
    () => 'read',
    (error: unknown) => (error instanceof Error ? error.message : ''),
  )

test('keeps what every format must keep', async () => {
  expect(
    await findBreaches(weirCsv, [
      { name: 'the example', text: example, results: 4, isOpenEnded: true },
      { name: 'with semicolons', text: 'Titel;title;Severity\r\n;a;high\r\n;b;low\r\n', results: 2, isOpenEnded: true },
    ]),
  ).toEqual([])
}, 30_000)

test('reads the example of its documentation', async () => {
  expect(docs).toContain(example.trim())
  const { findings, tools, unread } = await read(example)
  expect(tools).toEqual([{ name: 'Pentest 2026', version: null, problem: null }])
  expect(unread).toEqual([])
  expect(findings[0]).toMatchObject({
    kind: 'web',
    ruleId: 'PT-1',
    fingerprint: 'PT-1',
    severity: 'medium',
    cwes: [204],
    endpoint: { origin: 'https://shop.example.com:443', method: 'POST', path: '/reset', parameter: 'email' },
    description: 'The answer differs:\n"unknown account" or "mail sent".\n\nSolution: Answer the same in both cases.',
  })
  expect(findings[2]).toMatchObject({ kind: 'code', path: 'src/auth/hash.ts', startLine: 42 })
  expect(findings[3]).toMatchObject({
    kind: 'dependency',
    severity: 'high',
    severitySource: 'cvss',
    aliases: ['CVE-2025-12345'],
    package: { ecosystem: 'npm', name: 'left-parse', version: '1.2.0' },
    fixedIn: '1.2.9',
  })
})

describe('lenient reading', () => {
  test.each([
    ['order and case', 'SEVERITY,Title\nHigh,Fog\n'],
    ['a semicolon', 'title;severity\nFog;high\n'],
    ['tabs', 'title\tseverity\nFog\thigh\n'],
    ['quotes', '"title","severity"\n"Fog","high"\n'],
    ['other names', 'Summary,Risk-Rating\nFog,HIGH\n'],
    ['a mark and Windows line ends', '\uFEFFtitle,severity\r\nFog,high\r\n'],
    ['a hint for Excel', 'sep=;\r\ntitle;severity\r\nFog;high\r\n'],
    ['no line end', 'title,severity\nFog,high'],
    ['blank lines and rows', '\n\ntitle,severity\n\n,\nFog,high\n\n'],
    ['old line ends', 'title,severity\rFog,high\r'],
    ['a short and a long row', 'title,severity,description\nFog,high\n'],
    ['quotes inside of a cell', 'title,severity,description\nFog,high,a "b" c\n'],
  ])('%s', async (_, text) => {
    const bare = text.replace('\uFEFF', '')
    expect(weirCsv.recognise(bare)).toBe(true)
    expect((await read(bare)).findings).toMatchObject([{ title: 'Fog', severity: 'high', scanner: 'Own findings' }])
  })
})

test('a cell is text, whatever it begins with', async () => {
  const { findings } = await read('title,severity,description\n"=HYPERLINK(""http://a"")",low,@SUM(1)\n')
  expect(findings).toMatchObject([{ title: '=HYPERLINK("http://a")', description: '@SUM(1)' }])
})

test('rows that cannot be read are told with their lines, all at once, and nothing is read', async () => {
  const text =
    'title,severity,note,kind\r\n"a\r\nb",high,,\r\n,low,,\r\n\r\nFog,urgent,,\r\nMist,,,\r\nRain,low,,wet\r\n'
  expect(await refusal(text)).toMatch(
    /4 findings cannot be read: line 4 has no title; line 6 has the unknown severity "urgent"; line 7 has no severity; line 8 has the unknown kind "wet"\. .*Nothing was imported\.$/,
  )
  const many = await refusal(`title,severity\n${'Fog,soon\n'.repeat(50)}`)
  expect(many.match(/line \d+ has/g)).toHaveLength(20)
  expect(many).toContain('; and 30 more.')
})

test('columns and cells nobody knows are told', async () => {
  const { unread } = await read('title,severity,Berth,Owner\nFog,high,1,2,3\n')
  expect(unread).toEqual([
    '2 columns that Weir does not know: Berth, Owner.',
    '1 row with more cells than there are columns.',
  ])
})

test('several tools in one table are several tools; one row twice is one finding of an application', async () => {
  const { tools, steps } = await read(
    'title,severity,tool,url\nFog,high,A,https://a/b\nFog,high,B,https://a/b\nFog,high,A,https://a/b\n',
  )
  expect(tools.map(({ name }) => name)).toEqual(['A', 'B'])
  expect(steps).toEqual(['finding', 'finding', 'repeated'])
})

test.each([
  ['an open quote', 'title,severity\nFog,"high', /ends inside a quoted cell, near line 2/],
  ['an endless cell', `title,severity\nFog,high\n"${'x'.repeat(100_000)}`, /read near line 3: the row is too long/],
  ['a table without severity', 'name\nFog\n', /no columns "title" and "severity"/],
])('refuses %s', async (_, text, wanted) => expect(await refusal(text)).toMatch(wanted))
