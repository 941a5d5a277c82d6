import type { ReportIdentity } from '../../../domain/matching/identities.ts'
import { chooseScanner, requireLookalike } from '../../../scanners/choose-scanner.ts'
import { countOf } from '../../../scanners/count-of.ts'
import { openReport } from '../../../scanners/open-report.ts'
import type { Report, ReportResult, ReportSource, Scanner } from '../../../scanners/scanner.ts'
import { type PreparedFinding, prepareFinding } from './finding-body.ts'
import { countBytes, type Progress } from './import-progress.ts'

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
  progress?: Progress
}

/** A report is walked for what stands around its results, then for the results: both are one stage, of half each. */
const walksToRead = 2
/** Results between two news of them. */
const tellEvery = 100

/** Recognises and reads a report on disk. Throws `report_…` errors that say what to do. */
export async function readReport(input: ReadInput): Promise<ReadReport> {
  const { path, bytes, format, maxResults, salt, progress } = input
  const { source, head } = await openReport(path, bytes)
  const scanner = chooseScanner(head, format)
  progress?.tell({ stage: 'reading', bytesRead: 0, bytesTotal: bytes, findingsRead: 0 })
  const told = progress === undefined ? source : tellBytes(source, progress)
  const read = await scanner.read(told, { maxResults, maxResultBytes })
  const report = progress === undefined ? read : { ...read, results: () => tellResults(read.results(), progress) }
  const identities: ReportIdentity[] = []
  let results = 0
  const invalidVectors: string[] = []
  for await (const result of report.results()) {
    const position = results
    results += 1
    if (result.kind === 'skipped') continue
    identities.push(toIdentity(prepareFinding(result.finding, salt), position))
    if (result.finding.invalidVector !== undefined) invalidVectors.push(result.finding.invalidVector)
  }
  if (results === 0 && format !== undefined) requireLookalike(scanner, head)
  return {
    scanner,
    report: tellVectors(report, invalidVectors),
    identities,
    results,
    skipped: results - identities.length,
  }
}

function tellVectors(report: Report, invalid: readonly string[]): Report {
  const [first] = invalid
  if (first === undefined) return report
  const said = `${countOf(invalid.length, 'CVSS vector')} that cannot be read, such as “${first}”; there the scanner's own word counts.`
  return { ...report, unread: [...report.unread, said] }
}

export function toIdentity({ finding, keys, bodyHash }: PreparedFinding, position: number): ReportIdentity {
  const { kind, scanner, ruleId, path, startLine: line, startColumn: column, suppressed } = finding
  return { ...keys, position, kind, scanner, ruleId, path, line, column, isSuppressed: suppressed !== null, bodyHash }
}

/** Every walk tells how far it is; the ones after reading are the writing, which counts whole. */
function tellBytes(source: ReportSource, progress: Progress): ReportSource {
  let walks = 0
  const open = (): AsyncIterable<Uint8Array> => {
    const walk = walks
    walks += 1
    return countBytes(source.open(), (read) => {
      const bytesRead = walk < walksToRead ? (walk * source.bytes + read) / walksToRead : read
      progress.tell({ bytesRead: Math.min(Math.floor(bytesRead), source.bytes) })
    })
  }
  return { bytes: source.bytes, open }
}

async function* tellResults(results: AsyncIterable<ReportResult>, progress: Progress): AsyncGenerator<ReportResult> {
  let findingsRead = 0
  for await (const result of results) {
    if (result.kind === 'finding') findingsRead += 1
    if (findingsRead % tellEvery === 0) progress.tell({ findingsRead })
    yield result
  }
  progress.tell({ findingsRead })
}
