import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import type { ReportResult } from '../scanner.ts'
import { cyclonedx } from './index.ts'

const harbour = 'pkg:npm/%40quay/harbour@1.2.0?arch=any'
const bom = (more: object) => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  serialNumber: 'urn:uuid:00000000-0000-4000-8000-000000000000',
  metadata: {
    tools: {
      components: [
        { type: 'application', name: 'syft', version: '1' },
        { name: 'grype', version: '0.80.0' },
      ],
    },
    component: { 'bom-ref': 'top', type: 'container', name: 'registry.example/ferry:2.1', version: 'sha256:aa' },
  },
  components: [
    {
      // Nested, with its own name behind what is in it.
      components: [
        { 'bom-ref': 'inner', name: 'buoy', group: 'org.sea', version: '3', purl: 'pkg:maven/org.sea/buoy@3' },
      ],
      'bom-ref': 'outer',
      name: '@quay/harbour',
      purl: harbour,
      properties: [{ name: 'syft:location:0:path', value: '/app/package-lock.json' }],
      evidence: { occurrences: [{ location: 'a.js#12' }] },
    },
    {
      'bom-ref': 'again',
      name: '@quay/harbour',
      purl: harbour,
      properties: [{ name: 'syft:location:0:path', value: '/app/package-lock.json' }],
    },
  ],
  ...more,
})
const fog = {
  id: 'GHSA-aaaa-bbbb-cccc',
  source: { name: 'GitHub', url: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc' },
  references: [{ id: 'CVE-2024-11111', source: { name: 'NVD' } }],
  ratings: [
    {
      source: { name: 'NVD' },
      score: 5.3,
      severity: 'medium',
      method: 'CVSSv31',
      vector: 'AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N',
    },
    { source: { name: 'GitHub' }, severity: 'high' },
  ],
  cwes: [79, '601'],
  description: 'Fog hides the pier. Ships run aground.',
  recommendation: 'Upgrade @quay/harbour to version 1.2.1',
  affects: [{ ref: 'outer' }, { ref: 'again' }, { ref: 'inner', versions: [{ version: '3', status: 'unaffected' }] }],
}
const vex = (state: string, more = {}) => ({
  id: `CVE-2024-2222${state.length}`,
  analysis: { state, ...more },
  affects: [{ ref: 'inner' }],
})
const states = ['not_affected', 'false_positive', 'resolved', 'exploitable', 'in_triage']
const full = bom({
  vulnerabilities: [
    fog,
    { ...fog, id: 'CVE-2024-11111', references: [{ id: 'GHSA-aaaa-bbbb-cccc' }], affects: [{ ref: 'outer' }] },
    { id: 'CVE-2024-33333', affects: [{ ref: '8d0cbd95-1111-4222-8333-444444444444' }] },
    { id: 'CVE-2024-44444' },
    { id: 'CVE-2024-55555', rejected: '2024-01-01', affects: [{ ref: `urn:cdx:1/1#${encodeURIComponent(harbour)}` }] },
    ...states.map((state) => vex(state, { justification: 'code_not_reachable', detail: 'Nobody sails there.' })),
  ],
})
const xml = `<?xml version="1.0"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.4" serialNumber="urn:uuid:1" version="1">
 <metadata><tools><tool><vendor>aqua</vendor><name>trivy</name><version>0.1</version></tool></tools>
  <component bom-ref="top" type="application"><name>ferry</name><components/></component></metadata>
 <components><component bom-ref="r1" type="library"><group>org.sea</group><name>buoy</name><version>3</version>
   <purl>pkg:maven/org.sea/buoy@3</purl><components><component bom-ref="r2" type="library"><name>rope</name><version>9</version></component></components>
   <properties><property name="aquasecurity:trivy:FilePath">lib/buoy.jar</property></properties></component></components>
 <vulnerabilities><vulnerability bom-ref="v1"><id>CVE-2024-66666</id><source><name>nvd</name></source>
  <ratings><rating><source><name>nvd</name></source><score>9.8</score><severity>critical</severity><method>CVSSv31</method><vector>CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H</vector></rating></ratings>
  <cwes><cwe>22</cwe></cwes><description>The rope frays.</description><advisories><advisory><url>https://example.org/rope</url></advisory></advisories>
  <analysis><state>not_affected</state><justification>code_not_present</justification></analysis>
  <affects><target><ref>r1</ref></target><target><ref>r2</ref><versions><version><version>9</version><status>affected</status></version></versions></target></affects>
 </vulnerability></vulnerabilities></bom>`
const extension = `<x:bom xmlns:x="http://cyclonedx.org/schema/bom/1.2" xmlns:v="http://cyclonedx.org/schema/ext/vulnerability/1.0">
 <x:components><x:component type="library"><x:name>rope</x:name><x:version>9</x:version><v:vulnerabilities>
  <v:vulnerability ref="urn:uuid:5"><v:id>CVE-2020-77777</v:id><v:source name="nvd"><v:url>https://nvd.example/CVE-2020-77777</v:url></v:source>
   <v:ratings><v:rating><v:score><v:base>7.5</v:base></v:score><v:severity>Unknown</v:severity><v:method>CVSSv3</v:method></v:rating></v:ratings>
   <v:cwes><v:cwe>77</v:cwe></v:cwes><v:advisories><v:advisory>https://example.org/a</v:advisory></v:advisories></v:vulnerability>
 </v:vulnerabilities></x:component></x:components></x:bom>`

function brief(results: readonly ReportResult[]): string[] {
  return results.map((result) => {
    if (result.kind === 'skipped') return result.step
    const { ruleId, package: ref, path, suppressed } = result.finding
    const name = ref === null ? '?' : `${ref.ecosystem}:${ref.name}@${ref.version ?? ''}`
    return [ruleId, name, path, suppressed].filter((part) => part !== null).join(' | ')
  })
}

test('keeps what every format must keep', async () => {
  const specimens = [
    { name: 'JSON', text: JSON.stringify(full), results: 12 },
    { name: 'indented', text: JSON.stringify(full, null, 2), results: 12 },
    { name: 'nothing found', text: JSON.stringify(bom({ vulnerabilities: [] })), results: 0 },
    { name: 'no list', text: JSON.stringify(bom({})), results: 0 },
    { name: 'XML', text: xml, results: 2 },
    { name: 'extension', text: extension, results: 1 },
  ]
  expect(await findBreaches(cyclonedx, specimens)).toEqual([])
}, 60_000)

test('references lead to packages, and what was found out about a vulnerability suppresses it', async () => {
  const { tools, unread, results } = await readText(cyclonedx, JSON.stringify(full))
  expect(tools).toEqual([{ name: 'Grype', version: '0.80.0', problem: null }])
  expect(unread).toEqual(['3 components, looked at only to name what is vulnerable.'])
  const why = 'code_not_reachable: Nobody sails there.'
  expect(brief(results)).toEqual([
    'GHSA-aaaa-bbbb-cccc | npm:@quay/harbour@1.2.0 | app/package-lock.json',
    'repeated',
    'GHSA-aaaa-bbbb-cccc | maven:org.sea/buoy@3 | unaffected: 3',
    'repeated',
    'CVE-2024-33333 | ?',
    'CVE-2024-44444 | oci:registry.example/ferry@',
    'CVE-2024-55555 | npm:@quay/harbour@1.2.0 | app/package-lock.json | rejected: withdrawn by who published it',
    `CVE-2024-222212 | maven:org.sea/buoy@3 | not_affected: ${why}`,
    `CVE-2024-222214 | maven:org.sea/buoy@3 | false_positive: ${why}`,
    `CVE-2024-22228 | maven:org.sea/buoy@3 | resolved: ${why}`,
    'CVE-2024-222211 | maven:org.sea/buoy@3',
    'CVE-2024-22229 | maven:org.sea/buoy@3',
  ])
  expect(results[0]).toMatchObject({
    finding: {
      severity: 'medium',
      severitySource: 'cvss',
      cvssVector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N',
      cwes: [79, 601],
      aliases: ['CVE-2024-11111'],
      fixedIn: '1.2.1',
      helpUri: 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc',
    },
  })
})

test('in XML too, nested components and the older extension', async () => {
  expect(brief((await readText(cyclonedx, xml)).results)).toEqual([
    'CVE-2024-66666 | maven:org.sea/buoy@3 | lib/buoy.jar | not_affected: code_not_present',
    'CVE-2024-66666 | generic:rope@9 | not_affected: code_not_present',
  ])
  const { results } = await readText(cyclonedx, extension)
  expect(brief(results)).toEqual(['CVE-2020-77777 | generic:rope@9'])
  expect(results[0]).toMatchObject({ finding: { severity: 'high', severitySource: 'cvss', cwes: [77] } })
})

test('what is no vulnerability is counted and left out', async () => {
  expect((await readText(cyclonedx, JSON.stringify(bom({ vulnerabilities: [null, 'fog'] })))).steps).toEqual([
    'unreadable',
    'unreadable',
  ])
})

test('a list of components alone proves nothing gone; an empty list of vulnerabilities does', async () => {
  const problems = await Promise.all(
    [bom({}), bom({ vulnerabilities: [] })].map(
      async (one) => (await readText(cyclonedx, JSON.stringify(one))).tools[0]?.problem,
    ),
  )
  expect(problems).toEqual(['the bill of materials does not say whether vulnerabilities were looked for', null])
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test.each([
    ['cyclonedx/defectdojo-1.14.1.xml', 'Grype', 312],
    ['cyclonedx/defectdojo-1.15.0.xml', 'Grype', 381],
    // 10 vulnerabilities that affect 14 packages.
    ['cyclonedx/vulns-1.5.json', 'Trivy', 14],
  ])('%s', async (file, tool, results) => {
    const { format, count, findings, report } = await readRealReport(file)
    expect(format).toBe('cyclonedx')
    expect(report.tools).toMatchObject([{ name: tool, problem: null }])
    expect(count).toEqual({ results, taken: results, suppressed: 0, skipped: {} })
    expect(findings.every((finding) => finding.package !== null && finding.package.version !== null)).toBe(true)
  })
})
