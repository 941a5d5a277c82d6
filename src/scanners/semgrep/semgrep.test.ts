import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { semgrep } from './index.ts'

const result = (extra: object = {}, more: object = {}) => ({
  check_id: 'python.lang.security.fog-in-query.fog-in-query',
  path: 'port\\quay.py',
  start: { line: 12, col: 5, offset: 90 },
  end: { line: 13, col: 20, offset: 120 },
  extra: {
    message: 'Fog may come in. Keep it out.',
    metadata: {
      cwe: ["CWE-89: Improper 'fog'"],
      references: ['https://example.org/fog'],
      source: 'https://semgrep.dev/r/fog',
    },
    severity: 'ERROR',
    fingerprint: `${'a'.repeat(128)}_3`,
    lines: '    sail(\n      fog)',
    is_ignored: false,
    engine_kind: 'OSS',
    ...extra,
  },
  ...more,
})
const match = (more: object = {}, extra: object = {}) =>
  result(
    {
      metadata: {
        'sca-vuln-database-identifier': 'CVE-2020-11111',
        'sca-severity': 'CRITICAL',
        'sca-fix-versions': [{ libfog: '1.3' }],
        references: ['https://github.com/advisories/GHSA-aaaa-bbbb-cccc'],
      },
      sca_info: {
        reachable: true,
        reachability_rule: true,
        sca_finding_schema: 20220913,
        dependency_match: {
          dependency_pattern: { ecosystem: 'npm', package: 'libfog', semver_range: '< 1.3' },
          found_dependency: {
            ecosystem: 'npm',
            package: 'libfog',
            version: '1.2',
            transitivity: 'direct',
            line_number: 7,
          },
          lockfile: 'web/yarn.lock',
        },
      },
      ...extra,
    },
    { check_id: 'ssc-1111', path: 'web/a.js', ...more },
  )
const scan = (results: object[], more: object = {}) => ({
  version: '1.99.0',
  results,
  errors: [],
  paths: { scanned: ['port/quay.py'] },
  skipped_rules: [],
  ...more,
})
const vuln = (more: object = {}) => ({
  title: 'Fog in libfog',
  advisory: {
    ruleId: 'ssc-1111',
    title: 'Fog',
    description: 'Fog hides the quay.',
    ecosystem: 'gem',
    severity: 'HIGH',
    references: {
      cveIds: ['CVE-2020-11111'],
      cweIds: ['CWE-451: Fog'],
      urls: ['https://github.com/advisories/GHSA-aaaa-bbbb-cccc'],
    },
    vulnerableDependencies: [{ name: 'libfog', versionSpecifier: '< 1.3' }],
  },
  matchedDependency: { name: 'libfog', versionSpecifier: '1.2' },
  dependencyFileLocation: { path: 'requirements.txt', startLine: '7', url: 'https://example.org' },
  triage: { status: 'NEW', dismissReason: 'UNKNOWN_REASON' },
  groupKey: '1::::ssc-1111::reachable',
  closestSafeDependency: { name: 'libfog', versionSpecifier: '1.3' },
  repositoryName: 'ports/harbour',
  usages: [],
  ...more,
})
const read = (value: object) => readText(semgrep, JSON.stringify(value))

test('keeps what every format must keep', async () => {
  expect(
    await findBreaches(semgrep, [
      { name: 'two', text: JSON.stringify(scan([result(), match()])), results: 2 },
      { name: 'before 0.100', text: JSON.stringify({ results: [result()], errors: [] }, null, 2), results: 1 },
      { name: 'none', text: JSON.stringify(scan([])), results: 0 },
      { name: 'platform', text: JSON.stringify({ vulns: [vuln()], hasMore: false }), results: 1 },
      { name: 'findings of the platform', text: JSON.stringify({ findings: [platformFinding()] }), results: 1 },
    ]),
  ).toEqual([])
}, 20_000)

test('a rule is known by its own name, wherever it was loaded from, and a finding by what Semgrep calls it', async () => {
  const { findings } = await read(scan([result(), result({}, { check_id: 'tmp.rules.fog-in-query' })]))
  expect(findings[0]).toMatchObject({
    kind: 'code',
    ruleId: 'fog-in-query',
    title: 'Fog may come in',
    path: 'port/quay.py',
    startLine: 12,
    endLine: 13,
    startColumn: 5,
    snippet: '    sail(\n      fog)',
    fingerprint: 'a'.repeat(128),
    severity: 'high',
    cwes: [89],
    helpUri: 'https://semgrep.dev/r/fog',
  })
  expect(findings[1]?.ruleId).toBe('fog-in-query')
})

test('"requires login" is neither code nor fingerprint', async () => {
  const { findings } = await read(scan([result({ lines: 'requires login', fingerprint: 'requires login' })]))
  expect(findings).toMatchObject([{ snippet: null, fingerprint: null }])
})

test('nosemgrep suppresses; INFO is low, an inventory is no problem', async () => {
  const { findings } = await read(
    scan([result({ is_ignored: true }), result({ severity: 'INFO' }), result({ severity: 'INVENTORY' })]),
  )
  expect(findings.map(({ suppressed, severity }) => [suppressed, severity])).toEqual([
    ['Marked with nosemgrep', 'high'],
    [null, 'low'],
    [null, 'notification'],
  ])
})

test('the way of tainted data, in both spellings', async () => {
  const at = (line: number) => ({ path: 'a.py', start: { line }, end: { line } })
  const { findings } = await read(
    scan([
      result({
        dataflow_trace: {
          taint_source: ['CliLoc', [at(1), 'fog']],
          intermediate_vars: [{ location: at(2), content: 'x' }],
          taint_sink: ['CliCall', [[at(3), 'call'], [], ['CliLoc', [at(9), 'sink']]]],
        },
      }),
    ]),
  )
  expect(findings[0]?.flow.map(({ line }) => line)).toEqual([1, 2, 3])
})

test('a vulnerable package is one finding in its lockfile, with all its uses', async () => {
  const { findings, steps } = await read(scan([match(), match({ path: 'web/b.js' }), match({}, { is_ignored: true })]))
  expect(steps).toEqual(['finding', 'repeated', 'finding'])
  expect(findings[0]).toMatchObject({
    kind: 'dependency',
    scanner: 'Semgrep',
    ruleId: 'CVE-2020-11111',
    aliases: ['GHSA-aaaa-bbbb-cccc', 'SSC-1111'],
    path: 'web/yarn.lock',
    startLine: 7,
    package: { ecosystem: 'npm', name: 'libfog', version: '1.2' },
    fixedIn: '1.3',
    severity: 'critical',
    otherPlaces: [
      { path: 'web/a.js', line: 12 },
      { path: 'web/b.js', line: 12 },
    ],
  })
})

test('what leaves gaps is a problem, what is ordinary is not', async () => {
  const ordinary = [
    { code: 3, level: 'warn', type: ['PartialParsing', []], path: 'a.py', message: 'Syntax error' },
    {
      code: 3,
      level: 'warn',
      type: 'Syntax error',
      path: 'b.yml',
      message: 'When parsing a snippet as Bash for metavariable-pattern',
    },
    { code: 2, level: 'warn', type: 'Other', message: 'rule fog is old' },
  ]
  const calm = await read(scan([], { errors: ordinary }))
  expect(calm.tools).toEqual([{ name: 'Semgrep', version: '1.99.0', problem: null }])
  expect(calm.unread).toEqual([
    'Files Semgrep could parse but for a few lines: 1.',
    'Warnings of Semgrep on its rules and their runs: 2.',
  ])
  const late = await read(
    scan([], {
      errors: [{ code: 2, level: 'warn', type: 'Timeout', path: 'a.py', message: 'Timeout' }],
      skipped_rules: [{ rule_id: 'a' }],
      paths: {
        scanned: [],
        skipped: [
          { path: 'big.js', reason: 'exceeded_size_limit' },
          { path: 'x', reason: 'cli_exclude_flags_match' },
        ],
      },
    }),
  )
  expect(late.tools[0]?.problem).toBe('Semgrep could not scan everything')
  expect(late.unread).toEqual([
    'Semgrep could not scan everything: Timeout (1).',
    'Files Semgrep left out as too large or impossible to analyse: 1.',
    'Rules Semgrep left out: 1.',
  ])
})

test("of the platform's vulnerabilities the lockfile tells the ecosystem, and each repository has its own", async () => {
  const { findings, tools, unread } = await read({
    vulns: [vuln(), vuln({ repositoryName: 'ports/pier' })],
    hasMore: true,
    cursor: '1',
  })
  expect(findings[0]).toMatchObject({
    scanner: 'Semgrep Supply Chain',
    ruleId: 'CVE-2020-11111',
    aliases: ['GHSA-aaaa-bbbb-cccc', 'SSC-1111'],
    message: 'libfog 1.2 is vulnerable (affected: < 1.3). Fixed in 1.3. In ports/harbour.',
    package: { ecosystem: 'pypi', name: 'libfog', version: '1.2' },
    fingerprint: 'ports/harbour',
    startLine: 7,
    cwes: [451],
  })
  expect(findings[1]?.fingerprint).toBe('ports/pier')
  expect(tools[0]?.problem).toBe('the file holds only some pages of the answer')
  expect(unread).toHaveLength(2)
})

const platformFinding = (more: object = {}) => ({
  id: 1,
  match_based_id: `${'b'.repeat(128)}_0`,
  repository: { name: 'ports/pier', url: 'https://example.org/ports/pier' },
  line_of_code_url: 'https://example.org/ports/pier/port/quay.py#L12',
  state: 'unresolved',
  triage_state: 'untriaged',
  status: 'open',
  severity: 'high',
  rule_name: 'python.lang.security.fog-in-query.fog-in-query',
  rule_message: 'Fog may come in.',
  location: { file_path: 'port/quay.py', line: 12, column: 5, end_line: 13, end_column: 20 },
  rule: { name: 'python.lang.security.fog-in-query.fog-in-query', cwe_names: ["CWE-89: Improper 'fog'"] },
  ...more,
})

test('findings of the platform are known again by what the command line would name', async () => {
  const { findings, tools, unread } = await read({ findings: [platformFinding(), platformFinding()] })
  expect(findings[0]).toMatchObject({
    kind: 'code',
    scanner: 'Semgrep',
    ruleId: 'fog-in-query',
    severity: 'high',
    path: 'port/quay.py',
    startLine: 12,
    endLine: 13,
    cwes: [89],
    fingerprint: 'b'.repeat(128),
  })
  expect(tools).toEqual([{ name: 'Semgrep', version: null, problem: null }])
  expect(unread).toEqual([])
})

test('findings of the platform in dependencies name the package', async () => {
  const dependency = {
    found_dependency: { package: 'libfog', version: '1.2', ecosystem: 'npm' },
    vulnerability_identifier: 'CVE-2020-11111',
    fix_recommendations: [{ package: 'libfog', version: '1.3' }],
    location: { file_path: 'web/yarn.lock', line: 7 },
  }
  const { findings, tools } = await read({ findings: [platformFinding(dependency), platformFinding()] })
  expect(findings[0]).toMatchObject({
    kind: 'dependency',
    ruleId: 'CVE-2020-11111',
    package: { ecosystem: 'npm', name: 'libfog', version: '1.2' },
    fixedIn: '1.3',
    path: 'web/yarn.lock',
  })
  expect(tools.map(({ name }) => name)).toEqual(['Semgrep', 'Semgrep Supply Chain'])
})

test('what was ignored on the platform is suppressed, what is fixed there is skipped', async () => {
  const { steps, findings } = await read({
    findings: [
      platformFinding({ status: 'ignored', triage_reason: 'acceptable_risk' }),
      platformFinding({ status: 'fixed' }),
    ],
  })
  expect(steps).toEqual(['finding', 'closed'])
  expect(findings[0]?.suppressed).toBe('Ignored in Semgrep (acceptable risk)')
})

test('a full page of the platform closes nothing: there may be more of them', async () => {
  const { tools } = await read({ findings: Array.from({ length: 100 }, () => platformFinding()) })
  expect(tools[0]?.problem).toBe('the file may hold only some pages of the answer')
})

test('a report in the order of the alphabet is known by its errors and files, long before its results', () => {
  const error = { code: 3, level: 'warn', message: 'Fog at line 3', path: 'a.py', type: 'Syntax error' }
  const errors = Array.from({ length: 1000 }, () => error)
  expect(semgrep.recognise(JSON.stringify({ errors, results: [] }).slice(0, 64 * 1024))).toBe(true)
  const paths = { scanned: Array.from({ length: 9000 }, (_, index) => `port/quay-${index}.py`) }
  expect(semgrep.recognise(JSON.stringify({ errors: [], paths, results: [] }).slice(0, 64 * 1024))).toBe(true)
})

test('what was decided on the platform is suppressed, what is gone there is skipped', async () => {
  const { steps, findings } = await read({
    vulns: [
      vuln({ triage: { status: 'IGNORED', dismissReason: 'FALSE_POSITIVE' } }),
      vuln({ triage: { status: 'CLOSED', dismissReason: 'UNKNOWN_REASON' } }),
      vuln(),
    ],
  })
  expect(steps).toEqual(['finding', 'closed', 'finding'])
  expect(findings[0]?.suppressed).toBe('Ignored in Semgrep (false positive)')
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test.each([
    ['semgrep/drift-line-26.json', 5],
    ['semgrep/drift-line-27.json', 5],
    ['semgrep/many.json', 48],
  ])('%s', async (file, results) => {
    const { format, count, findings } = await readRealReport(file)
    expect(format).toBe('semgrep')
    expect(count).toEqual({ results, taken: results, suppressed: 0, skipped: {} })
    expect(
      findings.every(({ path, startLine, snippet }) => path !== null && startLine !== null && snippet !== null),
    ).toBe(true)
  })

  test('semgrep/sca.json', async () => {
    const { format, count, findings, report } = await readRealReport('semgrep/sca.json')
    expect(format).toBe('semgrep')
    // One is closed on the platform.
    expect(count).toEqual({ results: 22, taken: 21, suppressed: 0, skipped: { closed: 1 } })
    expect(findings.every(({ package: ref }) => ref?.ecosystem === 'pypi')).toBe(true)
    expect(report.tools[0]?.problem).not.toBeNull()
  })
})
