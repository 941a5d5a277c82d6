import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { npmAudit } from './index.ts'

const advisory = (more: object = {}) => ({
  findings: [
    { version: '1.0.0', paths: ['pilot>lighthouse', 'tug>lighthouse'] },
    { version: '1.1.0', paths: ['.>lighthouse'] },
  ],
  id: 1059337,
  module_name: 'lighthouse',
  severity: 'high',
  github_advisory_id: 'GHSA-aaaa-bbbb-cccc',
  cves: ['CVE-2020-11111'],
  cwe: '["CWE-400"]',
  cvss: { score: 7.5, vectorString: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' },
  vulnerable_versions: '<1.2.0',
  patched_versions: '>=1.2.0',
  title: 'Darkness in lighthouse',
  overview: 'It goes out.',
  url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
  ...more,
})
const six = {
  actions: [{ action: 'install', resolves: [] }],
  advisories: {
    '1059337': advisory(),
    '1099999': advisory({
      findings: [{ version: '0.1.0', paths: ['fog'] }],
      id: 77,
      module_name: 'fog',
      github_advisory_id: undefined,
      cves: [],
      patched_versions: '<0.0.0',
      url: 'https://npmjs.com/advisories/77',
    }),
  },
  muted: [],
  metadata: { dependencies: 3 },
  runId: 'c0ffee',
}
const via = {
  source: 1091792,
  name: 'lighthouse',
  dependency: 'lighthouse',
  title: 'Darkness in lighthouse',
  url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
  severity: 'high',
  cwe: ['CWE-400'],
  cvss: { score: 0, vectorString: null },
  range: '<1.2.0',
}
const seven = {
  auditReportVersion: 2,
  vulnerabilities: {
    lighthouse: {
      name: 'lighthouse',
      severity: 'high',
      via: [via, { ...via, source: 1091793, range: '>=2.0.0 <2.1.0' }],
      nodes: ['node_modules/lighthouse', 'node_modules/tug/node_modules/lighthouse'],
      fixAvailable: { name: 'pilot', version: '2.0.0', isSemVerMajor: true },
    },
    pilot: { name: 'pilot', severity: 'high', via: ['lighthouse'], nodes: ['node_modules/pilot'], fixAvailable: true },
  },
  metadata: { vulnerabilities: { total: 2 } },
}
const yarnLine = (path: string) => ({
  type: 'auditAdvisory',
  data: { resolution: { id: 1059337, path, dev: false }, advisory: advisory() },
})
const yarn = [
  { type: 'warning', data: 'No license field' },
  yarnLine('pilot>lighthouse'),
  yarnLine('tug>lighthouse'),
  yarnLine('.>lighthouse'),
  { type: 'auditSummary', data: { vulnerabilities: { high: 3 }, dependencies: 3 } },
]
const berry = [
  {
    value: 'lighthouse',
    children: {
      ID: 1091792,
      Issue: 'Darkness in lighthouse',
      URL: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
      Severity: 'high',
      'Vulnerable Versions': '<1.2.0',
      'Tree Versions': ['1.0.0', '1.1.0'],
      Dependents: ['pilot@npm:1.0.0', 'pier@workspace:.'],
    },
  },
  {
    value: 'fog',
    children: { ID: 'fog (deprecation)', Issue: 'Use mist.', Severity: 'moderate', 'Tree Versions': ['1'] },
  },
]
const lines = (documents: readonly object[]) => documents.map((document) => JSON.stringify(document)).join('\n')

test('keeps what every format must keep', async () => {
  const none = { ...six, actions: [], advisories: {} }
  expect(
    await findBreaches(npmAudit, [
      { name: 'npm 6', text: JSON.stringify(six, null, 2), results: 3 },
      { name: 'npm 6, nothing found', text: JSON.stringify(none), results: 0 },
      { name: 'npm 7', text: JSON.stringify(seven, null, 2), results: 3 },
      { name: 'npm 7, nothing found', text: JSON.stringify({ ...seven, vulnerabilities: {} }), results: 0 },
      { name: 'Yarn 1', text: lines(yarn), results: 3, isOpenEnded: true },
      { name: 'Yarn 4', text: lines(berry), results: 3, isOpenEnded: true },
    ]),
  ).toEqual([])
}, 60_000)

test('npm 6: a finding for each version of the package, with the ways to it', async () => {
  const { tools, findings } = await readText(npmAudit, JSON.stringify(six))
  expect(tools).toEqual([{ name: 'npm audit', version: null, problem: null }])
  expect(findings.map(({ ruleId, package: ref }) => [ruleId, ref?.name, ref?.version])).toEqual([
    ['GHSA-aaaa-bbbb-cccc', 'lighthouse', '1.0.0'],
    ['GHSA-aaaa-bbbb-cccc', 'lighthouse', '1.1.0'],
    ['NPM-77', 'fog', '0.1.0'],
  ])
  expect(findings[0]).toMatchObject({
    aliases: ['CVE-2020-11111'],
    severity: 'high',
    cvssScore: 7.5,
    cwes: [400],
    path: null,
    fixedIn: '>=1.2.0',
    message: 'lighthouse 1.0.0 is vulnerable (affected: <1.2.0). Fixed in >=1.2.0. Comes in by pilot; tug.',
  })
  expect(findings[2]?.fixedIn).toBeNull()
})

test('npm 7: what a package has through another one is told of there; two ranges of one advisory are one', async () => {
  const { findings, steps } = await readText(npmAudit, JSON.stringify(seven))
  expect(steps).toEqual(['finding', 'repeated', 'transitive'])
  expect(findings[0]).toMatchObject({
    ruleId: 'GHSA-aaaa-bbbb-cccc',
    severity: 'high',
    cvssScore: null,
    package: { ecosystem: 'npm', name: 'lighthouse', version: null },
    message:
      'lighthouse is vulnerable (affected: <1.2.0). It lies in node_modules/lighthouse, node_modules/tug/node_modules/lighthouse. An upgrade to pilot@2.0.0, a new major version, helps.',
  })
})

test('Yarn 1: a line for each way is one finding for each version', async () => {
  const { tools, findings, steps } = await readText(npmAudit, lines(yarn))
  expect(tools).toEqual([{ name: 'Yarn audit', version: null, problem: null }])
  expect(steps).toEqual(['finding', 'repeated', 'finding'])
  expect(findings.map(({ package: ref }) => ref?.version)).toEqual(['1.0.0', '1.1.0'])
  expect(findings[0]?.message).toContain('Comes in by pilot; tug.')
})

test('Yarn 1: without its summary, or with an error, it proves nothing', async () => {
  const { tools } = await readText(npmAudit, lines(yarn.slice(0, -1)))
  expect(tools[0]?.problem).toBe("Yarn's summary is missing: the report is not whole")
  const { tools: others } = await readText(npmAudit, lines([...yarn, { type: 'error', data: 'Storm.' }]))
  expect(others[0]?.problem).toBe('Yarn reported an error')
})

test('Yarn 4: a line for each package; a deprecated one is no vulnerability', async () => {
  const { findings, steps } = await readText(npmAudit, lines(berry))
  expect(steps).toEqual(['finding', 'finding', 'deprecated'])
  expect(findings[1]).toMatchObject({
    scanner: 'Yarn audit',
    ruleId: 'GHSA-aaaa-bbbb-cccc',
    package: { name: 'lighthouse', version: '1.1.0' },
    message: 'lighthouse 1.1.0 is vulnerable (affected: <1.2.0). Comes in by pilot@1.0.0; pier.',
  })
})

test('what npm or Yarn writes instead of a report is refused in its own words', async () => {
  const text = JSON.stringify({ error: { code: 'ENOLOCK', summary: 'This command requires an existing lockfile.' } })
  expect(npmAudit.recognise(text)).toBe(true)
  await expect(readText(npmAudit, text)).rejects.toThrow('This command requires an existing lockfile.')
  const failed = lines([yarn[0] ?? {}, { type: 'error', data: 'The registry is in fog.' }])
  expect(npmAudit.recognise(failed)).toBe(true)
  await expect(readText(npmAudit, failed)).rejects.toThrow('The registry is in fog.')
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test('npm-audit/v6-multiple-cwes.json', async () => {
    const { format, count, findings } = await readRealReport('npm-audit/v6-multiple-cwes.json')
    expect(format).toBe('npm-audit')
    expect(count).toEqual({ results: 55, taken: 44, suppressed: 0, skipped: { repeated: 11 } })
    expect(findings.every(({ ruleId }) => ruleId.startsWith('GHSA-'))).toBe(true)
  })

  test('npm-audit/juice-shop-v7-2025-11-10.json', async () => {
    const { format, count, findings } = await readRealReport('npm-audit/juice-shop-v7-2025-11-10.json')
    expect(format).toBe('npm-audit')
    expect(count).toEqual({ results: 74, taken: 45, suppressed: 0, skipped: { transitive: 29 } })
    expect(findings.every(({ ruleId }) => ruleId.startsWith('GHSA-'))).toBe(true)
  })
})
