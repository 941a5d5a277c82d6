import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { checkov } from './index.ts'

const check = (more: object = {}) => ({
  check_id: 'CKV_AWS_9999',
  bc_check_id: null,
  check_name: 'Ensure the gate is closed at night',
  check_result: { result: 'FAILED', evaluated_keys: ['closed'] },
  code_block: [
    [4, 'resource "aws_gate" "north" {\n'],
    [5, '}\n'],
  ],
  file_path: '/gate.tf',
  file_abs_path: '/tmp/x/port/gate.tf',
  repo_file_path: '/port/gate.tf',
  file_line_range: [4, 5],
  resource: 'module.port.aws_gate.north',
  guideline: 'https://example.org/gate',
  severity: null,
  details: [],
  ...more,
})
const run = (results: object, more: object = {}) => ({
  check_type: 'terraform',
  results: { passed_checks: [], failed_checks: [], skipped_checks: [], parsing_errors: [], ...results },
  summary: { passed: 0, failed: 1, skipped: 0, parsing_errors: 0, resource_count: 1, checkov_version: '3.2.1' },
  url: 'Add an api key',
  ...more,
})
const passed = check({ check_result: { result: 'PASSED' } })
const skippedCheck = check({ check_result: { result: 'SKIPPED', suppress_comment: 'a watchman stands there' } })
const one = run({ passed_checks: [passed], failed_checks: [check()], skipped_checks: [skippedCheck] })
const nothing = { passed: 0, failed: 0, skipped: 0, parsing_errors: 0, resource_count: 0, checkov_version: '3.2.1' }
const read = (value: object) => readText(checkov, JSON.stringify(value))

test('keeps what every format must keep', async () => {
  expect(
    await findBreaches(checkov, [
      { name: 'one run', text: JSON.stringify(one), results: 3 },
      { name: 'two runs', text: JSON.stringify([one, run({ failed_checks: [check()] })], null, 4), results: 4 },
      { name: 'nothing to look at', text: JSON.stringify(nothing), results: 0 },
    ]),
  ).toEqual([])
}, 20_000)

test('a failed check is known by its resource in the file; passed ones are counted, skipped ones suppressed', async () => {
  const { findings, steps, tools } = await read([one])
  expect(steps).toEqual(['passed', 'finding', 'finding'])
  expect(tools).toEqual([{ name: 'Checkov', version: '3.2.1', problem: null }])
  expect(findings).toMatchObject([
    {
      kind: 'configuration',
      ruleId: 'CKV_AWS_9999',
      path: 'port/gate.tf',
      resource: 'module.port.aws_gate.north',
      severity: 'medium',
      suppressed: null,
    },
    { suppressed: 'a watchman stands there' },
  ])
})

test("a Dockerfile's resource loses the path it repeats", async () => {
  const { findings } = await read(
    run({
      failed_checks: [
        check({ file_path: '/Dockerfile', resource: '/Dockerfile.USER' }),
        check({ file_path: '/Dockerfile', resource: 'Dockerfile.FROM' }),
        check({ file_path: '/Dockerfile', file_abs_path: '/tmp/x/Dockerfile', resource: '/tmp/x/Dockerfile.' }),
      ],
    }),
  )
  expect(findings.map(({ resource }) => resource)).toEqual(['USER', 'FROM', null])
})

test('a vulnerable package is known by advisory and package, without the digest of its image', async () => {
  const { findings } = await read(
    run(
      {
        failed_checks: [
          check({
            check_id: 'BC_CVE_2020_11111',
            file_path: '/Dockerfile (harbour:1.2 lines:1-2 (sha256:aaaa))',
            repo_file_path: '/Dockerfile (harbour:1.2 lines:1-2 (sha256:aaaa))',
            severity: 'HIGH',
            vulnerability_details: {
              id: 'CVE-2020-11111',
              package_name: 'libfog',
              package_version: '1.2',
              package_type: 'python',
              status: 'fixed in 1.3',
              lowest_fixed_version: '1.3',
              cvss: 7.5,
              vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
              link: 'https://example.org/fog',
            },
          }),
        ],
      },
      { check_type: 'sca_image' },
    ),
  )
  expect(findings).toMatchObject([
    {
      kind: 'dependency',
      ruleId: 'CVE-2020-11111',
      path: 'Dockerfile',
      package: { ecosystem: 'pypi', name: 'libfog', version: '1.2' },
      fixedIn: '1.3',
      cvssScore: 7.5,
      severity: 'high',
    },
  ])
})

test('a secret is known by its hash', async () => {
  const { findings } = await read(
    run({ failed_checks: [check({ check_id: 'CKV_SECRET_6', resource: 'c'.repeat(40) })] }, { check_type: 'secrets' }),
  )
  expect(findings).toMatchObject([{ kind: 'secret', fingerprint: 'c'.repeat(40), resource: null, isSecret: true }])
})

test('files that cannot be parsed are said, and then nothing is proved gone', async () => {
  const { tools, unread } = await read([run({ parsing_errors: ['/a.tf', '/b.tf'] })])
  expect(tools[0]?.problem).toBe('Checkov could not parse some of the files')
  expect(unread).toEqual(['Checkov could not parse 2 files, so it says nothing about what is in them.'])
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test.each([
    ['checkov/multiple-check-types.json', { results: 28, taken: 13, suppressed: 0, skipped: { passed: 15 } }],
    ['checkov/severity.json', { results: 4, taken: 4, suppressed: 0, skipped: {} }],
  ])('%s', async (file, expected) => {
    const { format, count, findings } = await readRealReport(file)
    expect(format).toBe('checkov')
    expect(count).toEqual(expected)
    expect(findings.every(({ path }) => path !== null)).toBe(true)
  })
})
