import type { ReportIdentity } from '../../domain/matching/identities.ts'
import { chooseScanner } from '../../scanners/choose-scanner.ts'
import { openReport } from '../../scanners/open-report.ts'
import type { Report, Scanner } from '../../scanners/scanner.ts'
import { type PreparedFinding, prepareFinding } from './finding-body.ts'

/** A report that was read through once: what matching needs of each finding is in memory, the findings themselves are not. */
export type ReadReport = {
  scanner: Scanner
  report: Report
  identities: ReportIdentity[]
  /** Results of the file, skipped ones included. */
  results: number
  skipped: number
}

/** A longer single result is counted as skipped; a whole run of a big scanner has results of some kilobytes. */
export const maxResultBytes = 4 * 1024 * 1024

export type ReadInput = {
  path: string
  bytes: number
  format: string | undefined
  maxResults: number
  salt: string
}

/** Recognises and reads a report on disk. Throws `report_…` errors that say what to do. */
export async function readReport({ path, bytes, format, maxResults, salt }: ReadInput): Promise<ReadReport> {
  const { source, head } = await openReport(path, bytes)
  const scanner = chooseScanner(head, format)
  const report = await scanner.read(source, { maxResults, maxResultBytes })
  const identities: ReportIdentity[] = []
  let results = 0
  for await (const result of report.results()) {
    const position = results
    results += 1
    if (result.kind === 'skipped') continue
    identities.push(toIdentity(prepareFinding(result.finding, salt), position))
  }
  return { scanner, report, identities, results, skipped: results - identities.length }
}

export function toIdentity({ finding, keys, bodyHash }: PreparedFinding, position: number): ReportIdentity {
  const { kind, scanner, ruleId, path, startLine: line, startColumn: column, suppressed } = finding
  return { ...keys, position, kind, scanner, ruleId, path, line, column, isSuppressed: suppressed !== null, bodyHash }
}
