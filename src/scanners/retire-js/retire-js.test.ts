import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { retireJs } from './index.ts'

const fog = {
  info: ['https://example.org/CVE-2020-11111'],
  below: '4.0.0',
  atOrAbove: '1.0.0',
  severity: 'medium',
  cwe: ['CWE-79'],
  identifiers: { CVE: ['CVE-2020-11111'], githubID: 'GHSA-aaaa-bbbb-cccc', summary: 'Fog gets in' },
}
const nameless = { info: [], below: '3.1.0', severity: 'low', identifiers: { summary: 'Spray' } }
const library = {
  version: '3.0.0',
  component: 'rope',
  npmname: 'rope-js',
  detection: 'filecontent',
  vulnerabilities: [fog, { ...fog, below: '3.5.0' }, nameless, { ...nameless, below: '3.2.0' }],
}
// The name of the file behind its results.
const files = [
  {
    results: [library, { version: '1.0', component: 'sail', detection: 'filename' }],
    file: '/srv/harbour/pier/rope.js',
  },
  {
    file: '/srv/harbour/pier/b.js',
    results: [
      {
        component: 'mast',
        version: '0.1',
        detection: 'uri',
        vulnerabilities: [
          { severity: 'high', identifiers: { CVE: 'CVE-2011-22222', retid: '7' } },
          { severity: 'high', identifiers: { retid: '8' } },
        ],
      },
    ],
  },
]
const whole = (more: object = {}) =>
  JSON.stringify({ version: '5.2.0', start: '2024-01-01', data: files, messages: [], errors: [], time: 0.1, ...more })

test('keeps what every format must keep', async () => {
  const specimens = [
    { name: 'new', text: whole(), results: 6 },
    { name: 'list', text: JSON.stringify(files, null, 1), results: 6 },
    { name: 'nothing found', text: whole({ data: [] }), results: 0 },
  ]
  expect(await findBreaches(retireJs, specimens)).toEqual([])
}, 20_000)

test('what has no name in a database is known by what it is', async () => {
  const { findings, steps, unread, tools } = await readText(retireJs, whole({ errors: ['cannot open c.js'] }))
  expect(tools).toEqual([{ name: 'Retire.js', version: '5.2.0', problem: 'Retire.js met errors while it looked' }])
  expect(unread).toEqual(['1 error while Retire.js looked.', '1 component without a known vulnerability.'])
  expect(steps).toEqual(['finding', 'repeated', 'finding', 'finding', 'finding', 'finding'])
  expect(findings.map(({ ruleId, package: ref, path }) => [ruleId, ref?.name, path])).toEqual([
    ['CVE-2020-11111', 'rope-js', 'srv/harbour/pier/rope.js'],
    ['Spray (below 3.1.0)', 'rope-js', 'srv/harbour/pier/rope.js'],
    ['Spray (below 3.2.0)', 'rope-js', 'srv/harbour/pier/rope.js'],
    ['CVE-2011-22222', 'mast', 'srv/harbour/pier/b.js'],
    ['retid-8', 'mast', 'srv/harbour/pier/b.js'],
  ])
  expect(findings[0]).toMatchObject({
    aliases: ['GHSA-aaaa-bbbb-cccc'],
    fixedIn: '4.0.0',
    cwes: [79],
    severity: 'medium',
  })
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test('retirejs/latest.json', async () => {
    const { format, count, report } = await readRealReport('retirejs/latest.json')
    expect(format).toBe('retire-js')
    expect(report.tools).toEqual([{ name: 'Retire.js', version: '2.2.4', problem: null }])
    // Each of three jQuery files has CVE-2015-9251 twice, once for each ticket.
    expect(count).toEqual({ results: 26, taken: 23, suppressed: 0, skipped: { repeated: 3 } })
  })
})
