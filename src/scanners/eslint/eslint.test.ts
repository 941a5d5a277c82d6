import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { eslint } from './index.ts'

const message = (more: object = {}) => ({
  ruleId: 'security/detect-object-injection',
  severity: 2,
  message: 'Generic Object Injection Sink',
  line: 2,
  column: 3,
  nodeType: 'MemberExpression',
  messageId: 'x',
  endLine: 2,
  endColumn: 15,
  ...more,
})
const file = (more: object = {}) => ({
  filePath: '/srv/ports/harbour/src/quay.js',
  messages: [message()],
  suppressedMessages: [],
  errorCount: 1,
  fatalErrorCount: 0,
  warningCount: 0,
  source: 'const ship = {}\r\n  ship[berth] = 1\r\n',
  usedDeprecatedRules: [],
  ...more,
})
const clean = file({ messages: [], source: undefined })
const withMetadata = (results: object[]) => ({
  results,
  metadata: {
    cwd: '/srv/ports/harbour',
    rulesMeta: { 'security/detect-object-injection': { docs: { url: 'https://example.org/sink' } }, bare: {} },
  },
})
const read = (value: unknown) => readText(eslint, JSON.stringify(value))

test('keeps what every format must keep', async () => {
  expect(
    await findBreaches(eslint, [
      { name: 'two files', text: JSON.stringify([clean, file()]), results: 1 },
      { name: 'with metadata', text: JSON.stringify(withMetadata([file(), file()]), null, 2), results: 2 },
      { name: 'none', text: JSON.stringify([clean]), results: 0 },
    ]),
  ).toEqual([])
}, 20_000)

test('the flagged line is taken from the source, the root and the links from the metadata', async () => {
  const { findings } = await read(withMetadata([file({ messages: [message(), message({ severity: 1, line: 99 })] })]))
  expect(findings).toMatchObject([
    {
      path: 'src/quay.js',
      startLine: 2,
      startColumn: 3,
      snippet: 'ship[berth] = 1',
      severity: 'high',
      helpUri: 'https://example.org/sink',
    },
    { severity: 'medium', snippet: null },
  ])
})

test('without metadata the configuration tells the root, but in the checkout of a build machine', async () => {
  const paths = async (folder: string) => {
    const names = ['src/quay.js', 'eslint.config.mjs', 'src/sub/eslint.config.js']
    const { findings } = await read(names.map((name) => file({ filePath: `${folder}/${name}` })))
    return findings.map(({ path }) => path)
  }
  const inside = ['src/quay.js', 'eslint.config.mjs', 'src/sub/eslint.config.js']
  expect(await paths('/app')).toEqual(inside)
  expect(await paths('C:\\ports\\harbour')).toEqual(inside)
  expect(await paths('/opt/atlassian/pipelines/agent/build/web')).toEqual(inside.map((name) => `web/${name}`))
})

test('a file that cannot be parsed and what ESLint says of its own run are no findings', async () => {
  const { steps, tools, unread } = await read([
    file({ messages: [message({ ruleId: null, fatal: true, message: 'Parsing error: Unexpected token' })] }),
    file({ messages: [message({ ruleId: null, message: 'File ignored by default.', severity: 1 })] }),
  ])
  expect(steps).toEqual(['parse-error', 'notice'])
  expect(tools[0]?.problem).toBe('ESLint could not parse some of the files')
  expect(unread).toEqual(['ESLint could not parse 1 file, so it says nothing about what is in them.'])
})

test('what a comment turns off is suppressed with the reason given there', async () => {
  const off = (justification: string) =>
    message({ ruleId: 'no-eval', suppressions: [{ kind: 'directive', justification }] })
  const { findings } = await read([file({ suppressedMessages: [off('a table of the port'), off('')] })])
  expect(findings.map(({ suppressed, helpUri }) => [suppressed, helpUri])).toEqual([
    [null, null],
    ['a table of the port', 'https://eslint.org/docs/latest/rules/no-eval'],
    ['Turned off by a comment in the code', 'https://eslint.org/docs/latest/rules/no-eval'],
  ])
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test('eslint/scan.json', async () => {
    const { format, count, findings } = await readRealReport('eslint/scan.json')
    expect(format).toBe('eslint')
    expect(count).toEqual({ results: 2, taken: 2, suppressed: 0, skipped: {} })
    expect(findings.map(({ snippet }) => snippet)).toEqual([
      "if (result[i].key === 'ProductId') {",
      'productIds.push(result[i].value)',
    ])
  })
})
