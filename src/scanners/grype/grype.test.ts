import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { grype } from './index.ts'

const match = {
  vulnerability: {
    id: 'GHSA-aaaa-bbbb-cccc',
    dataSource: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
    namespace: 'github:language:javascript',
    severity: 'High',
    urls: [],
    description: 'The lighthouse goes out',
    cvss: [
      { version: '2.0', vector: 'AV:N/AC:L/Au:N/C:N/I:N/A:P', metrics: { baseScore: 5 } },
      { version: '3.1', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H', metrics: { baseScore: 7.5 } },
    ],
    cwes: [{ cve: 'CVE-2020-11111', cwe: 'CWE-400', source: 'nvd@nist.gov', type: 'Primary' }],
    knownExploited: [{ cve: 'CVE-2020-11111' }],
    fix: { versions: ['1.2.0', '2.0.1'], state: 'fixed' },
  },
  relatedVulnerabilities: [{ id: 'CVE-2020-11111', namespace: 'nvd:cpe', severity: 'High', cvss: [] }],
  matchDetails: [{ type: 'exact-direct-match', matcher: 'javascript-matcher' }],
  artifact: {
    id: '1b2c',
    name: 'lighthouse',
    version: '1.0.0',
    type: 'npm',
    locations: [{ path: '/app/node_modules/lighthouse/package.json', layerID: 'sha256:00' }],
    purl: 'pkg:npm/lighthouse@1.0.0',
  },
}
const byCpe = {
  ...match,
  vulnerability: { id: 'CVE-2020-11111', severity: 'Medium', namespace: 'nvd:cpe', fix: { versions: [], state: '' } },
  relatedVulnerabilities: [],
}
const system = {
  vulnerability: { id: 'ALAS-2020-1', severity: 'Important', fix: { versions: [], state: 'wont-fix' } },
  relatedVulnerabilities: [{ id: 'CVE-2020-22222' }, { id: 'CVE-2020-33333', description: 'Fog.' }],
  artifact: {
    name: 'libfog',
    version: '1:1.2-3',
    type: 'deb',
    locations: [{ path: '/usr/share/doc/libfog/copyright' }, { path: '/var/lib/dpkg/status' }],
    purl: 'pkg:deb/debian/libfog@1.2-3?arch=arm64&distro=debian-12&epoch=1',
  },
}
const report = {
  matches: [match, byCpe, system],
  ignoredMatches: [
    {
      ...system,
      vulnerability: { id: 'CVE-2020-44444' },
      relatedVulnerabilities: [],
      appliedIgnoreRules: [{ reason: 'no fog here' }],
    },
    {
      ...system,
      vulnerability: { id: 'CVE-2020-55555' },
      relatedVulnerabilities: null,
      appliedIgnoreRules: [{ 'vex-status': 'not_affected' }],
    },
  ],
  source: { type: 'image', target: { userInput: 'pilot:1.4' } },
  distro: { name: 'debian', version: '12' },
  descriptor: { name: 'grype', version: '0.94.0', timestamp: '2025-01-01T00:00:00Z' },
}
const older = {
  matches: [
    {
      vulnerability: {
        id: 'CVE-2020-66666',
        severity: 'Negligible',
        links: ['https://tracker.example/CVE-2020-66666'],
        cvssV2: { baseScore: 5, vector: 'AV:N/AC:L/Au:N/C:N/I:N/A:P' },
        fixedInVersion: '1.3',
      },
      matchDetails: { matcher: 'dpkg-matcher' },
      artifact: { name: 'libfog', version: '1.2', type: 'deb', locations: [{ path: '/var/lib/dpkg/status' }] },
    },
  ],
  source: { type: 'directory', target: '.' },
  descriptor: { name: 'grype', version: '0.7.0' },
}

test('keeps what every format must keep', async () => {
  const empty = { ...report, matches: [], ignoredMatches: undefined }
  expect(
    await findBreaches(grype, [
      { name: 'new', text: JSON.stringify(report, null, 1), results: 5 },
      { name: 'old', text: JSON.stringify(older), results: 1 },
      { name: 'nothing found', text: JSON.stringify(empty), results: 0 },
      { name: 'null', text: JSON.stringify({ ...empty, matches: null }), results: 0 },
    ]),
  ).toEqual([])
}, 60_000)

test('an advisory and its CVE are one; what is ignored says why', async () => {
  const { tools, findings, steps } = await readText(grype, JSON.stringify(report))
  expect(tools).toEqual([{ name: 'Grype', version: '0.94.0', problem: null }])
  expect(steps).toEqual(['finding', 'repeated', 'finding', 'finding', 'finding'])
  expect(findings.map(({ suppressed }) => suppressed)).toEqual([null, null, 'no fog here', 'VEX: not_affected'])
  expect(findings[0]).toMatchObject({
    ruleId: 'GHSA-aaaa-bbbb-cccc',
    aliases: ['CVE-2020-11111'],
    title: 'The lighthouse goes out',
    severity: 'high',
    cvssScore: 7.5,
    cwes: [400],
    path: 'app/node_modules/lighthouse/package.json',
    package: { ecosystem: 'npm', name: 'lighthouse', version: '1.0.0' },
    fixedIn: '1.2.0, 2.0.1',
    message: 'lighthouse 1.0.0 is vulnerable. Fixed in 1.2.0, 2.0.1. It is known to be exploited.',
  })
})

test('an advisory that gathers several CVEs is none of them; a system package lies where its record is', async () => {
  const { findings } = await readText(grype, JSON.stringify(report))
  expect(findings[1]).toMatchObject({
    ruleId: 'ALAS-2020-1',
    aliases: [],
    severity: 'high',
    path: 'var/lib/dpkg/status',
    package: { ecosystem: 'deb', name: 'libfog', version: '1:1.2-3' },
    message: 'libfog 1:1.2-3 is vulnerable. The distribution will not fix it.',
  })
})

test('a report of before 0.10 names the same package', async () => {
  const { findings } = await readText(grype, JSON.stringify(older))
  expect(findings[0]).toMatchObject({
    severity: 'medium',
    cvssScore: 5,
    fixedIn: '1.3',
    helpUri: 'https://tracker.example/CVE-2020-66666',
    package: { ecosystem: 'deb', name: 'libfog', version: '1.2' },
  })
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test.each([
    ['grype/many-3.json', 327],
    ['grype/many-epss.json', 15],
  ])('%s', async (file, results) => {
    const { format, count, findings } = await readRealReport(file)
    expect(format).toBe('grype')
    expect(count).toEqual({ results, taken: results, suppressed: 0, skipped: {} })
    expect(findings.every(({ path }) => path !== null)).toBe(true)
  })
})
