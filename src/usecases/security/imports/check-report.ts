import { stat } from 'node:fs/promises'
import type { FindingKind } from '../../../domain/finding-kind.ts'
import type { Severity } from '../../../domain/severity.ts'
import { chooseScanner, requireLookalike } from '../../../scanners/choose-scanner.ts'
import { openReport } from '../../../scanners/open-report.ts'
import type { ReportFinding, ReportTool } from '../../../scanners/scanner.ts'
import { maxResultBytes } from './read-report.ts'

/** What a report holds, before anybody imports it. */
export type ReportCheck = {
  format: string
  format_title: string
  tools: readonly ReportTool[]
  commit: string | null
  results: number
  /** Findings that count; the suppressed ones are apart. */
  findings: number
  suppressed: number
  by_kind: Partial<Record<FindingKind, number>>
  by_severity: Record<Severity, number>
  /** Why results are left out, with an example each. */
  skipped: { step: string; count: number; example: string }[]
  unread: readonly string[]
}

export type CheckInput = { file: string; format: string | undefined; maxResults: number }

/** Reads a report through, without a database. Throws `report_…` errors as an import would. */
export async function checkReport({ file, format, maxResults }: CheckInput): Promise<ReportCheck> {
  const { source, head } = await openReport(file, (await stat(file)).size)
  const scanner = chooseScanner(head, format)
  const report = await scanner.read(source, { maxResults, maxResultBytes })
  const counts = newCounts()
  const skipped = new Map<string, { count: number; example: string }>()
  let results = 0
  for await (const result of report.results()) {
    results += 1
    if (result.kind === 'finding') countFinding(counts, result.finding)
    else {
      const { step, label, detail } = result
      const known = skipped.get(step) ?? { count: 0, example: detail === null ? label : `${label}: ${detail}` }
      skipped.set(step, { ...known, count: known.count + 1 })
    }
  }
  if (results === 0 && format !== undefined) requireLookalike(scanner, head)
  return {
    format: scanner.name,
    format_title: scanner.title,
    tools: report.tools,
    commit: report.commit,
    results,
    ...counts,
    skipped: [...skipped].map(([step, one]) => ({ step, ...one })),
    unread: report.unread,
  }
}

type Counts = Pick<ReportCheck, 'findings' | 'suppressed' | 'by_kind' | 'by_severity'>

function newCounts(): Counts {
  const none = { critical: 0, high: 0, medium: 0, low: 0, notification: 0 }
  return { findings: 0, suppressed: 0, by_kind: {}, by_severity: none }
}

function countFinding(counts: Counts, { suppressed, kind, severity }: ReportFinding): void {
  if (suppressed !== null) {
    counts.suppressed += 1
    return
  }
  counts.findings += 1
  counts.by_kind[kind] = (counts.by_kind[kind] ?? 0) + 1
  counts.by_severity[severity] += 1
}
