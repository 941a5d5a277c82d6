import { AppError } from '../../lib/app-error.ts'
import { countOf } from '../count-of.ts'
import { countOnce } from '../count-once.ts'
import { found, refuse } from '../define-format.ts'
import { addFault, type OwnFaults, requireNoFaults } from '../own-faults.ts'
import { type OwnField, ownTool, readOwnFinding } from '../own-findings.ts'
import type { Report, ReportLimits, ReportResult, ReportSource, Scanner } from '../scanner.ts'
import { type Header, readHeader } from './header.ts'
import { type Row, readRows } from './rows.ts'

/** A table of findings that a person made: docs/own-findings.md. Each row is a finding, and a cell is text, whatever it begins with. */
export const weirCsv: Scanner = countOnce({
  name: 'weir-csv',
  title: 'Weir CSV',
  recognise: (head) => !/^\s*[[{<]/.test(head) && readHeader(head) !== null,
  read,
})

const maxHead = 64 * 1024
const maxTools = 100

async function read(source: ReportSource, limits: ReportLimits): Promise<Report> {
  const header = readHeader(await readHead(source))
  if (header === null) refuse('Weir CSV', 'its first line has no columns "title" and "severity"')
  const tools = new Set<string>()
  const faults: OwnFaults = { count: 0, told: [] }
  let [rows, overlong] = [0, 0]
  for await (const row of readBody(source, header, limits)) {
    rows += 1
    if (rows > limits.maxResults) throw tooMany(limits)
    if (row.cells.slice(header.columns.length).some((cell) => cell.trim() !== '')) overlong += 1
    const entry = readOwnFinding(readValues(row, header), ownTool)
    if (entry.kind === 'fault') addFault(faults, `line ${row.line}`, entry.why)
    else if (tools.size < maxTools) tools.add(entry.finding.scanner)
  }
  requireNoFaults(faults)
  if (tools.size === 0) tools.add(ownTool)
  const { unknown } = header
  return {
    tools: [...tools].map((name) => ({ name, version: null, problem: null })),
    commit: null,
    unread: [
      ...(unknown.length === 0
        ? []
        : [`${countOf(unknown.length, 'column')} that Weir does not know: ${unknown.slice(0, 20).join(', ')}.`]),
      ...(overlong === 0 ? [] : [`${countOf(overlong, 'row')} with more cells than there are columns.`]),
    ],
    results: () => readResults(source, header, limits),
  }
}

async function* readResults(source: ReportSource, header: Header, limits: ReportLimits): AsyncGenerator<ReportResult> {
  for await (const row of readBody(source, header, limits)) {
    const entry = readOwnFinding(readValues(row, header), ownTool)
    if (entry.kind === 'finding') yield found(entry.finding)
  }
}

async function* readBody(source: ReportSource, header: Header, limits: ReportLimits): AsyncGenerator<Row> {
  const options = { delimiter: header.delimiter, maxRowBytes: limits.maxResultBytes }
  for await (const row of readRows(source, options)) if (row.line > header.line) yield row
}

function readValues({ cells }: Row, { columns }: Header): Map<OwnField, string> {
  const values = new Map<OwnField, string>()
  for (const [index, field] of columns.entries()) {
    const text = cells[index]?.trim() ?? ''
    if (field !== undefined && text !== '' && !values.has(field)) values.set(field, text)
  }
  return values
}

async function readHead(source: ReportSource): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of source.open()) {
    parts.push(chunk.subarray(0, maxHead - bytes))
    bytes += chunk.length
    if (bytes >= maxHead) break
  }
  return new TextDecoder().decode(Buffer.concat(parts))
}

function tooMany({ maxResults }: ReportLimits): AppError {
  return new AppError(
    'report_too_many_results',
    `The report holds more than ${maxResults} results. Split it, or raise WEIR_MAX_RESULTS.`,
    { meta: { maxResults } },
  )
}
