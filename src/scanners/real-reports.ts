import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chooseScanner } from './choose-scanner.ts'
import { openReport } from './open-report.ts'
import type { Report, ReportFinding, ReportLimits } from './scanner.ts'

const folder = fileURLToPath(new URL('../../../shared/real/reports/', import.meta.url))

/** Real reports lie beside the checkout. Where they are absent only CI insists on them. */
export const mustReadRealReports = existsSync(folder) || process.env['CI'] !== undefined

const limits: ReportLimits = { maxResults: 1_000_000, maxResultBytes: 4 * 1024 * 1024 }

/** A real report read whole, and its count: every result is in exactly one number. */
export async function readRealReport(file: string): Promise<{
  report: Report
  format: string
  findings: ReportFinding[]
  count: { results: number; taken: number; suppressed: number; skipped: Record<string, number> }
}> {
  const path = `${folder}${file}`
  const { source, head } = await openReport(path, (await stat(path)).size)
  const scanner = chooseScanner(head, undefined)
  const report = await scanner.read(source, limits)
  const findings: ReportFinding[] = []
  const skipped: Record<string, number> = {}
  let results = 0
  for await (const result of report.results()) {
    results += 1
    if (result.kind === 'finding') findings.push(result.finding)
    else skipped[result.step] = (skipped[result.step] ?? 0) + 1
  }
  const suppressed = findings.filter((finding) => finding.suppressed !== null).length
  const count = { results, taken: findings.length - suppressed, suppressed, skipped }
  return { report, format: scanner.name, findings, count }
}
