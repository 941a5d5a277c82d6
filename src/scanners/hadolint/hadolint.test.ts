import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { hadolint } from './index.ts'

const result = (more: object = {}) => ({
  code: 'DL3006',
  column: 1,
  file: 'harbour\\Dockerfile',
  level: 'warning',
  line: 3,
  message: 'Say which quay. Always.',
  ...more,
})
const read = (value: object) => readText(hadolint, JSON.stringify(value))

test('keeps what every format must keep', async () => {
  const two = [result(), result({ line: 9, code: 'SC2086', level: 'info' })]
  expect(
    await findBreaches(hadolint, [
      { name: 'two', text: JSON.stringify(two), results: 2 },
      { name: 'pretty', text: JSON.stringify(two, null, 4), results: 2 },
    ]),
  ).toEqual([])
}, 20_000)

test('a rule leads to its page, a pipe has no path', async () => {
  const { findings } = await read([
    result(),
    result({ code: 'SC2086', level: 'error', file: '-' }),
    result({ level: 'style' }),
  ])
  expect(findings).toMatchObject([
    {
      kind: 'configuration',
      path: 'harbour/Dockerfile',
      severity: 'medium',
      helpUri: 'https://github.com/hadolint/hadolint/wiki/DL3006',
    },
    { path: null, severity: 'high', helpUri: 'https://www.shellcheck.net/wiki/SC2086' },
    { severity: 'notification' },
  ])
})

test('a file that cannot be parsed is no finding, and then nothing is proved gone', async () => {
  const { results, findings, tools } = await read([
    result(),
    result({ code: 'DL1000', level: 'error', message: "unexpected 'F'" }),
  ])
  expect(findings).toHaveLength(1)
  expect(results.slice(1)).toEqual([
    { kind: 'skipped', step: 'parse-error', label: 'harbour\\Dockerfile', detail: "unexpected 'F'" },
  ])
  expect(tools[0]?.problem).toBe('Hadolint could not parse some of the files')
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test('hadolint/many.json', async () => {
    const { format, count, findings } = await readRealReport('hadolint/many.json')
    expect(format).toBe('hadolint')
    expect(count).toEqual({ results: 12, taken: 12, suppressed: 0, skipped: {} })
    expect(new Set(findings.map(({ path }) => path))).toEqual(
      new Set(['django-DefectDojo/Dockerfile.django', 'django-DefectDojo/Dockerfile.nginx']),
    )
  })
})
