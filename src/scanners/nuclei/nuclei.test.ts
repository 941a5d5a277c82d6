import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { nuclei } from './index.ts'

const match = (more: object = {}) => ({
  template: 'http/misconfiguration/tide-table.yaml',
  'template-id': 'tide-table',
  'template-path': '/nuclei-templates/http/misconfiguration/tide-table.yaml',
  info: {
    name: 'Tide table shown',
    author: ['pilot'],
    tags: ['misconfig'],
    description: 'The table is open to all.\n',
    remediation: 'Close it.',
    reference: ['https://example.com/tides'],
    severity: 'high',
    classification: {
      'cve-id': ['cve-2024-11111'],
      'cwe-id': ['cwe-200'],
      'cvss-metrics': 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N',
      'cvss-score': 5.3,
    },
  },
  'matcher-name': 'north',
  type: 'http',
  host: 'https://quay.example.com',
  'matched-at': 'https://quay.example.com//tides?day=4',
  'extracted-results': ['high at 9'],
  request: 'POST /tides HTTP/1.1\r\nHost: quay.example.com\r\n\r\n',
  response: 'HTTP/1.1 200 OK\r\n\r\n',
  ip: '192.0.2.1',
  timestamp: '2025-03-01T09:00:00Z',
  'curl-command': 'curl …',
  'matcher-status': true,
  ...more,
})
const oldMatch = {
  templateID: 'cve-2020-22222',
  info: {
    name: 'Fog',
    severity: 'unknown',
    author: 'a,b',
    tags: 'cve,fog',
    reference: 'https://a.example\nhttps://b.example',
  },
  type: 'http',
  host: 'http://quay.example.com:8080',
  matched: 'http://quay.example.com:8080/fog',
  matcher_name: 'thick',
  extracted_results: ['1.2'],
}
const lines = (...entries: object[]) => `${entries.map((entry) => JSON.stringify(entry)).join('\n')}\n`

test('keeps what every format must keep', async () => {
  expect(
    await findBreaches(nuclei, [
      { name: 'lines', text: lines(match(), match({ 'matched-at': 'https://b' })), results: 2, isOpenEnded: true },
      { name: 'a list', text: JSON.stringify([match(), match()], null, 2), results: 2 },
      { name: 'version 2.3', text: lines(oldMatch), results: 1, isOpenEnded: true },
    ]),
  ).toEqual([])
}, 30_000)

test('a match is its template, matcher and page', async () => {
  const { findings, steps, unread } = await readText(
    nuclei,
    lines(
      match(),
      match({ 'matched-at': 'https://quay.example.com/tides?day=5', 'extracted-results': ['low at 3'] }),
      match({ 'matcher-name': 'south' }),
      match({ 'matched-at': 'https://quay.example.com/other' }),
      match({ 'matcher-status': false }),
      { note: 1 },
    ),
  )
  expect(steps).toEqual(['finding', 'repeated', 'finding', 'finding', 'not_matched', 'unreadable'])
  expect(findings[0]).toMatchObject({
    kind: 'web',
    ruleId: 'tide-table:north',
    title: 'Tide table shown: north',
    severity: 'medium',
    cvssScore: 5.3,
    cwes: [200],
    aliases: ['CVE-2024-11111'],
    helpUri: 'https://example.com/tides',
    description: 'The table is open to all.\n\nClose it.',
    endpoint: { origin: 'https://quay.example.com:443', method: 'POST', path: '/tides', parameter: '' },
  })
  expect(findings[0]?.message).toMatch(/Found there: high at 9, low at 3$/)
  expect(unread).toEqual(['5 recorded requests of Nuclei, which Weir does not keep.'])
})

test('versions up to 2.3 have other names for the same', async () => {
  const { findings } = await readText(nuclei, lines(oldMatch))
  expect(findings).toMatchObject([
    {
      ruleId: 'CVE-2020-22222:thick',
      severity: 'medium',
      helpUri: 'https://a.example',
      endpoint: { origin: 'http://quay.example.com:8080', path: '/fog', method: '' },
    },
  ])
})

test.each([
  [
    { type: 'dns', host: 'quay.example.com', 'matched-at': 'quay.example.com', request: ';; opcode' },
    'quay.example.com',
    '',
  ],
  [{ type: 'ssl', 'matched-at': 'quay.example.com:443', request: undefined }, 'quay.example.com:443', ''],
  [{ type: 'javascript', host: null, 'matched-at': null, url: '/http://quay/' }, 'http://quay:80', '/'],
  [{ type: 'dns', host: null, 'matched-at': null }, '', ''],
])('%j has no more of a place than it tells', async (more, origin, path) => {
  const { findings } = await readText(nuclei, lines(match(more)))
  expect(findings).toMatchObject([{ endpoint: { origin, path, parameter: '' } }])
})

test('a match in a file is code; what it draws out of answers about keys is not kept in clear', async () => {
  const { findings } = await readText(
    nuclei,
    lines(match({ type: 'file', 'matched-at': '/src/quay.js' }), match({ info: { name: 'Key', tags: ['token'] } })),
  )
  expect(findings[0]).toMatchObject({ kind: 'code', path: 'quay.js', endpoint: null, snippet: 'high at 9' })
  expect(findings.map(({ isSecret }) => isSecret)).toEqual([false, true])
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test.each([
    ['nuclei/many.json', { results: 27, taken: 27, suppressed: 0, skipped: {} }],
    // TLS 1.2 and 1.3 are one: the template says which versions there are.
    ['nuclei/v3.json', { results: 6, taken: 5, suppressed: 0, skipped: { repeated: 1 } }],
  ])('%s', async (file, wanted) => {
    const { format, count } = await readRealReport(file)
    expect(format).toBe('nuclei')
    expect(count).toEqual(wanted)
  })
})
