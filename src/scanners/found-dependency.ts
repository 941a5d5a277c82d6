import { found, skipped } from './define-format.ts'
import { withoutRule } from './make-finding.ts'
import type { ReportFinding, ReportResult } from './scanner.ts'

/** The finding of a dependency; one that says neither which advisory nor which package is of no use and is skipped. */
export function foundDependency(finding: ReportFinding): ReportResult {
  const { ruleId, package: ref, title } = finding
  if (ruleId === withoutRule) return skipped('unreadable', title, 'it names no advisory')
  return ref === null || ref.name === '' ? skipped('unreadable', title, 'it names no package') : found(finding)
}
