import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { osvScanner } from './index.ts'

const reviewed = {
  id: 'GHSA-aaaa-bbbb-cccc',
  schema_version: '1.6.0',
  aliases: ['CVE-2020-11111', 'PYSEC-2020-1'],
  summary: 'The lighthouse goes out',
  details: '### Impact\nDarkness.',
  affected: [
    {
      package: { name: 'Lighthouse', ecosystem: 'PyPI' },
      ranges: [
        { type: 'GIT', events: [{ introduced: '0' }, { fixed: 'c0ffee' }] },
        { type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.2' }] },
      ],
    },
    { package: { name: 'other', ecosystem: 'PyPI' }, ranges: [{ type: 'ECOSYSTEM', events: [{ fixed: '9' }] }] },
  ],
  severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' }],
  database_specific: { severity: 'HIGH', cwe_ids: ['CWE-400'] },
}
const sameByPython = { id: 'PYSEC-2020-1', aliases: ['CVE-2020-11111', 'GHSA-aaaa-bbbb-cccc'], details: 'Dark.' }
const mixed = (id: string, cve: string) => ({
  id,
  aliases: ['CVE-2020-22222', 'CVE-2020-33333', 'GHSA-dddd-eeee-ffff', 'GHSA-gggg-hhhh-jjjj'].filter(
    (one) => one !== id,
  ),
  details: `About ${cve}.`,
  references: [{ type: 'ADVISORY', url: `https://nvd.nist.gov/vuln/detail/${cve}` }],
})
const lighthouse = {
  package: { name: 'lighthouse', version: '1.0', ecosystem: 'PyPI' },
  dependency_groups: ['dev'],
  vulnerabilities: [
    sameByPython,
    reviewed,
    mixed('GHSA-dddd-eeee-ffff', 'CVE-2020-22222'),
    mixed('GHSA-gggg-hhhh-jjjj', 'CVE-2020-33333'),
    { id: 'MAL-2020-5', details: 'Sinks ships.' },
    { id: 'GHSA-kkkk-llll-mmmm', withdrawn: '2020-01-01T00:00:00Z' },
  ],
  groups: [
    { ids: ['GHSA-aaaa-bbbb-cccc', 'PYSEC-2020-1'], aliases: ['CVE-2020-11111'], max_severity: '7.5' },
    { ids: ['GHSA-dddd-eeee-ffff', 'GHSA-gggg-hhhh-jjjj'], aliases: ['CVE-2020-22222', 'CVE-2020-33333'] },
    { ids: ['MAL-2020-5'], experimental_analysis: { 'MAL-2020-5': { called: false } } },
  ],
  licenses: ['GPL-2.0'],
  license_violations: ['GPL-2.0'],
}
const report = {
  results: [
    { source: { path: '/github/workspace/pier/requirements.txt', type: 'lockfile' }, packages: [lighthouse] },
    {
      packages: [
        {
          groups: [{ ids: ['DEBIAN-CVE-2020-44444'] }],
          vulnerabilities: [{ id: 'DEBIAN-CVE-2020-44444', upstream: ['CVE-2020-44444'] }],
          package: { name: 'libfog', version: '1.2-3', ecosystem: 'Debian:12' },
        },
        { package: { name: 'libsea', version: '1', ecosystem: 'Debian:12' } },
      ],
      source: { type: 'docker', path: 'harbour/pilot:1.4' },
    },
    {
      source: { path: '/tmp/boat', type: 'git' },
      packages: [
        {
          package: { name: '', version: '', ecosystem: '', commit: 'c0ffee' },
          vulnerabilities: [
            {
              id: 'CVE-2020-55555',
              affected: [{ ranges: [{ type: 'GIT', repo: 'https://git.example/sea/boat.git' }] }],
            },
          ],
        },
      ],
    },
  ],
  experimental_config: { licenses: { summary: false, allowlist: null } },
}

test('keeps what every format must keep', async () => {
  expect(
    await findBreaches(osvScanner, [
      { name: 'three sources', text: JSON.stringify(report, null, 2), results: 9 },
      { name: 'nothing found', text: JSON.stringify({ ...report, results: [] }), results: 0 },
    ]),
  ).toEqual([])
}, 60_000)

test('recognises a report without results only by what else the tool writes', () => {
  expect(osvScanner.recognise(JSON.stringify({ ...report, results: [] }))).toBe(true)
})

test('the names of a group are one; two advisories of GitHub stay two, each with its own CVE', async () => {
  const { findings, steps } = await readText(osvScanner, JSON.stringify(report))
  expect(steps.slice(0, 7)).toEqual(['repeated', 'finding', 'finding', 'finding', 'finding', 'withdrawn', 'licence'])
  expect(steps.slice(7)).toEqual(['finding', 'finding'])
  expect(findings.map(({ ruleId, aliases }) => [ruleId, ...aliases])).toEqual([
    ['GHSA-aaaa-bbbb-cccc', 'CVE-2020-11111', 'PYSEC-2020-1'],
    ['GHSA-dddd-eeee-ffff', 'CVE-2020-22222'],
    ['GHSA-gggg-hhhh-jjjj', 'CVE-2020-33333'],
    ['MAL-2020-5'],
    ['DEBIAN-CVE-2020-44444', 'CVE-2020-44444'],
    ['CVE-2020-55555'],
  ])
  expect(findings[0]).toMatchObject({
    severity: 'high',
    cvssScore: 7.5,
    cwes: [400],
    path: 'pier/requirements.txt',
    package: { ecosystem: 'pypi', name: 'lighthouse', version: '1.0' },
    fixedIn: '1.2',
    message: 'lighthouse 1.0 is vulnerable. Fixed in 1.2. It is used for dev.',
  })
  expect(findings[3]).toMatchObject({ severity: 'critical', message: expect.stringContaining('is not called.') })
})

test('an image goes without its tag, code without a package by its repository', async () => {
  const { findings } = await readText(osvScanner, JSON.stringify(report))
  expect(findings[4]).toMatchObject({ path: 'harbour/pilot', package: { ecosystem: 'deb', name: 'libfog' } })
  expect(findings[5]?.package).toEqual({ ecosystem: 'generic', name: 'git.example/sea/boat', version: null })
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test('osv-scanner/many.json', async () => {
    const { format, count } = await readRealReport('osv-scanner/many.json')
    expect(format).toBe('osv-scanner')
    expect(count).toEqual({ results: 66, taken: 38, suppressed: 0, skipped: { repeated: 28 } })
  })
})
