import { type ImportVerdict, judgeImport } from '../../domain/matching/judge-import.ts'
import { type MatchPlan, matchFindings } from '../../domain/matching/match-findings.ts'
import type { Db } from '../../store/db.ts'
import { listExistingFindings } from '../../store/security/findings.ts'
import { type ImportCounts, wasFileApplied } from '../../store/security/imports.ts'
import type { ReadReport } from './read-report.ts'

export type PlanTarget = {
  organizationId: string
  assetId: string
  branch: string
  scope: 'full' | 'partial'
  fileSha256: string
  commitHash: string | null
}

export type PlannedImport = { plan: MatchPlan; verdict: ImportVerdict; counts: ImportCounts; note: string | null }

/** Compares a report with what is stored now; the caller holds the lock of the target. */
export async function planImport(tx: Db, target: PlanTarget, read: ReadReport): Promise<PlannedImport> {
  const scanners = [
    ...new Set([...read.report.tools.map((tool) => tool.name), ...read.identities.map((item) => item.scanner)]),
  ]
  const existing = await listExistingFindings(tx, { ...target, scanners })
  const closingScanners =
    target.scope === 'partial' ? [] : read.report.tools.filter((tool) => tool.problem === null).map((tool) => tool.name)
  const plan = matchFindings({ existing, report: read.identities, closingScanners })
  const isSameFile = await wasFileApplied(tx, target)
  const verdict = judgeImport({ plan, existing, report: read.identities, isSameFile })
  return { plan, verdict, counts: countPlan(plan, read), note: explainUnseen(plan, target, read) }
}

function countPlan({ items, closed }: MatchPlan, read: ReadReport): ImportCounts {
  const count = (outcome: string): number => items.filter((item) => item.outcome === outcome).length
  return {
    results: read.results,
    new: count('new'),
    kept: count('kept'),
    reopened: count('reopened'),
    suppressed: count('suppressed'),
    skipped: read.skipped,
    closed: closed.length,
    sent: 0,
  }
}

/** Why findings that the report does not have stay open. */
function explainUnseen({ closed, unseen }: MatchPlan, target: PlanTarget, read: ReadReport): string | null {
  const left = unseen.length - closed.length
  if (left === 0) return null
  const problem = read.report.tools.find((tool) => tool.problem !== null)?.problem
  const why =
    target.scope === 'partial' ? 'the import was said to be partial' : (problem ?? 'their scanner did not run')
  return `${left} ${left === 1 ? 'finding is' : 'findings are'} not in the report and ${left === 1 ? 'stays' : 'stay'} open: ${why}.`
}
