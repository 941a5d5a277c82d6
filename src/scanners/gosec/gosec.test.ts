import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { gosec } from './index.ts'

const read = (value: object) => readText(gosec, JSON.stringify(value))

const issue = (more: object = {}) => ({
  severity: 'MEDIUM',
  confidence: 'HIGH',
  cwe: { id: '22', url: 'https://cwe.mitre.org/data/definitions/22.html' },
  rule_id: 'G304',
  details: 'Potential file inclusion via variable',
  file: '/builds/port/harbour/cmd/quay.go',
  code: '11: func berth(name string) {\n12: \tdata, err := os.ReadFile(name)\n13: \tif err != nil {\n',
  line: '12',
  column: '15',
  nosec: false,
  suppressions: null,
  ...more,
})
const stats = { files: 3, lines: 90, nosec: 0, found: 2 }
const report = { 'Golang errors': {}, Issues: [issue(), issue({ line: 40 })], Stats: stats, GosecVersion: '2.21.4' }
const older = {
  Issues: [issue({ code: 'os.ReadFile(name)', line: '12-14', cwe: { ID: '22', URL: '' } })],
  Stats: stats,
}
const none = { 'Golang errors': {}, Issues: null, Stats: stats }

test('keeps what every format must keep', async () => {
  expect(
    await findBreaches(gosec, [
      { name: 'two', text: JSON.stringify(report), results: 2 },
      { name: 'older', text: JSON.stringify(older, null, '\t'), results: 1 },
      { name: 'none', text: JSON.stringify(none), results: 0 },
    ]),
  ).toEqual([])
}, 20_000)

test('the flagged line is found among its numbered neighbours, and alone in older reports', async () => {
  const { findings } = await read({ ...report, Issues: [issue(), ...older.Issues] })
  expect(findings).toMatchObject([
    { path: 'cmd/quay.go', startLine: 12, endLine: 12, snippet: 'data, err := os.ReadFile(name)', cwes: [22] },
    { startLine: 12, endLine: 14, snippet: 'os.ReadFile(name)', cwes: [22] },
  ])
})

test('in a Go workspace a path begins behind the repository, vendored code included', async () => {
  const files = ['/go/src/github.com/ports/harbour/quay.go', 'C:\\go\\src\\bitbucket.org\\ports\\harbour\\vendor\\a.go']
  const { findings } = await read({ ...report, Issues: files.map((file) => issue({ file })) })
  expect(findings.map(({ path }) => path)).toEqual(['quay.go', 'vendor/a.go'])
})

test('what #nosec covers is suppressed, with the reason given there', async () => {
  const { findings } = await read({
    ...report,
    Issues: [
      issue({ nosec: true }),
      issue({ nosec: true, suppressions: [{ kind: 'inSource', justification: 'the name is checked above' }] }),
    ],
  })
  expect(findings.map(({ suppressed }) => suppressed)).toEqual(['Marked with #nosec', 'the name is checked above'])
})

test('files that do not compile are said, and then nothing is proved gone', async () => {
  const { tools, unread } = await read({
    ...report,
    'Golang errors': { '/src/a.go': [{ line: 1, column: 2, error: 'undefined: berth' }] },
  })
  expect(tools).toEqual([{ name: 'Gosec', version: '2.21.4', problem: 'Gosec could not compile some of the files' }])
  expect(unread).toEqual(['Gosec could not compile 1 file, so it says little or nothing about them.'])
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test('gosec/many.json', async () => {
    const { format, count, findings } = await readRealReport('gosec/many.json')
    expect(format).toBe('gosec')
    expect(count).toEqual({ results: 28, taken: 28, suppressed: 0, skipped: {} })
    expect(findings.every(({ startLine, snippet }) => startLine !== null && snippet !== null)).toBe(true)
  })
})
