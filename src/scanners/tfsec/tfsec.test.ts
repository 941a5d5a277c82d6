import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { tfsec } from './index.ts'

const result = (more: object = {}) => ({
  rule_id: 'AVD-AWS-9999',
  long_id: 'aws-quay-no-open-gate',
  rule_description: 'A gate is open at night.',
  rule_provider: 'aws',
  rule_service: 'quay',
  impact: 'Anybody comes in',
  resolution: 'Close it',
  links: ['https://example.org/gate', 'https://example.org/other'],
  description: 'Gate is open: set <blue>closed = true</blue>',
  severity: 'HIGH',
  warning: false,
  status: 0,
  resource: 'module.port:aws_gate.north',
  location: { filename: 'modules/port/gate.tf', start_line: 4, end_line: 9 },
  ...more,
})
const middle = result({
  rule_id: 'aws-quay-no-open-gate',
  legacy_rule_id: 'AWS999',
  long_id: undefined,
  status: 'failed',
  resource: undefined,
  description: "Resource 'module.port:aws_gate.north' is open.",
})
const oldest = {
  rule_id: 'AWS999',
  rule_description: 'A gate is open at night.',
  link: 'See https://example.org/AWS999/ for more information.',
  location: { filename: '/src/gate.tf', start_line: 4, end_line: 4 },
  description: "Block 'aws_gate.north' is open.",
  severity: 'ERROR',
  passed: false,
}
const read = (results: object[]) => readText(tfsec, JSON.stringify({ results }))

test('keeps what every format must keep', async () => {
  expect(
    await findBreaches(tfsec, [
      { name: 'three', text: JSON.stringify({ results: [result(), middle, oldest] }), results: 3 },
      { name: 'pretty', text: JSON.stringify({ results: [result()] }, null, '\t'), results: 1 },
    ]),
  ).toEqual([])
}, 20_000)

test('a check is the same in all versions that know its long name, and its resource in all', async () => {
  const { findings } = await read([result(), middle, oldest])
  expect(findings).toMatchObject([
    {
      ruleId: 'aws-quay-no-open-gate',
      resource: 'module.port:aws_gate.north',
      message: 'Gate is open: set closed = true',
      helpUri: 'https://example.org/gate',
      severity: 'high',
    },
    { ruleId: 'aws-quay-no-open-gate', resource: 'module.port:aws_gate.north' },
    {
      ruleId: 'AWS999',
      resource: 'aws_gate.north',
      path: 'gate.tf',
      severity: 'high',
      helpUri: 'https://example.org/AWS999/',
    },
  ])
})

test('passed checks are counted, ignored ones suppressed, in every spelling', async () => {
  const { steps, findings } = await read([
    result({ status: 1 }),
    result({ status: 'passed' }),
    { ...oldest, passed: true },
    result({ status: 2 }),
    result({ status: 'ignored' }),
  ])
  expect(steps).toEqual(['passed', 'passed', 'passed', 'finding', 'finding'])
  expect(findings.every(({ suppressed }) => suppressed !== null)).toBe(true)
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test('tfsec/many.json', async () => {
    const { format, count, findings } = await readRealReport('tfsec/many.json')
    expect(format).toBe('tfsec')
    expect(count).toEqual({ results: 19, taken: 19, suppressed: 0, skipped: {} })
    expect(findings.every(({ resource, startLine }) => resource !== null && startLine !== null)).toBe(true)
    // Two lines of each of two resources are open.
    expect(new Set(findings.map(({ ruleId, resource }) => `${ruleId} ${resource ?? ''}`)).size).toBe(17)
  })
})
