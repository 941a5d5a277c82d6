import { expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { terrascan } from './index.ts'

const violation = (more: object = {}) => ({
  rule_name: 'gateOpen',
  description: 'Ensure the gate is closed at night',
  rule_id: 'AC_AWS_9999',
  severity: 'HIGH',
  category: 'Infrastructure Security',
  resource_name: 'north',
  resource_type: 'aws_gate',
  module_name: 'root',
  file: 'port/gate.tf',
  plan_root: 'port',
  line: 4,
  ...more,
})
const summary = {
  'file/folder': '/tmp/port',
  iac_type: 'terraform',
  scanned_at: '2026-01-01 00:00:00 +0000 UTC',
  policies_validated: 90,
  violated_policies: 1,
  low: 0,
  medium: 0,
  high: 1,
}
const report = (more: object = {}) => ({
  results: { violations: [violation()], skipped_violations: null, scan_summary: summary, ...more },
})
const read = (value: object) => readText(terrascan, JSON.stringify(value))

test('keeps what every format must keep', async () => {
  const all = report({ skipped_violations: [violation()], passed_rules: [violation()] })
  expect(
    await findBreaches(terrascan, [
      { name: 'all', text: JSON.stringify(all, null, 2), results: 3 },
      { name: 'none', text: JSON.stringify(report({ violations: null })), results: 0 },
    ]),
  ).toEqual([])
}, 20_000)

test('a violation is known by its resource; passed rules are counted, skipped ones suppressed', async () => {
  const { findings, steps, unread, tools } = await read(
    report({
      skipped_violations: [violation({ skip_comment: 'a watchman stands there' })],
      passed_rules: [violation()],
      scan_errors: [{ iac_type: 'helm', directory: '/tmp/port', errMsg: 'no helm charts found' }],
    }),
  )
  expect(steps).toEqual(['finding', 'finding', 'passed'])
  expect(findings).toMatchObject([
    { ruleId: 'AC_AWS_9999', path: 'port/gate.tf', resource: 'aws_gate.north', severity: 'high', suppressed: null },
    { suppressed: 'a watchman stands there' },
  ])
  expect(tools[0]?.problem).toBeNull()
  expect(unread).toEqual(['Kinds of configuration that Terrascan could not load from a folder: 1.'])
})
