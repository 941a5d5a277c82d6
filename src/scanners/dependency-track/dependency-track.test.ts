import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { dependencyTrack } from './index.ts'

const finding = ({
  vulnerability = {},
  ...more
}: {
  vulnerability?: object
  component?: object
  analysis?: object
} = {}) => ({
  component: { uuid: 'c', name: 'rope', version: '4.0.0', purl: 'pkg:npm/rope@4.0.0', project: 'p' },
  vulnerability: {
    uuid: 'v',
    source: 'NVD',
    vulnId: 'CVE-2024-11111',
    severity: 'HIGH',
    severityRank: 1,
    cwes: [{ cweId: 400, name: 'Fog' }],
    cweId: 79,
    description: 'Rope frays in fog. Mind it.',
    cvssV3Vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
    aliases: [{ cveId: 'CVE-2024-11111', ghsaId: 'GHSA-aaaa-bbbb-cccc' }],
    ...vulnerability,
  },
  analysis: { isSuppressed: false },
  matrix: 'p:c:v',
  ...more,
})
const report = (findings: object[]) =>
  JSON.stringify({
    version: '1.3',
    meta: { application: 'Dependency-Track', version: '4.14.1' },
    project: { name: 'ferry' },
    findings,
  })
const all = report([
  finding(),
  finding({ vulnerability: { vulnId: 'GHSA-aaaa-bbbb-cccc', source: 'GITHUB' } }),
  finding({ analysis: { isSuppressed: false, state: 'NOT_AFFECTED' } }),
  finding({ vulnerability: { vulnId: 'CVE-2020-22222', aliases: [] }, analysis: { isSuppressed: true } }),
  finding({
    component: { name: 'sail', group: 'org.sea', version: '2' },
    vulnerability: {
      vulnId: 'SONATYPE-2020-1',
      aliases: null,
      severity: 'UNASSIGNED',
      references: '* [https://example.org/a](x)',
    },
  }),
])

test('keeps what every format must keep', async () => {
  const specimens = [
    { name: 'all', text: all, results: 5 },
    { name: 'none', text: report([]), results: 0 },
  ]
  expect(await findBreaches(dependencyTrack, specimens)).toEqual([])
}, 20_000)

test('a problem under two names is one; what people decided is told', async () => {
  const { steps, findings, tools } = await readText(dependencyTrack, all)
  expect(tools).toEqual([{ name: 'Dependency-Track', version: '4.14.1', problem: null }])
  expect(steps).toEqual(['finding', 'repeated', 'finding', 'finding', 'finding'])
  expect(findings.map(({ ruleId, package: ref, suppressed }) => [ruleId, ref?.name, suppressed])).toEqual([
    ['CVE-2024-11111', 'rope', null],
    ['CVE-2024-11111', 'rope', 'analysed as not affected'],
    ['CVE-2020-22222', 'rope', 'suppressed in Dependency-Track'],
    ['SONATYPE-2020-1', 'org.sea/sail', null],
  ])
  expect(findings[0]).toMatchObject({
    severity: 'high',
    cvssScore: 7.5,
    cwes: [79, 400],
    aliases: ['GHSA-aaaa-bbbb-cccc'],
  })
  expect(findings[3]).toMatchObject({ severity: 'high', severitySource: 'cvss', helpUri: 'https://example.org/a' })
})

test('what is no finding is counted and left out', async () => {
  const { steps } = await readText(dependencyTrack, all.replace('"findings":[', '"findings":[null,7,'))
  expect(steps.slice(0, 3)).toEqual(['unreadable', 'unreadable', 'finding'])
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test('dependency-track-fpf/npm.json', async () => {
    const { format, count } = await readRealReport('dependency-track-fpf/npm.json')
    expect(format).toBe('dependency-track')
    // Three of axios, one of next-intl and three of dompurify stand there a second or third time.
    expect(count).toEqual({ results: 22, taken: 15, suppressed: 0, skipped: { repeated: 7 } })
  })
})
