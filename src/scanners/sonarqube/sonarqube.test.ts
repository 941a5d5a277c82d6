import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { sonarqube } from './index.ts'

const issue = (more: object = {}) => ({
  key: 'AYx1',
  rule: 'typescript:S9999',
  severity: 'CRITICAL',
  component: 'harbour:src/quay.ts',
  project: 'harbour',
  line: 12,
  hash: '0'.repeat(32),
  textRange: { startLine: 12, endLine: 14, startOffset: 4, endOffset: 9 },
  flows: [],
  status: 'OPEN',
  message: 'Do not land in fog.',
  effort: '5min',
  tags: ['cwe', 'cwe-451'],
  type: 'VULNERABILITY',
  ...more,
})
const hotspot = (more: object = {}) => ({
  key: 'AYx2',
  component: 'harbour:src/gate.ts',
  project: 'harbour',
  securityCategory: 'auth',
  vulnerabilityProbability: 'HIGH',
  status: 'TO_REVIEW',
  line: 4,
  message: 'Make sure this gate is closed.',
  ruleKey: 'typescript:S8888',
  ...more,
})
const paging = (total: number) => ({ paging: { pageIndex: 1, pageSize: 100, total } })
const components = [
  { key: 'harbour:src/quay.ts', qualifier: 'FIL', name: 'quay.ts', path: 'src/quay.ts' },
  { key: 'other', qualifier: 'TRK', name: 'other' },
]
const issues = (list: object[], total = list.length) => ({ total, ...paging(total), issues: list, components })
const hotspots = (list: object[], total = list.length) => ({ ...paging(total), hotspots: list, components: [] })
const read = (value: object) => readText(sonarqube, JSON.stringify(value))

test('keeps what every format must keep', async () => {
  expect(
    await findBreaches(sonarqube, [
      { name: 'issues', text: JSON.stringify(issues([issue(), issue({ key: 'b' })])), results: 2 },
      { name: 'hotspots', text: JSON.stringify(hotspots([hotspot()]), null, 2), results: 1 },
      { name: 'pages', text: JSON.stringify([issues([issue()], 2), issues([issue()], 2)]), results: 2 },
      { name: 'none', text: JSON.stringify({ ...issues([]), components: [] }), results: 0 },
      { name: 'bare list', text: JSON.stringify([issue(), hotspot()]), results: 2 },
    ]),
  ).toEqual([])
}, 20_000)

test('an issue is known by its key, in the project', async () => {
  const { findings, tools } = await read(
    issues([issue(), issue({ component: 'harbour', line: undefined, textRange: undefined })]),
  )
  expect(tools).toEqual([{ name: 'SonarQube', version: null, problem: null }])
  expect(findings).toMatchObject([
    {
      ruleId: 'typescript:S9999',
      fingerprint: 'AYx1',
      path: 'src/quay.ts',
      startLine: 12,
      endLine: 14,
      startColumn: 5,
      severity: 'high',
      cwes: [451],
      description: 'vulnerability',
    },
    { path: null, startLine: null },
  ])
})

test('issues and hotspots put into one list without their answers are read as well', async () => {
  const { findings, tools } = await read([issue(), issue({ key: 'b' }), hotspot({ ruleKey: undefined })])
  expect(findings.map(({ scanner, ruleId, path }) => [scanner, ruleId, path])).toEqual([
    ['SonarQube', 'typescript:S9999', 'src/quay.ts'],
    ['SonarQube', 'typescript:S9999', 'src/quay.ts'],
    ['SonarQube Hotspots', 'auth', 'src/gate.ts'],
  ])
  expect(tools.map(({ name, problem }) => [name, problem])).toEqual([
    ['SonarQube', null],
    ['SonarQube Hotspots', null],
  ])
  const page = await read(Array.from({ length: 100 }, (_, index) => issue({ key: `k${index}` })))
  expect(page.tools[0]?.problem).toBe('the file may hold only some pages of the answer')
})

test('what is about a project and holds no issues is no report', async () => {
  await expect(read({ key: 'harbour', name: 'Harbour', qualifier: 'TRK' })).rejects.toThrow(/no SonarQube report/)
})

test('a module between project and path goes, and severities of qualities count where there is no other', async () => {
  const { findings } = await read(
    issues([
      issue({ component: 'port:harbour:web:src/a.ts', project: 'port:harbour', subProject: 'port:harbour:web' }),
      issue({
        severity: undefined,
        impacts: [
          { softwareQuality: 'MAINTAINABILITY', severity: 'LOW' },
          { softwareQuality: 'SECURITY', severity: 'BLOCKER' },
        ],
      }),
    ]),
  )
  expect(findings).toMatchObject([{ path: 'src/a.ts' }, { severity: 'critical' }])
})

test('what is decided is suppressed, what is fixed is skipped, in old words and new', async () => {
  const { steps, findings } = await read(
    issues([
      issue({ status: 'RESOLVED', resolution: 'WONTFIX' }),
      issue({ status: 'RESOLVED', resolution: 'FALSE-POSITIVE', issueStatus: 'FALSE_POSITIVE' }),
      issue({ status: 'ACCEPTED' }),
      issue({ status: 'CLOSED', resolution: 'FIXED' }),
      issue({ status: 'RESOLVED', resolution: 'FIXED' }),
      issue({ status: 'CONFIRMED' }),
    ]),
  )
  expect(steps).toEqual(['finding', 'finding', 'finding', 'fixed', 'fixed', 'finding'])
  expect(findings.map(({ suppressed }) => suppressed)).toEqual([
    "Won't fix in SonarQube",
    'False positive in SonarQube',
    'Accepted in SonarQube',
    null,
  ])
})

test('issues and hotspots close nothing of one another, and an empty answer tells what it was about', async () => {
  const names = async (value: object) => (await read(value)).tools.map(({ name }) => name)
  expect(await names(hotspots([hotspot()]))).toEqual(['SonarQube Hotspots'])
  expect(await names(issues([]))).toEqual(['SonarQube'])
  expect(await names(hotspots([]))).toEqual(['SonarQube Hotspots'])
  expect(await names([issues([issue()]), hotspots([hotspot()])])).toEqual(['SonarQube', 'SonarQube Hotspots'])
})

test('a reviewed hotspot is safe, fixed, or a risk still', async () => {
  const reviewed = (resolution: string) => hotspot({ status: 'REVIEWED', resolution })
  const { steps, findings } = await read(hotspots([reviewed('SAFE'), reviewed('FIXED'), reviewed('ACKNOWLEDGED')]))
  expect(steps).toEqual(['finding', 'fixed', 'finding'])
  expect(findings.map(({ suppressed, severity }) => [suppressed, severity])).toEqual([
    ['Reviewed as safe in SonarQube', 'high'],
    [null, 'high'],
  ])
})

test('places beside the issue, and the way to it from its beginning', async () => {
  const at = (startLine: number) => ({
    component: 'harbour:src/a.ts',
    textRange: { startLine },
    msg: `step ${startLine}`,
  })
  const { findings } = await read(issues([issue({ flows: [{ locations: [at(7)] }, { locations: [at(3), at(2)] }] })]))
  expect(findings[0]?.otherPlaces.map(({ line }) => line)).toEqual([7])
  expect(findings[0]?.flow.map(({ line }) => line)).toEqual([2, 3])
})

test('where pages are missing, that is said, and nothing is proved gone', async () => {
  const { tools, unread } = await read([issues([issue()], 300), issues([issue()], 300), hotspots([hotspot()])])
  expect(tools[0]?.problem).toBe('the file holds only some pages of the answer')
  expect(unread).toEqual([
    expect.stringContaining('SonarQube has 300 issues, the file holds 2: put all pages into one'),
  ])
  expect((await read({ p: 1, total: 5, issues: [issue()] })).tools[0]?.problem).not.toBeNull()
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test.each([
    ['sonarqube/issues-api.json', 5],
    ['sonarqube/hotspots-api.json', 4],
  ])('%s', async (file, results) => {
    const { format, count, report } = await readRealReport(file)
    expect(format).toBe('sonarqube')
    expect(count).toEqual({ results, taken: results, suppressed: 0, skipped: {} })
    expect(report.tools[0]?.problem).toBeNull()
  })
})
