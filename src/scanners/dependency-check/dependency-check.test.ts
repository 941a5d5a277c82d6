import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { dependencyCheck } from './index.ts'

const fog = {
  source: 'NVD',
  name: 'CVE-2024-11111',
  severity: 'HIGH',
  cvssv3: {
    baseScore: 7.5,
    attackVector: 'NETWORK',
    attackComplexity: 'LOW',
    privilegesRequired: 'NONE',
    userInteraction: 'NONE',
    scope: 'UNCHANGED',
    confidentialityImpact: 'NONE',
    integrityImpact: 'NONE',
    availabilityImpact: 'HIGH',
    version: '3.1',
  },
  cwes: ['CWE-400', 'NVD-CWE-Other'],
  description: 'Fog fills the harbour. It stays.',
  references: [{ source: 'x', url: 'https://example.org/fog', name: 'x' }],
  vulnerableSoftware: [{ software: { id: 'cpe:2.3:a:quay:buoy:*:*:*:*:*:*:*:*' } }],
}
const report = (dependencies: object[], scanInfo: object = {}) =>
  JSON.stringify({
    reportSchema: '1.1',
    scanInfo: { engineVersion: '10.0.4', dataSource: [], ...scanInfo },
    projectInfo: { name: 'ferry' },
    dependencies,
  })
const jar = {
  isVirtual: false,
  fileName: 'buoy-1.2.jar',
  filePath: '/root/.m2/repository/org/quay/buoy/1.2/buoy-1.2.jar',
  evidenceCollected: { vendorEvidence: [{ type: 'vendor' }] },
  relatedDependencies: [
    {
      fileName: 'buoy-api-1.2.jar',
      filePath: '/root/.m2/buoy-api-1.2.jar',
      packageIds: [{ id: 'pkg:maven/org.quay/buoy-api@1.2' }],
    },
  ],
  vulnerabilities: [fog],
  suppressedVulnerabilities: [{ ...fog, name: 'CVE-2023-22222', severity: undefined, notes: 'Nobody\n  sails there.' }],
  packages: [
    { id: 'pkg:maven/org.quay/other@9', confidence: 'LOW' },
    { id: 'pkg:maven/org.quay/buoy@1.2', confidence: 'HIGHEST' },
  ],
  vulnerabilityIds: [{ id: 'cpe:2.3:a:quay:buoy:1.2:*:*:*:*:*:*:*', confidence: 'HIGHEST' }],
}
const locked = {
  fileName: 'rope:4.0.0',
  filePath: '/src/web/package-lock.json?/rope:4.0.0',
  packages: [{ id: 'pkg:npm/rope@4.0.0', confidence: 'HIGHEST' }],
  vulnerabilities: [
    { source: 'NPM', name: 'GHSA-aaaa-bbbb-cccc', severity: 'moderate', unscored: 'true' },
    { source: 'NPM', name: 'GHSA-aaaa-bbbb-cccc', severity: 'moderate' },
  ],
}
const guessed = {
  fileName: 'anchor.dll',
  filePath: 'bin/anchor.dll',
  vulnerabilityIds: [{ id: 'cpe:2.3:a:sea\\:lion:anchor:3.1:*:*:*:*:*:*:*', confidence: 'LOW' }],
  vulnerabilities: [fog],
}
const unnamed = { fileName: 'mast.jar', filePath: 'lib/mast.jar', vulnerabilities: [fog] }
const all = report([jar, { fileName: 'clean.jar', filePath: 'clean.jar', packages: null }, locked, guessed, unnamed])

const old = `<?xml version="1.0" encoding="UTF-8"?>
<analysis xmlns="https://jeremylong.github.io/DependencyCheck/dependency-check.1.8.xsd"><scanInfo><engineVersion>4.0.2</engineVersion>
 <analysisExceptions><exception><message>no network</message></exception></analysisExceptions></scanInfo><projectInfo><name>ferry</name></projectInfo>
 <dependencies><dependency><fileName>buoy.jar</fileName><filePath>/x/buoy.jar</filePath><evidenceCollected><evidence type="vendor"><name>quay</name></evidence></evidenceCollected>
  <identifiers><identifier type="cpe" confidence="LOW"><name>(cpe:/a:quay:buoy:1.2)</name></identifier><identifier type="maven" confidence="HIGHEST"><name>(org.quay:buoy:1.2)</name></identifier>
   <suppressedIdentifier type="cpe"><name>cpe:/a:quay:other:1</name></suppressedIdentifier></identifiers>
  <vulnerabilities><vulnerability source="NVD"><name>CVE-2015-33333</name><cvssScore>6.8</cvssScore><cwe>CWE-79 Improper</cwe><description>Spray.</description></vulnerability>
   <suppressedVulnerability source="NVD"><name>CVE-2015-44444</name><severity>Low</severity></suppressedVulnerability></vulnerabilities></dependency>
  <dependency><fileName>sail.js</fileName><filePath>/src/web/sail.js</filePath><vulnerabilities><vulnerability source="RetireJS"><name>reefing</name><severity>medium</severity>
   <cvssV2><score>5.0</score><accessVector>NETWORK</accessVector><accessComplexity>LOW</accessComplexity><authenticationr>NONE</authenticationr><confidentialImpact>PARTIAL</confidentialImpact><integrityImpact>NONE</integrityImpact><availabilityImpact>NONE</availabilityImpact></cvssV2></vulnerability></vulnerabilities></dependency></dependencies></analysis>`

test('keeps what every format must keep', async () => {
  const specimens = [
    { name: 'JSON', text: all, results: 6 },
    { name: 'nothing found', text: report([]), results: 0 },
    { name: 'XML', text: old, results: 3 },
  ]
  expect(await findBreaches(dependencyCheck, specimens)).toEqual([])
}, 60_000)

test('a package by its URL, its CPE or its file, and a place that stays', async () => {
  const { findings, steps, tools, unread } = await readText(dependencyCheck, all)
  expect(steps).toEqual(['finding', 'finding', 'finding', 'repeated', 'finding', 'finding'])
  expect(tools).toEqual([{ name: 'Dependency-Check', version: '10.0.4', problem: null }])
  expect(unread).toEqual(['5 dependencies, looked at only to name what is vulnerable.'])
  expect(
    findings.map(({ ruleId, package: ref, path, suppressed }) => [ruleId, ref?.name, ref?.version, path, suppressed]),
  ).toEqual([
    ['CVE-2024-11111', 'org.quay/buoy', '1.2', null, null],
    ['CVE-2023-22222', 'org.quay/buoy', '1.2', null, 'Nobody sails there.'],
    ['GHSA-aaaa-bbbb-cccc', 'rope', '4.0.0', 'web/package-lock.json', null],
    ['CVE-2024-11111', 'sea:lion/anchor', '3.1', null, null],
    ['CVE-2024-11111', 'mast.jar', null, 'lib/mast.jar', null],
  ])
  expect(findings[0]).toMatchObject({
    severity: 'high',
    cvssVector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
    cwes: [400],
    otherPlaces: [
      { path: 'root/.m2/repository/org/quay/buoy/1.2/buoy-1.2.jar' },
      { path: 'root/.m2/buoy-api-1.2.jar' },
    ],
  })
  expect(findings[1]?.severity).toBe('high')
})

test('what nobody rated has no vector, and no broken one either', async () => {
  const unrated = { source: 'RETIREJS', name: 'CVE-2023-33333', severity: 'medium', unscored: 'true' }
  const { findings } = await readText(dependencyCheck, report([{ ...jar, vulnerabilities: [unrated] }]))
  expect(findings[0]).toMatchObject({ severity: 'medium', cvssVector: null })
  expect(findings[0]?.invalidVector).toBeUndefined()
})

test('what is no vulnerability is counted and left out', async () => {
  expect((await readText(dependencyCheck, report([{ ...jar, vulnerabilities: [null] }]))).steps).toEqual([
    'unreadable',
    'finding',
  ])
})

test('older XML names packages otherwise; where an analysis failed nothing is proven gone', async () => {
  const { findings, tools, unread } = await readText(dependencyCheck, old)
  expect(tools[0]).toMatchObject({ version: '4.0.2', problem: 'some of its analyses failed' })
  expect(unread[0]).toBe('1 analysis failure: what those would have told is not known.')
  expect(findings.map(({ ruleId, package: ref, severity }) => [ruleId, ref?.ecosystem, ref?.name, severity])).toEqual([
    ['CVE-2015-33333', 'maven', 'org.quay/buoy', 'medium'],
    ['CVE-2015-44444', 'maven', 'org.quay/buoy', 'low'],
    ['reefing', 'generic', 'sail.js', 'medium'],
  ])
  expect(findings[2]?.cvssVector).toBe('AV:N/AC:L/Au:N/C:P/I:N/A:N')
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test('dependency-check/pr6439.xml', async () => {
    const { format, count, findings } = await readRealReport('dependency-check/pr6439.xml')
    expect(format).toBe('dependency-check')
    expect(count).toEqual({ results: 34, taken: 26, suppressed: 8, skipped: {} })
    expect(findings.every((finding) => finding.package?.ecosystem === 'maven' && finding.path === null)).toBe(true)
    // OSS Index fills the fields of CVSS 2 with metrics of CVSS 3: no vector, but a score.
    expect(findings.flatMap(({ cvssVector, cvssScore }) => (cvssVector === null ? [cvssScore] : []))).toEqual([
      5.5, 7.5,
    ])
  })
})
