import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { snyk } from './index.ts'

const issue = (more: object = {}) => ({
  id: 'SNYK-JS-LIGHTHOUSE-1',
  title: 'Darkness',
  CVSSv3: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H/E:P',
  severity: 'high',
  cvssScore: 7.5,
  identifiers: {
    CVE: ['CVE-2020-11111'],
    CWE: ['CWE-400'],
    GHSA: ['GHSA-aaaa-bbbb-cccc'],
    ALTERNATIVE: ['SNYK-JS-OLD-1'],
  },
  alternativeIds: ['SNYK-JS-OLD-1'],
  fixedIn: ['1.2.0', '2.0.1'],
  description: '## Overview\nIt goes out.',
  packageManager: 'npm',
  from: ['pier@7.0.0', 'pilot@1.0.0', 'lighthouse@1.0.0'],
  upgradePath: [false, 'pilot@1.1.0', 'lighthouse@1.2.0'],
  isUpgradable: true,
  name: 'lighthouse',
  version: '1.0.0',
  ...more,
})
const project = (more: object = {}) => ({
  vulnerabilities: [issue(), issue({ from: ['pier@7.0.0', 'tug@2.0.0', 'lighthouse@1.0.0'], upgradePath: [] })],
  ok: false,
  dependencyCount: 12,
  org: 'harbour',
  packageManager: 'npm',
  filtered: { ignore: [], patch: [] },
  remediation: { unresolved: [issue()] },
  displayTargetFile: 'package-lock.json',
  projectName: 'pier',
  path: '/tmp/pier',
  ...more,
})
const ignored = issue({
  id: 'SNYK-JS-FOG-1',
  identifiers: {},
  filtered: { ignored: [{ reason: 'no fog here', path: ['*'] }] },
})
const list = [
  project({ filtered: { ignore: [ignored], patch: [issue({ id: 'SNYK-JS-FOG-2', identifiers: {} })] } }),
  project({ displayTargetFile: undefined, targetFile: 'quay\\package.json', vulnerabilities: [issue()] }),
  project({ vulnerabilities: [issue({ id: 'snyk:lic:npm:buoy:GPL-3.0', type: 'license' })] }),
  { ok: false, error: 'Could not find node_modules.', path: '/tmp/pier/tug' },
]
const container = project({
  docker: { baseImage: 'debian:12' },
  packageManager: 'deb',
  projectName: 'docker-image|registry.example:5000/harbour/pilot',
  path: 'registry.example:5000/harbour/pilot:1.4',
  displayTargetFile: 'Dockerfile',
  vulnerabilities: [
    issue({
      id: 'SNYK-DEBIAN12-FOG-1',
      identifiers: { CVE: ['CVE-2020-22222', 'CVE-2020-33333'] },
      alternativeIds: [],
      packageManager: 'debian:12',
      name: 'fog/libfog1',
      version: '1.2-3',
      fixedIn: undefined,
      nearestFixedInVersion: '1.2-4',
    }),
  ],
  applications: [
    project({ displayTargetFile: undefined, targetFile: '/app/package.json', vulnerabilities: [issue()] }),
  ],
})
const iac = {
  meta: { org: 'harbour' },
  filesystemPolicy: false,
  vulnerabilities: [],
  infrastructureAsCodeIssues: [
    {
      severity: 'medium',
      id: 'SNYK-CC-K8S-99',
      title: 'The quay is open at night',
      iacDescription: { issue: 'It is open.', impact: 'Anyone comes in.', resolve: 'Close it.' },
      path: ['[DocId: 2]', 'input', 'spec', 'quay[north]', 'gate'],
      documentation: 'https://security.snyk.io/rules/cloud/SNYK-CC-K8S-99',
      isIgnored: false,
      lineNumber: 12,
    },
    { severity: 'low', id: 'SNYK-CC-K8S-98', title: 'No flag', isIgnored: true, lineNumber: -1, msg: 'flag' },
  ],
  targetFile: 'deploy/quay.yaml',
  projectName: 'pier',
  ok: false,
}

test('keeps what every format must keep', async () => {
  const none = project({ vulnerabilities: [], ok: true })
  expect(
    await findBreaches(snyk, [
      { name: 'one project', text: JSON.stringify(project(), null, 2), results: 2 },
      { name: 'list', text: JSON.stringify(list), results: 6 },
      { name: 'container', text: JSON.stringify(container), results: 2 },
      { name: 'configuration', text: JSON.stringify([iac]), results: 2 },
      { name: 'nothing found', text: JSON.stringify(none), results: 0 },
      { name: 'failed', text: JSON.stringify(list[3]), results: 0 },
    ]),
  ).toEqual([])
}, 60_000)

test('recognises projects without issues and those that could not be tested', () => {
  expect(snyk.recognise(JSON.stringify(project({ vulnerabilities: [] })))).toBe(true)
  expect(snyk.recognise(JSON.stringify(list[3]))).toBe(true)
  // A bill of materials by Snyk is one of CycloneDX.
  expect(snyk.recognise('{"bomFormat":"CycloneDX","vulnerabilities":[{"id":"SNYK-JS-LIGHTHOUSE-1"}]}')).toBe(false)
  expect(snyk.recognise('{"version":"15.0.0","vulnerabilities":[{"id":"c0ffee"}],"scan":{}}')).toBe(false)
})

test('a vulnerability is one finding with the ways to it, without the version of the project', async () => {
  const { findings, steps } = await readText(snyk, JSON.stringify(project()))
  expect(steps).toEqual(['finding', 'repeated'])
  expect(findings[0]).toMatchObject({
    ruleId: 'SNYK-JS-LIGHTHOUSE-1',
    aliases: ['CVE-2020-11111', 'GHSA-aaaa-bbbb-cccc', 'SNYK-JS-OLD-1'],
    title: 'Darkness in lighthouse',
    severity: 'high',
    cwes: [400],
    path: 'package-lock.json',
    package: { ecosystem: 'npm', name: 'lighthouse', version: '1.0.0' },
    fixedIn: '1.2.0, 2.0.1',
    message:
      'lighthouse 1.0.0 is vulnerable. Fixed in 1.2.0, 2.0.1. Comes in by pilot@1.0.0; tug@2.0.0. An upgrade to pilot@1.1.0 helps.',
  })
})

test('of a list every project is read; ignored and patched issues are suppressed, a failed project is a problem', async () => {
  const { tools, findings, steps, unread } = await readText(snyk, JSON.stringify(list))
  expect(tools).toEqual([{ name: 'Snyk', version: null, problem: 'Snyk could not test some of the projects' }])
  expect(unread).toEqual(['1 project that Snyk could not test.'])
  expect(steps).toEqual(['finding', 'repeated', 'finding', 'finding', 'finding', 'licence'])
  expect(findings.map(({ path, suppressed }) => [path, suppressed])).toEqual([
    ['package-lock.json', null],
    ['package-lock.json', 'no fog here'],
    ['package-lock.json', 'patched by Snyk'],
    ['quay/package.json', null],
  ])
})

test('an image is known without its tag, an application in it by its file', async () => {
  const { findings } = await readText(snyk, JSON.stringify(container))
  expect(findings).toMatchObject([
    {
      path: 'registry.example:5000/harbour/pilot',
      aliases: [],
      fixedIn: '1.2-4',
      package: { ecosystem: 'deb', name: 'fog/libfog1', version: '1.2-3' },
    },
    { path: 'app/package.json', package: { ecosystem: 'npm' } },
  ])
})

test('configuration is known by the place in the document', async () => {
  const { findings } = await readText(snyk, JSON.stringify(iac))
  expect(findings).toMatchObject([
    {
      kind: 'configuration',
      path: 'deploy/quay.yaml',
      startLine: 12,
      resource: 'spec.quay[north].gate',
      description: 'It is open.\n\nAnyone comes in.\n\nClose it.',
      suppressed: null,
    },
    { startLine: null, resource: 'flag', suppressed: "ignored by Snyk's policy" },
  ])
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test.each([
    ['snyk/juice-shop-1-2023-10-10.json', 65, 48],
    ['snyk/juice-shop-2-2026-04-06.json', 107, 83],
  ])('%s: one finding for all ways to a package', async (file, results, taken) => {
    const { format, count, findings } = await readRealReport(file)
    expect(format).toBe('snyk')
    expect(count).toEqual({ results, taken, suppressed: 0, skipped: { repeated: results - taken } })
    expect(findings.every(({ path, package: ref }) => path !== null && ref?.ecosystem === 'npm')).toBe(true)
  })
})
