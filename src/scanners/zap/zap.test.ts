import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { zap } from './index.ts'

const base = 'https://quay.example.com'
const instance = (more: object = {}) => ({ uri: `${base}/ships?id=4`, method: 'GET', param: 'id', ...more })
const alert = (more: object = {}) => ({
  pluginid: '40012',
  alertRef: '40012',
  alert: 'Cross Site Scripting (Reflected)',
  name: 'Cross Site Scripting (Reflected)',
  riskcode: '3',
  confidence: '2',
  riskdesc: 'High (Medium)',
  desc: '<p>Text from outside is sent back.</p>',
  instances: [instance()],
  count: '1',
  solution: '<p>Encode it.</p>',
  reference: '<p>https://owasp.org/xss</p><p>https://example.com</p>',
  cweid: '79',
  wascid: '8',
  ...more,
})
const json = (...sites: object[]) =>
  JSON.stringify({ '@programName': 'ZAP', '@version': '2.16.1', '@generated': 'Sun, 2 Mar 2025', site: sites }, null, 1)
const site = (alerts: object[], name = base) => ({
  '@name': name,
  '@host': 'quay',
  '@port': '443',
  '@ssl': 'true',
  alerts,
})
const item = (inside: string) =>
  `<alertitem><pluginid>10021</pluginid><alertRef>10021</alertRef><name>No nosniff</name><riskcode>1</riskcode>
  <confidence>2</confidence><desc>&lt;p&gt;The header is missing.&lt;/p&gt;</desc>${inside}<cweid>693</cweid></alertitem>`
const place = (uri: string, more = '') =>
  `<instance><uri>${uri}</uri><method>GET</method><param>x-content-type-options</param>${more}</instance>`
const xml = (...items: string[]) =>
  `<?xml version="1.0"?>\n<OWASPZAPReport version="2.12.0" generated="Sun">
  <site name="${base}" host="quay" port="443" ssl="true"><alerts>${items.join('')}</alerts></site></OWASPZAPReport>`

test('keeps what every format must keep', async () => {
  const places = `<instances>${place(`${base}/a`)}${place(`${base}/b`)}</instances><count>2</count>`
  expect(
    await findBreaches(zap, [
      { name: 'json', text: json(site([alert(), alert({ instances: [instance(), instance()] })])), results: 3 },
      { name: 'json without alerts', text: json(site([])), results: 0 },
      { name: 'xml', text: xml(item(places)), results: 2 },
      { name: 'old xml', text: xml(item(`<uri>${base}/a</uri><param>b</param>`)), results: 1 },
    ]),
  ).toEqual([])
}, 30_000)

test('one finding a rule, method, page and parameter, on each site', async () => {
  const instances = [instance(), instance({ uri: `${base}/ships?id=5` }), instance({ method: 'POST' })]
  const other = site(
    [alert({ instances: [instance({ uri: 'https://pier.example.com/ships' })] })],
    'https://pier.example.com',
  )
  const { findings, steps, tools } = await readText(zap, json(site([alert({ instances, count: '3' })]), other))
  expect(steps).toEqual(['finding', 'repeated', 'finding', 'finding'])
  expect(tools).toEqual([{ name: 'ZAP', version: '2.16.1', problem: null }])
  expect(findings[0]).toMatchObject({
    kind: 'web',
    ruleId: '40012',
    severity: 'high',
    cwes: [79],
    description: 'Text from outside is sent back.\n\nSolution: Encode it.',
    helpUri: 'https://owasp.org/xss',
    endpoint: { origin: 'https://quay.example.com:443', method: 'GET', path: '/ships', parameter: 'id' },
  })
  expect(findings[0]?.message).toMatch(/GET .*id=4\nand 1 more addresses of the same page\nParameter: id/)
  expect(findings.map(({ endpoint }) => endpoint?.origin)).toEqual([
    'https://quay.example.com:443',
    'https://quay.example.com:443',
    'https://pier.example.com:443',
  ])
})

test('what is systemic is one finding a site; where places are left out nothing is closed', async () => {
  const instances = [instance(), instance({ uri: `${base}/piers`, param: '' })]
  const systemic = await readText(zap, json(site([alert({ instances, count: '90', systemic: true })])))
  expect(systemic.steps).toEqual(['finding', 'repeated'])
  expect(systemic.findings[0]?.endpoint).toMatchObject({ path: '', parameter: '' })
  expect([systemic.unread, systemic.tools[0]?.problem]).toEqual([[], null])
  const cut = await readText(zap, json(site([alert({ instances, count: '90' })])))
  expect([cut.unread.length, cut.tools[0]?.problem]).toEqual([
    1,
    'the report lists only a part of the places ZAP found',
  ])
})

test('false positives are suppressed, scripts told apart by name, personal data not kept', async () => {
  const { findings } = await readText(
    zap,
    json(
      site([
        alert({ confidence: '0' }),
        alert({ pluginid: '50001', alertRef: '50001', name: 'My script' }),
        alert({ cweid: '359', instances: [instance({ param: 'card', evidence: '4111111111111111' })] }),
        alert({ riskcode: 0, cweid: '-1', pluginid: 10_015, alertRef: undefined, instances: null }),
      ]),
    ),
  )
  expect(findings[0]?.suppressed).toMatch(/false positive/)
  expect(findings[1]?.ruleId).toBe('50001:My script')
  expect(findings[2]?.message).not.toContain('4111')
  expect(findings[3]).toMatchObject({ severity: 'notification', cwes: [], ruleId: '10015', endpoint: { path: '/' } })
})

test('recorded traffic is counted, however long it is', async () => {
  const traffic = `<requestheader>GET</requestheader><responsebody>${'x'.repeat(200_000)}</responsebody>`
  const { steps, unread } = await readText(zap, xml(item(`<instances>${place(base, traffic)}</instances>`)))
  expect([steps, unread]).toEqual([
    ['finding'],
    ['2 recorded messages of ZAP (requests, answers), which Weir does not keep.'],
  ])
})

test('a site may be an object', async () => {
  const text = JSON.stringify({ '@version': 'D-2018', '@generated': 'x', site: site([alert({ instances: [{}] })]) })
  const { findings } = await readText(zap, text)
  expect(findings).toMatchObject([{ endpoint: { origin: 'https://quay.example.com:443', path: '/' } }])
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test.each([
    ['zap/first-scan.xml', { results: 130, taken: 86, suppressed: 0, skipped: { repeated: 44 } }],
    ['zap/second-scan.xml', { results: 126, taken: 78, suppressed: 0, skipped: { repeated: 48 } }],
  ])('%s', async (file, wanted) => {
    const { format, count, findings, report } = await readRealReport(file)
    expect(format).toBe('zap')
    expect(count).toEqual(wanted)
    expect(report.tools).toEqual([{ name: 'ZAP', version: '2.10.0', problem: null }])
    expect(findings.every(({ endpoint, description }) => endpoint?.path !== '' && !description.includes('<p>'))).toBe(
      true,
    )
  })
})
