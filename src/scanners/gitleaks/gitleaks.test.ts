import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { gitleaks } from './index.ts'

const leak = (more: object = {}) => ({
  Description: 'Harbour access token',
  StartLine: 4,
  EndLine: 4,
  StartColumn: 9,
  EndColumn: 40,
  Match: 'token = "hrb_4f9c0a77e1d2"',
  Secret: 'hrb_4f9c0a77e1d2',
  File: 'quay/config.yml',
  SymlinkFile: '',
  Commit: '0b1c2d3e4f5061728394a5b6c7d8e9f001122334',
  Entropy: 3.6,
  Author: 'A. Pilot',
  Email: 'pilot@example.com',
  Date: '2025-03-01T09:00:00Z',
  Message: 'moor',
  Tags: [],
  RuleID: 'harbour-token',
  Fingerprint: '0b1c2d3e4f5061728394a5b6c7d8e9f001122334:quay/config.yml:harbour-token:4',
  ...more,
})
const oldLeak = (more: object = {}) => ({
  line: 'key = "hrb_4f9c0a77e1d2"',
  lineNumber: '12',
  offender: 'hrb_4f9c0a77e1d2',
  offenderEntropy: -1,
  commit: '0b1c2d3e',
  repo: 'quay',
  leakURL: 'https://git.example.com/quay/blob/0b1c2d3e/a.py#L12',
  rule: 'Harbour Token',
  file: 'a.py',
  tags: 'key, Harbour',
  ...more,
})

test('keeps what every format must keep', async () => {
  const hidden = { Match: 'token = "REDACTED"', Secret: 'REDACTED' }
  expect(
    await findBreaches(gitleaks, [
      {
        name: 'version 8',
        text: JSON.stringify([leak(), leak({ StartLine: 9, Commit: '' }), leak(hidden)]),
        results: 3,
      },
      { name: 'version 7', text: JSON.stringify([oldLeak(), oldLeak({ offender: 'REDACTED' })], null, 1), results: 2 },
    ]),
  ).toEqual([])
}, 20_000)

test('one secret in one file is one finding, whichever commits and lines it is in', async () => {
  const text = JSON.stringify([
    leak(),
    leak({ Commit: 'ffffffffffffffff', StartLine: 80 }),
    leak({ File: 'quay/other.yml' }),
    leak({ Secret: 'hrb_other', Match: 'token = "hrb_other"' }),
  ])
  const { findings, steps } = await readText(gitleaks, text)
  expect(steps).toEqual(['finding', 'repeated', 'finding', 'finding'])
  expect(findings[0]).toMatchObject({
    kind: 'secret',
    ruleId: 'harbour-token',
    secret: 'hrb_4f9c0a77e1d2',
    isSecret: true,
    severity: 'high',
    fingerprint: null,
    startLine: 4,
    otherPlaces: [{ path: 'quay/config.yml', line: 80, message: 'In commit ffffffffffff' }],
  })
})

test('what is redacted is told apart by its line, and is no secret', async () => {
  const hidden = (line: number) => leak({ Match: 'token = "hrb_..."', Secret: 'hrb_...', StartLine: line })
  const { findings, steps } = await readText(gitleaks, JSON.stringify([hidden(1), hidden(2), hidden(2)]))
  expect(steps).toEqual(['finding', 'finding', 'repeated'])
  expect(findings.map(({ secret, snippet }) => [secret, snippet])).toEqual([
    [null, 'token = "hrb_..."'],
    [null, 'token = "hrb_..."'],
  ])
})

test('version 7 has other names for the same', async () => {
  const { findings } = await readText(gitleaks, JSON.stringify([oldLeak()]))
  expect(findings).toMatchObject([{ ruleId: 'Harbour Token', path: 'a.py', startLine: 12, secret: 'hrb_4f9c0a77e1d2' }])
  expect(findings[0]?.helpUri).toBe('https://git.example.com/quay/blob/0b1c2d3e/a.py#L12')
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test.each([
    // The same line of the same file, once for each commit, never twice.
    ['gitleaks/redacted-many.json', { results: 6, taken: 6, suppressed: 0, skipped: {} }],
    // One key, in one file, from two commits.
    ['gitleaks/v8-many.json', { results: 4, taken: 3, suppressed: 0, skipped: { repeated: 1 } }],
  ])('%s', async (file, wanted) => {
    const { format, count, findings } = await readRealReport(file)
    expect(format).toBe('gitleaks')
    expect(count).toEqual(wanted)
    expect(findings.every(({ path, startLine, isSecret }) => path !== null && startLine !== null && isSecret)).toBe(
      true,
    )
  })
})
