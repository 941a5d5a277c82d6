import { csvLine } from '../../../lib/csv-cell.ts'
import type { ExportRow } from '../../../store/security/exports.ts'
import type { ExportSource } from './export-source.ts'

type Cell = string | number | boolean | null

/** Columns in their order. New ones come at the end, for whoever reads them by their place. */
const columns: readonly (readonly [string, (row: ExportRow, publicUrl: string) => Cell])[] = [
  ['number', (row) => row.number],
  ['title', (row) => row.title],
  ['severity', (row) => row.severity],
  ['severity_source', (row) => row.severity_source],
  ['cvss_score', (row) => (row.cvss_score === null ? null : Number(row.cvss_score))],
  ['cvss_vector', (row) => row.cvss_vector],
  ['status', (row) => row.status],
  ['status_reason', (row) => row.status_reason],
  ['accepted_until', (row) => row.accepted_until],
  ['asset', (row) => row.asset_key],
  ['asset_name', (row) => row.asset_name],
  ['branch', (row) => row.branch],
  ['scanner', (row) => row.scanner],
  ['rule', (row) => row.rule_id],
  ['kind', (row) => row.kind],
  ['file', (row) => row.path],
  ['line', (row) => row.line],
  ['cwe', (row) => row.cwes.map((cwe) => `CWE-${cwe}`).join(' ')],
  ['aliases', (row) => row.aliases.join(' ')],
  ['tags', (row) => row.tags.join(', ')],
  ['assignee', (row) => row.assignee],
  ['findings', (row) => row.findings],
  ['epss_probability', (row) => row.epss_probability],
  ['known_exploited', (row) => row.known_exploited],
  ['opened_at', (row) => row.opened_at.toISOString()],
  ['due_at', (row) => row.due_at?.toISOString() ?? null],
  ['fixed_at', (row) => row.fixed_at?.toISOString() ?? null],
  ['last_seen_at', (row) => row.last_seen_at.toISOString()],
  ['updated_at', (row) => row.updated_at.toISOString()],
  ['items', (row) => row.items.join(' ')],
  ['url', (row, publicUrl) => `${publicUrl}/vulnerabilities/${row.id}`],
]

/** The mark by which spreadsheets know UTF-8. */
const byteOrderMark = '\uFEFF'

/** RFC 4180 with a heading line. */
export async function* writeCsv(source: ExportSource): AsyncGenerator<string> {
  yield byteOrderMark + csvLine(columns.map(([name]) => name))
  for await (const batch of source.rows())
    yield batch.map((row) => csvLine(columns.map(([, read]) => read(row, source.publicUrl)))).join('')
}
