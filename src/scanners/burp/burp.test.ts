import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { burp } from './index.ts'

const fields = {
  serialNumber: '77001',
  type: '2097920',
  name: 'Cross-site scripting (reflected)',
  host: 'https://quay.example.com',
  path: '/ships.php',
  location: '/ships.php [id parameter]',
  severity: 'High',
  confidence: 'Firm',
  issueBackground: '<p>Text is sent back.</p>',
  references: '<ul><li><a href="https://portswigger.net/xss">XSS</a></li></ul>',
  vulnerabilityClassifications: '<a href="https://cwe.mitre.org/data/definitions/79.html">CWE-79: XSS</a>',
  issueDetail: 'The value of <b>id</b> is &lt;echoed&gt;.',
}
const issue = (more: Partial<typeof fields> = {}, inside = '') =>
  `<issue>${Object.entries({ ...fields, ...more })
    .map(([name, text]) => `<${name}><![CDATA[${text}]]></${name}>`)
    .join('')}${inside}</issue>`
const report = (...issues: string[]) =>
  `<?xml version="1.0"?>
<!DOCTYPE issues [
<!ELEMENT issues (issue*)>
<!ATTLIST issues burpVersion CDATA "">
]>
<issues burpVersion="2024.11" exportTime="Sun">${issues.join('\n')}</issues>`
const recorded = (length: number) =>
  `<requestresponse><request method="GET" base64="true"><![CDATA[${'QUFB'.repeat(length)}]]></request></requestresponse>`

test('keeps what every format must keep', async () => {
  expect(
    await findBreaches(burp, [
      { name: 'two', text: report(issue({}, recorded(9)), issue({ location: '/a' })), results: 2 },
      { name: 'none', text: report(), results: 0 },
    ]),
  ).toEqual([])
}, 30_000)

test('an issue is its type, page and parameter; what was recorded is counted, however long it is', async () => {
  const { findings, steps, unread, tools } = await readText(
    burp,
    report(
      issue({}, recorded(100_000) + recorded(1)),
      issue({ serialNumber: '9', severity: 'Low' }),
      issue({ location: '/ships.php?id=4' }, '<collaboratorEvent><time>x</time></collaboratorEvent>'),
    ),
  )
  expect(steps).toEqual(['finding', 'repeated', 'finding'])
  expect(tools).toEqual([{ name: 'Burp', version: '2024.11', problem: null }])
  expect(findings[0]).toMatchObject({
    kind: 'web',
    ruleId: '2097920',
    severity: 'high',
    cwes: [79],
    helpUri: 'https://portswigger.net/xss',
    description: 'Text is sent back.',
    endpoint: { origin: 'https://quay.example.com:443', method: '', path: '/ships.php', parameter: 'id' },
  })
  expect(findings[0]?.message).toBe(
    'The value of id is <echoed>.\n\nConfidence: Firm\n\nBurp reports 2 of this type here.',
  )
  expect(findings[1]?.endpoint).toMatchObject({ path: '/ships.php', parameter: '' })
  expect(unread).toEqual([
    '2 recorded requests of Burp, which Weir does not keep.',
    '1 Collaborator event of Burp, which Weir does not keep.',
  ])
})

test('extensions share a type and are told apart by name; false positives are suppressed; the page is the weak one', async () => {
  const { findings } = await readText(
    burp,
    report(
      issue({ type: '134217728', name: 'Tide table shown' }),
      issue({ severity: 'False positive' }),
      issue({ path: '/index.php', location: '/index.bak' }),
      issue({ location: '/a[[b [here XML attribute within the name parameter]' }),
    ),
  )
  expect(findings.map(({ ruleId }) => ruleId)).toEqual(['134217728:Tide table shown', '2097920', '2097920', '2097920'])
  expect(findings.map(({ suppressed }) => suppressed !== null)).toEqual([false, true, false, false])
  expect(findings[2]?.endpoint?.path).toBe('/index.bak')
  expect(findings[3]?.endpoint).toMatchObject({ path: '/a[[b', parameter: 'here XML attribute within the name' })
})

test('of two ratings of one issue the worse one counts', async () => {
  const { findings, steps } = await readText(burp, report(issue({ severity: 'Low' }), issue({ severity: 'Medium' })))
  expect([steps, findings[0]?.severity]).toEqual([['repeated', 'finding'], 'medium'])
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test('burp/many-issues.xml', async () => {
    const { format, count, report: read, findings } = await readRealReport('burp/many-issues.xml')
    expect(format).toBe('burp')
    expect(count).toEqual({ results: 441, taken: 436, suppressed: 0, skipped: { repeated: 5 } })
    expect(read.tools).toEqual([{ name: 'Burp', version: '2021.4.2', problem: null }])
    expect(read.unread).toEqual([
      '401 recorded requests of Burp, which Weir does not keep.',
      '3 Collaborator events of Burp, which Weir does not keep.',
    ])
    expect(findings.every(({ endpoint }) => endpoint?.origin === 'http://testphp.vulnweb.com:80')).toBe(true)
  })
})
