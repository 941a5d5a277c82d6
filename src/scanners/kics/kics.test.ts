import { describe, expect, test } from 'vitest'
import { findBreaches } from '../conformance.ts'
import { readText } from '../read-text.fixture.ts'
import { mustReadRealReports, readRealReport } from '../real-reports.ts'
import { kics } from './index.ts'

const place = (more: object = {}) => ({
  file_name: '../../path/port/gate.tf',
  similarity_id: 'b'.repeat(64),
  line: 4,
  resource_type: 'aws_gate',
  resource_name: 'north',
  issue_type: 'MissingAttribute',
  search_key: 'aws_gate[{{north}}]',
  search_line: 4,
  search_value: '',
  expected_value: "'closed' should be set",
  actual_value: "'closed' is missing",
  ...more,
})
const query = (more: object = {}) => ({
  query_name: 'Gate Open',
  query_id: '11111111-2222-3333-4444-555555555555',
  query_url: 'https://example.org/gate',
  severity: 'HIGH',
  platform: 'Terraform',
  cwe: '284',
  category: 'Access Control',
  description: 'A gate is open at night.',
  files: [place(), place({ line: 9 })],
  ...more,
})
const report = (more: object = {}) => ({
  kics_version: 'v2.1.3',
  files_scanned: 3,
  files_parsed: 3,
  files_failed_to_scan: 0,
  queries_total: 100,
  queries_failed_to_execute: 0,
  queries_failed_to_compute_similarity_id: 0,
  scan_id: 'console',
  severity_counters: { HIGH: 2 },
  total_counter: 2,
  paths: ['/path'],
  queries: [query()],
  ...more,
})
/** Every field of a query may stand behind its places. */
const reversed = { ...report(), queries: [Object.fromEntries(Object.entries(query()).toReversed())] }
const read = (value: object) => readText(kics, JSON.stringify(value))

test('keeps what every format must keep', async () => {
  expect(
    await findBreaches(kics, [
      { name: 'two', text: JSON.stringify(report(), null, '\t'), results: 2 },
      { name: 'reversed', text: JSON.stringify(reversed), results: 2 },
      { name: 'none', text: JSON.stringify(report({ queries: [] })), results: 0 },
      { name: 'null', text: JSON.stringify(report({ queries: null })), results: 0 },
    ]),
  ).toEqual([])
}, 20_000)

test('a place is known by its similarity, in the folder that was scanned', async () => {
  const { findings, tools } = await read(reversed)
  expect(tools).toEqual([{ name: 'KICS', version: '2.1.3', problem: null }])
  expect(findings[0]).toMatchObject({
    kind: 'configuration',
    ruleId: '11111111-2222-3333-4444-555555555555',
    title: 'Gate Open',
    message: "'closed' is missing",
    path: 'port/gate.tf',
    resource: 'aws_gate[north]',
    fingerprint: 'b'.repeat(64),
    cwes: [284],
    severity: 'high',
  })
})

test('what could not be scanned is said, and then nothing is proved gone', async () => {
  const { tools, unread } = await read(
    report({
      files_scanned: 5,
      files_failed_to_scan: 1,
      queries_failed_to_execute: 2,
      bill_of_materials: [query(), query()],
    }),
  )
  expect(tools[0]?.problem).toBe('KICS could not scan all files or run all queries')
  expect(unread).toEqual([
    'KICS failed to scan 1 file.',
    'KICS failed to run 2 queries.',
    'KICS did not parse 1 file.',
    'A bill of materials with 2 resources.',
  ])
})

describe.runIf(mustReadRealReports)('real reports', () => {
  test('kics/many.json', async () => {
    const { format, count, findings, report: whole } = await readRealReport('kics/many.json')
    expect(format).toBe('kics')
    expect(count).toEqual({ results: 18, taken: 18, suppressed: 0, skipped: {} })
    // Four findings of one query stand at one place and share their id.
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(15)
    expect(whole.unread).toEqual(['KICS did not parse 1 file.'])
  })
})
