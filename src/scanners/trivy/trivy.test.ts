import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { trivy } from './index.ts'
import { readRuleId } from './misconfiguration.ts'

const vulnerability = (more: object = {}) => ({
  VulnerabilityID: 'CVE-2020-11111',
  VendorIDs: ['DSA-1111-1', 'GHSA-aaaa-bbbb-cccc'],
  PkgName: 'libfog',
  PkgIdentifier: { PURL: 'pkg:deb/debian/libfog@1.2-3?arch=amd64&distro=debian-12.5', UID: 'b7c1' },
  InstalledVersion: '1.2-3',
  FixedVersion: '1.2-4',
  Status: 'fixed',
  Layer: { Digest: 'sha256:00', DiffID: 'sha256:11' },
  SeveritySource: 'debian',
  PrimaryURL: 'https://avd.aquasec.com/nvd/cve-2020-11111',
  Title: 'libfog: thick fog hides the quay',
  Description: 'Ships cannot see the quay.',
  Severity: 'HIGH',
  CweIDs: ['CWE-451'],
  CVSS: { nvd: { V3Vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H', V3Score: 7.5 } },
  ...more,
})
const misconfiguration = (more: object = {}) => ({
  Type: 'Terraform Security Check',
  ID: 'AVD-AWS-9999',
  AVDID: 'AVD-AWS-9999',
  Title: 'The quay is open at night',
  Description: 'Close it.',
  Message: 'Quay is open at night.',
  Resolution: 'Set a gate.',
  Severity: 'MEDIUM',
  Status: 'FAIL',
  CauseMetadata: {
    Resource: 'harbour_quay.north',
    StartLine: 4,
    EndLine: 6,
    Code: {
      Lines: [
        { Number: 3, Content: '# north', IsCause: false },
        { Number: 4, Content: 'gate = false', IsCause: true },
      ],
    },
    Occurrences: [{ Resource: 'module.harbour', Filename: 'main.tf', Location: { StartLine: 12, EndLine: 14 } }],
  },
  ...more,
})
const secret = {
  RuleID: 'harbour-token',
  Category: 'Harbour',
  Severity: 'CRITICAL',
  Title: 'Harbour token',
  StartLine: 2,
  EndLine: 2,
  Code: { Lines: [{ Number: 2, Content: 'TOKEN=****************', IsCause: true }] },
  Match: 'TOKEN=****************',
}
const image = {
  SchemaVersion: 2,
  Trivy: { Version: '0.68.1' },
  ArtifactName: 'registry.example:5000/harbour/pilot:1.4',
  ArtifactType: 'container_image',
  Metadata: { OS: { Family: 'debian', Name: '12.5' }, Commit: 'c0ffee' },
  Results: [
    {
      Target: 'registry.example:5000/harbour/pilot:1.4 (debian 12.5)',
      Class: 'os-pkgs',
      Type: 'debian',
      Vulnerabilities: [vulnerability(), vulnerability()],
      ExperimentalModifiedFindings: [
        {
          Type: 'vulnerability',
          Status: 'not_affected',
          Statement: 'no ships at night',
          Source: 'fog.vex.json',
          Finding: vulnerability({ VulnerabilityID: 'CVE-2020-22222', VendorIDs: [] }),
        },
      ],
    },
    {
      Target: 'Node.js',
      Class: 'lang-pkgs',
      Type: 'node-pkg',
      Packages: [{ Name: 'lighthouse' }],
      Vulnerabilities: [
        {
          VulnerabilityID: 'GHSA-dddd-eeee-ffff',
          PkgName: '@harbour/lighthouse',
          PkgPath: 'app/node_modules/@harbour/lighthouse/package.json',
          InstalledVersion: '1.0.0',
          Severity: 'UNKNOWN',
        },
      ],
    },
    { Target: '/app/.env', Class: 'secret', Secrets: [secret] },
    {
      Target: 'OS Packages',
      Class: 'license',
      Licenses: [{ Severity: 'HIGH', PkgName: 'libfog', Name: 'GPL-2.0', Confidence: 1 }],
    },
  ],
}
const files = {
  ArtifactName: '.',
  ArtifactType: 'filesystem',
  Results: [
    {
      Misconfigurations: [
        misconfiguration(),
        misconfiguration({ Status: 'PASS' }),
        misconfiguration({ Status: 'EXCEPTION' }),
      ],
      MisconfSummary: { Successes: 1, Failures: 1, Exceptions: 1 },
      Type: 'terraform',
      Class: 'config',
      Target: 'infra/quay.tf',
    },
  ],
  SchemaVersion: 2,
}
const workload = { Namespace: 'harbour', Kind: 'Deployment', Name: 'pilot' }
const cluster = {
  ClusterName: 'bay',
  Resources: [
    {
      ...workload,
      Results: [
        {
          Target: 'Deployment/pilot',
          Class: 'config',
          Type: 'kubernetes',
          Misconfigurations: [
            misconfiguration({
              ID: 'KSV001',
              AVDID: 'AVD-KSV-0001',
              Message: "Container 'app' of Deployment 'pilot' should set 'x' to false",
              CauseMetadata: { Code: { Lines: [{ Content: 'image: pilot:1.4', IsCause: true }] }, StartLine: 0 },
            }),
          ],
        },
        {
          Target: 'harbour/pilot:1.4 (debian 12.5)',
          Class: 'os-pkgs',
          Type: 'debian',
          Vulnerabilities: [vulnerability()],
        },
      ],
    },
    { ...workload, Name: 'tug', Error: 'scan error: image not found' },
  ],
}
const olderCluster = {
  ClusterName: 'bay',
  Vulnerabilities: [{ ...workload, Results: [{ ...image.Results[0], Vulnerabilities: [vulnerability()] }] }],
  Misconfigurations: [{ ...workload, Results: null }],
}
const legacy = [
  {
    Target: 'pilot:1.4 (alpine 3.10.2)',
    Type: 'alpine',
    Vulnerabilities: [vulnerability({ PkgIdentifier: undefined })],
  },
  { Target: 'app/package-lock.json', Type: 'npm', Vulnerabilities: null },
]

test('keeps what every format must keep', async () => {
  expect(
    await findBreaches(trivy, [
      { name: 'image', text: JSON.stringify(image), results: 6 },
      { name: 'files', text: JSON.stringify(files, null, 2), results: 3 },
      { name: 'cluster', text: JSON.stringify(cluster), results: 2 },
      { name: 'older cluster', text: JSON.stringify(olderCluster), results: 2 },
      { name: 'legacy', text: JSON.stringify(legacy), results: 1 },
      { name: 'nothing found', text: JSON.stringify({ ...image, Results: null }), results: 0 },
    ]),
  ).toEqual([])
}, 60_000)

test('an image is known without its tag; what is ignored is suppressed; licences are counted', async () => {
  const { tools, commit, findings, steps } = await readText(trivy, JSON.stringify(image))
  expect(tools).toEqual([{ name: 'Trivy', version: '0.68.1', problem: null }])
  expect(commit).toBe('c0ffee')
  expect(steps).toEqual(['finding', 'repeated', 'finding', 'finding', 'finding', 'licence'])
  expect(findings.map(({ ruleId, path, suppressed }) => [ruleId, path, suppressed])).toEqual([
    ['CVE-2020-11111', 'registry.example:5000/harbour/pilot', null],
    ['CVE-2020-22222', 'registry.example:5000/harbour/pilot', 'fog.vex.json: no ships at night'],
    ['GHSA-dddd-eeee-ffff', 'app/node_modules/@harbour/lighthouse/package.json', null],
    ['harbour-token', 'app/.env', null],
  ])
  expect(findings[0]).toMatchObject({
    severity: 'high',
    cvssScore: 7.5,
    cwes: [451],
    aliases: ['GHSA-aaaa-bbbb-cccc'],
    package: { ecosystem: 'deb', name: 'libfog', version: '1.2-3' },
    fixedIn: '1.2-4',
    message: 'libfog 1.2-3 is vulnerable. Fixed in 1.2-4.',
  })
  expect(findings[3]).toMatchObject({ kind: 'secret', isSecret: true, secret: null, snippet: 'TOKEN=****************' })
})

test('what the distribution is not affected by is suppressed; an entry without an advisory is of no use', async () => {
  const entries = [vulnerability({ Status: 'not_affected' }), { PkgName: 'libfog' }]
  const { findings, steps } = await readText(trivy, JSON.stringify([{ ...legacy[0], Vulnerabilities: entries }]))
  expect(steps).toEqual(['finding', 'unreadable'])
  expect(findings[0]?.suppressed).toBe('the distribution says that it is not affected')
})

test('a check that passed is skipped, an exempted one is suppressed', async () => {
  const { findings, steps } = await readText(trivy, JSON.stringify(files))
  expect(steps).toEqual(['finding', 'passed', 'finding'])
  expect(findings.map(({ suppressed }) => suppressed)).toEqual([null, 'exempted by a policy'])
  expect(findings[0]).toMatchObject({
    kind: 'configuration',
    ruleId: 'AWS-9999',
    path: 'infra/quay.tf',
    resource: 'harbour_quay.north',
    startLine: 4,
    snippet: 'gate = false',
    otherPlaces: [{ path: 'main.tf', line: 12, message: 'module.harbour' }],
  })
})

test('in a cluster the resource is the place; one that could not be scanned proves nothing', async () => {
  const { tools, unread, findings } = await readText(trivy, JSON.stringify(cluster))
  expect(findings.map(({ ruleId, path, resource }) => [ruleId, path, resource])).toEqual([
    ['KSV-0001', 'harbour/Deployment/pilot', 'Deployment/pilot/app'],
    ['CVE-2020-11111', 'harbour/Deployment/pilot/harbour/pilot', null],
  ])
  expect(findings[0]?.snippet).toBeNull()
  expect(tools[0]?.problem).toBe('Trivy could not scan some of the resources')
  expect(unread).toEqual(['1 resource that Trivy could not scan.'])
})

test('a report of before package URLs names the same packages', async () => {
  const { findings } = await readText(trivy, JSON.stringify(legacy))
  expect(findings[0]).toMatchObject({ path: 'pilot', package: { ecosystem: 'apk', name: 'libfog' } })
})

test.each([
  ['AVD-KSV-0001', 'KSV001', 'KSV-0001'],
  [undefined, 'KSV001', 'KSV-0001'],
  [undefined, 'KSV-0001', 'KSV-0001'],
  ['AVD-DS-0002', 'DS002', 'DS-0002'],
  ['AVD-KSV-01010', 'KSV01010', 'KSV-01010'],
  [undefined, 'AWS-0086', 'AWS-0086'],
])('%s and %s are the check %s', (avdId, id, ruleId) => {
  expect(readRuleId(avdId, id)).toBe(ruleId)
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test.each([
    ['trivy/k8s-cluster.json', 37],
    ['trivy/kubernetes.json', 20],
    ['trivy/legacy-many.json', 93],
  ])('%s', async (file, results) => {
    const { format, count, findings } = await readRealReport(file)
    expect(format).toBe('trivy')
    expect(count).toEqual({ results, taken: results, suppressed: 0, skipped: {} })
    expect(findings.every(({ path }) => path !== null)).toBe(true)
  })
})
