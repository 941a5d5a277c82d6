import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { gitlab } from './index.ts'

const report = (type: string, vulnerabilities: object[], more: object = {}) =>
  JSON.stringify({
    version: '15.0.7',
    vulnerabilities,
    remediations: [{ fixes: [], diff: '' }],
    scan: {
      analyzer: { id: 'a', name: 'A', version: '1' },
      scanner: { id: 'lookout', name: 'Lookout', version: '2.0' },
      type,
      status: 'success',
      ...more,
    },
  })
const code = {
  id: '0d1cbd95-1111-4222-8333-444444444444',
  category: 'sast',
  name: 'Shell from outside',
  description: 'Whoever sends the text runs it.',
  severity: 'High',
  cve: 'semgrep_id:pier.shell:12:12',
  scanner: { id: 'lookout', name: 'Lookout' },
  location: { file: 'pier/quay.py', start_line: 12, end_line: 13 },
  identifiers: [
    { type: 'semgrep_id', name: 'pier.shell', value: 'pier.shell', url: 'https://example.org/rule' },
    { type: 'cwe', name: 'CWE-78', value: '78' },
  ],
  raw_source_code_extract: 'run(text, shell=True)',
}
const secret = {
  ...code,
  category: 'secret_detection',
  identifiers: [{ type: 'gitleaks_rule_id', name: 'Key', value: 'Key' }],
  raw_source_code_extract: 'AKIDNOTAREALKEY12',
}
const dependency = {
  name: 'Fog in rope',
  severity: 'Unknown',
  cvss_vectors: [{ vendor: 'NVD', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' }],
  solution: 'Upgrade to version 4.0.1 or above.',
  location: { file: 'web/yarn.lock', dependency: { package: { name: 'rope' }, version: '4.0.0' } },
  identifiers: [
    { type: 'gemnasium', name: 'Gemnasium-1', value: '0d1cbd95-1111-4222-8333-444444444444' },
    { type: 'cve', name: 'CVE-2024-11111', value: 'CVE-2024-11111' },
    { type: 'ghsa', name: 'GHSA', value: 'GHSA-aaaa-bbbb-cccc' },
    { type: 'cwe', name: 'CWE-400', value: '400' },
  ],
}
const container = {
  ...dependency,
  solution: 'Upgrade apt from 1.8 to 1.9',
  identifiers: [{ type: 'cve', name: 'CVE-2020-22222', value: 'CVE-2020-22222' }],
  location: {
    image: 'registry.example:5000/ferry:7f3a',
    operating_system: 'debian:10',
    dependency: { package: { name: 'apt' }, version: '1.8' },
  },
}
const web = {
  name: 'No header',
  severity: 'Low',
  location: { hostname: 'https://ferry.example', method: 'get', param: 'x', path: '/tickets?day=1' },
  identifiers: [{ type: 'ZAProxy_PluginId', name: '10038', value: '10038' }],
}
const first = [
  {
    tool: 'find_sec_bugs',
    category: 'sast',
    message: 'Weak cipher',
    cve: '818bf5dacb291e15d9e6dc3c5ac32178:CIPHER:src/A.java:47',
    severity: 'Medium',
    file: 'src/A.java',
    line: 47,
    identifiers: [{ type: 'find_sec_bugs_type', name: 'CIPHER', value: 'CIPHER' }],
  },
]

test('keeps what every format must keep', async () => {
  const specimens = [
    { name: 'SAST', text: report('sast', [code, code]), results: 2 },
    {
      name: 'mixed without a scan',
      text: JSON.stringify({
        version: '2.3',
        vulnerabilities: [code, secret, dependency, container, web],
        remediations: [],
      }),
      results: 5,
    },
    { name: 'nothing found', text: report('dast', []), results: 0 },
    { name: 'nothing found, old', text: '{"version":"2.3","vulnerabilities":[],"remediations":[]}', results: 0 },
    { name: 'list', text: JSON.stringify(first, null, 2), results: 1 },
  ]
  expect(await findBreaches(gitlab, specimens)).toEqual([])
}, 60_000)

test('code and secrets, by rule and text; an id that is new with every run is not used', async () => {
  const { findings, tools, unread } = await readText(gitlab, report('sast', [code]))
  expect(tools).toEqual([{ name: 'Lookout', version: '2.0', problem: null }])
  expect(unread).toEqual(['1 remediation: a patch that would mend something.'])
  expect(findings[0]).toMatchObject({
    kind: 'code',
    ruleId: 'pier.shell',
    path: 'pier/quay.py',
    startLine: 12,
    snippet: 'run(text, shell=True)',
    fingerprint: null,
    cwes: [78],
    severity: 'high',
  })
  const secrets = await readText(
    gitlab,
    report('secret_detection', [secret, { ...secret, raw_source_code_extract: '*****' }]),
  )
  expect(secrets.findings.map(({ kind, secret: text, snippet }) => [kind, text, snippet])).toEqual([
    ['secret', 'AKIDNOTAREALKEY12', null],
    ['secret', null, null],
  ])
})

test('a rule is a word and no sentence, and a weakness is named by its number, whichever field holds them', async () => {
  const identifiers = [
    { type: 'lookout_rule', name: 'pier_shell', value: 'Do not run a text in a shell.' },
    { type: 'cwe', name: 'CWE-78', value: 'pier_shell' },
  ]
  const { findings } = await readText(gitlab, report('sast', [{ ...code, identifiers }]))
  expect(findings[0]).toMatchObject({ ruleId: 'pier_shell', cwes: [78] })
})

test('an advisory in CSAF is none of its reports', () => {
  const csaf = { document: { csaf_version: '2.0' }, vulnerabilities: [], remediations: [] }
  expect(gitlab.recognise(JSON.stringify(csaf))).toBe(false)
})

test('dependencies by their advisory; images without tag; pages without query', async () => {
  const { findings } = await readText(
    gitlab,
    JSON.stringify({ version: '14.0.0', vulnerabilities: [dependency, container, web], remediations: [] }),
  )
  expect(findings[0]).toMatchObject({
    ruleId: 'CVE-2024-11111',
    aliases: ['GHSA-aaaa-bbbb-cccc'],
    package: { ecosystem: 'npm', name: 'rope', version: '4.0.0' },
    path: 'web/yarn.lock',
    fixedIn: '4.0.1',
    severity: 'high',
  })
  expect(findings[1]).toMatchObject({
    ruleId: 'CVE-2020-22222',
    package: { ecosystem: 'deb', name: 'apt' },
    path: 'registry.example:5000/ferry',
    fixedIn: '1.9',
  })
  expect(findings[2]).toMatchObject({
    kind: 'web',
    ruleId: 'zaproxy_pluginid-10038',
    endpoint: { origin: 'https://ferry.example:443', method: 'GET', path: '/tickets', parameter: 'x' },
  })
})

test('what says nothing is counted and left out', async () => {
  const { steps } = await readText(gitlab, '[null, 7, {}, {"identifiers": [], "name": "Fog"}]')
  expect(steps).toEqual(['unreadable', 'unreadable', 'unreadable', 'finding'])
})

test('the first version was a list; a failed scan proves nothing gone', async () => {
  const { findings, tools } = await readText(gitlab, JSON.stringify(first))
  expect(tools).toEqual([{ name: 'find_sec_bugs', version: null, problem: null }])
  expect(findings[0]).toMatchObject({ ruleId: 'CIPHER', path: 'src/A.java', startLine: 47, fingerprint: null })
  expect((await readText(gitlab, report('sast', [], { status: 'failure' }))).tools[0]?.problem).toBe('the scan failed')
})

test('a scan of the changed files alone says so', async () => {
  const partial = async (mode: unknown) =>
    (await readText(gitlab, report('sast', [], { partial_scan: { mode } }))).partial
  expect(await partial('differential')).toBe('GitLab scanned the changed files only')
  expect(await partial(null)).toBeUndefined()
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test('gitlab-sast/many-v15.json', async () => {
    const { format, count, findings, report: read } = await readRealReport('gitlab-sast/many-v15.json')
    expect(format).toBe('gitlab')
    expect(read.tools).toEqual([{ name: 'GitLab', version: null, problem: null }])
    expect(count).toEqual({ results: 467, taken: 467, suppressed: 0, skipped: {} })
    expect(findings.filter(({ kind }) => kind === 'secret')).toHaveLength(13)
    expect(findings.every(({ path, startLine }) => path !== null && startLine !== null)).toBe(true)
    // Of these the analyzer had hashed no code.
    expect(findings.filter(({ fingerprint }) => fingerprint === null)).toHaveLength(233)
  })
})
