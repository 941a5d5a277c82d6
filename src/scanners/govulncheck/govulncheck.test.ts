import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { govulncheck } from './index.ts'

const config = (more: object = {}) => ({
  config: {
    protocol_version: 'v1.0.0',
    scanner_name: 'govulncheck',
    scanner_version: 'v1.1.4',
    scan_level: 'symbol',
    scan_mode: 'source',
    ...more,
  },
})
const advisory = (id: string, cve: string) => ({
  schema_version: '1.3.1',
  id,
  aliases: [cve],
  summary: 'Fog in harbour.example/fog',
  details: 'Ships collide.',
  affected: [
    { package: { name: 'harbour.example/fog' }, ranges: [{ events: [{ introduced: '0' }, { fixed: '1.4.0' }] }] },
  ],
  database_specific: { url: `https://pkg.go.dev/vuln/${id}` },
})
const fog = { module: 'harbour.example/fog', version: 'v1.2.0' }
const call = (file: string, line: number) => ({
  finding: {
    osv: 'GO-2020-0001',
    fixed_version: 'v1.4.0',
    trace: [
      {
        ...fog,
        package: 'harbour.example/fog/horn',
        function: 'Blow',
        receiver: '*Horn',
        position: { filename: 'horn/horn.go', line: 7 },
      },
      {
        module: 'pier.example/pilot',
        package: 'pier.example/pilot',
        function: 'main',
        position: { filename: file, line },
      },
    ],
  },
})
const stream = [
  config(),
  { SBOM: { modules: [{ path: 'pier.example/pilot' }] } },
  { progress: { message: 'Looking.' } },
  { osv: advisory('GO-2020-0001', 'CVE-2020-11111') },
  { osv: advisory('GO-2020-0002', 'CVE-2020-22222') },
  { osv: advisory('GO-2020-0003', 'CVE-2020-33333') },
  { finding: { osv: 'GO-2020-0001', fixed_version: 'v1.4.0', trace: [fog] } },
  { finding: { osv: 'GO-2020-0002', trace: [fog] } },
  { finding: { osv: 'GO-2020-0002', trace: [{ ...fog, package: 'harbour.example/fog/horn' }] } },
  { finding: { osv: 'GO-2020-0003', trace: [fog] } },
  call('main.go', 3),
  call('cmd/tug.go', 9),
]
const text = stream.map((document) => JSON.stringify(document, null, 2)).join('\n')
const before = {
  Calls: { Functions: {}, Entries: [1] },
  Requires: { Modules: { '5': { Path: 'harbour.example/fog', Version: 'v1.2.0' } }, Entries: [] },
  Vulns: [
    {
      OSV: advisory('GO-2020-0001', 'CVE-2020-11111'),
      Symbol: 'Horn.Blow',
      PkgPath: 'harbour.example/fog/horn',
      ModPath: 'harbour.example/fog',
      CallSink: 0,
      ImportSink: 2,
      RequireSink: 5,
    },
    {
      OSV: advisory('GO-2020-0001', 'CVE-2020-11111'),
      Symbol: 'Horn.Wail',
      PkgPath: 'harbour.example/fog/horn',
      ModPath: 'harbour.example/fog',
      CallSink: 3,
      ImportSink: 2,
      RequireSink: 5,
    },
  ],
}
const between = [
  { config: { protocol_version: 'v0.1.0', scanner_name: 'govulncheck' } },
  {
    vulnerability: {
      osv: advisory('GO-2020-0001', 'CVE-2020-11111'),
      modules: [
        {
          path: 'harbour.example/fog',
          found_version: 'v1.2.0',
          fixed_version: 'v1.4.0',
          packages: [{ path: 'harbour.example/fog/horn', callstacks: [{ symbol: 'Blow' }] }],
        },
        { path: 'harbour.example/mist', found_version: 'v0.1.0' },
      ],
    },
  },
]

test('keeps what every format must keep', async () => {
  const lines = between.map((document) => JSON.stringify(document)).join('\n')
  expect(
    await findBreaches(govulncheck, [
      { name: 'stream', text, results: 6, isOpenEnded: true },
      { name: 'made a list of', text: JSON.stringify(stream, null, 1), results: 6 },
      { name: 'nothing found', text: JSON.stringify(config()), results: 0 },
      { name: 'before 1.0', text: JSON.stringify(before), results: 2 },
      { name: 'shortly before 1.0', text: lines, results: 2, isOpenEnded: true },
    ]),
  ).toEqual([])
}, 60_000)

test('an advisory of a module is one finding; what is called weighs more than what is merely there', async () => {
  const { tools, findings, steps } = await readText(govulncheck, text)
  expect(tools).toEqual([{ name: 'govulncheck', version: 'v1.1.4', problem: null }])
  expect(steps).toEqual(['repeated', 'repeated', 'finding', 'finding', 'finding', 'repeated'])
  expect(findings.map(({ ruleId, severity }) => [ruleId, severity])).toEqual([
    ['GO-2020-0002', 'low'],
    ['GO-2020-0003', 'low'],
    ['GO-2020-0001', 'high'],
  ])
  expect(findings[2]).toMatchObject({
    aliases: ['CVE-2020-11111'],
    path: 'go.mod',
    package: { ecosystem: 'golang', name: 'harbour.example/fog', version: 'v1.2.0' },
    message:
      'harbour.example/fog v1.2.0 is vulnerable. Fixed in v1.4.0. The code calls harbour.example/fog/horn.Horn.Blow.',
    flow: [
      { path: 'main.go', line: 3, message: 'pier.example/pilot.main' },
      { path: 'harbour.example/fog@v1.2.0/horn/horn.go', line: 7, message: 'harbour.example/fog/horn.Horn.Blow' },
    ],
    otherPlaces: [{ path: 'cmd/tug.go', line: 9 }],
  })
})

test('a scan that does not look for calls leaves open what is reached', async () => {
  const modules = [config({ scan_level: 'module', scan_mode: 'binary' }), ...stream.slice(3, 8)]
  const { findings } = await readText(govulncheck, modules.map((document) => JSON.stringify(document)).join('\n'))
  expect(findings[0]).toMatchObject({ severity: 'medium', path: null })
})

test('reports of before 1.0 say the same', async () => {
  const { findings } = await readText(govulncheck, JSON.stringify(before))
  expect(findings).toMatchObject([
    { ruleId: 'GO-2020-0001', severity: 'high', fixedIn: '1.4.0', package: { version: 'v1.2.0' } },
  ])
  const { findings: later } = await readText(
    govulncheck,
    between.map((document) => JSON.stringify(document)).join('\n'),
  )
  expect(later).toMatchObject([
    { severity: 'high', package: { name: 'harbour.example/fog', version: 'v1.2.0' } },
    { severity: 'low', package: { name: 'harbour.example/mist' } },
  ])
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test('govulncheck/many.json', async () => {
    const { format, count, findings } = await readRealReport('govulncheck/many.json')
    expect(format).toBe('govulncheck')
    expect(count).toEqual({ results: 178, taken: 72, suppressed: 0, skipped: { repeated: 106 } })
    expect(findings.filter(({ severity }) => severity === 'high')).toHaveLength(29)
    expect(findings.every(({ title, aliases }) => title !== '' && aliases.length > 0)).toBe(true)
  })
})
