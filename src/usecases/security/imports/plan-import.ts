import { decisionOf, type ReportIdentity } from '../../../domain/matching/identities.ts'
import { type ImportVerdict, judgeImport } from '../../../domain/matching/judge-import.ts'
import { type MatchPlan, matchFindings, type PlanItem } from '../../../domain/matching/match-findings.ts'
import { mergeAcross } from '../../../domain/matching/merge-across.ts'
import type { Status } from '../../../domain/status.ts'
import type { Db } from '../../../store/db.ts'
import { listExistingFindings, listPackageEvidence } from '../../../store/security/findings.ts'
import { type ImportCounts, wasFileApplied } from '../../../store/security/imports.ts'
import { planPullRequest } from './plan-pull-request.ts'
import type { ReadReport } from './read-report.ts'
import { widenByAliases } from './widen-by-aliases.ts'

export type PlanTarget = {
  organizationId: string
  assetId: string
  branch: string
  /** Of a pull request's scan: the branch it goes to. */
  targetBranch: string | null
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
  const report = await widenByAliases(tx, read.identities)
  const existing = await widenByAliases(tx, await listExistingFindings(tx, { ...target, scanners }))
  const closingScanners =
    target.scope === 'partial' ? [] : read.report.tools.filter((tool) => tool.problem === null).map((tool) => tool.name)
  const { targetBranch } = target
  const matched =
    targetBranch === null
      ? matchFindings({ existing, report, closingScanners })
      : await planPullRequest(tx, {
          place: { ...target, targetBranch },
          scanners,
          branch: existing,
          report,
          closingScanners,
        })
  const plan = await mergePlan(tx, { target, plan: matched, report })
  const isSameFile = await wasFileApplied(tx, target)
  // What the target has by now is not gone, and no reason to doubt the report.
  const gone = plan.closed.filter(({ id }) => !plan.inTarget.has(id))
  const verdict = judgeImport({ plan: { ...plan, closed: gone }, existing, report, isSameFile })
  return { plan, verdict, counts: countPlan(plan, read), note: explainUnseen(plan, target, read) }
}

/** What is new from its scanner, but told of by another one already, is more evidence of the same vulnerability. */
async function mergePlan(
  tx: Db,
  { target, plan, report }: { target: PlanTarget; plan: MatchPlan; report: readonly ReportIdentity[] },
): Promise<MatchPlan> {
  const identities = new Map(report.map((one) => [one.position, one]))
  const fresh = plan.items.flatMap(({ findingId, position }) => {
    const one = findingId === null ? identities.get(position) : undefined
    return one === undefined || one.packageKey === null ? [] : [one]
  })
  const packageKeys = [...new Set(fresh.flatMap(({ packageKey }) => packageKey ?? []))]
  const known = await widenByAliases(tx, await listPackageEvidence(tx, { ...target, packageKeys }))
  if (known.length === 0) return plan
  const homes = mergeAcross(fresh, known)
  const mergedInto = new Map(fresh.map(({ position }, index) => [position, homes[index]]))
  const statuses = new Map(known.map((one) => [one.vulnerabilityId, one.status]))
  return { ...plan, items: plan.items.map((item) => mergeItem(item, mergedInto.get(item.position), statuses)) }
}

/** What one scanner was told to keep quiet about, and another one tells of, is open again. */
function mergeItem(item: PlanItem, mergedInto: string | undefined, statuses: ReadonlyMap<string, Status>): PlanItem {
  if (mergedInto === undefined) return item
  const status = statuses.get(mergedInto)
  const isBack = status === 'suppressed' || status === 'fixed'
  const outcome = item.isSuppressed ? 'suppressed' : isBack ? 'reopened' : 'merged'
  const decision = status === undefined ? null : (decisionOf(status) ?? null)
  return { ...item, outcome, step: 'merged', mergedInto, decision }
}

function countPlan({ items, closed }: MatchPlan, read: ReadReport): ImportCounts {
  const count = (outcome: string): number => items.filter((item) => item.outcome === outcome).length
  return {
    results: read.results,
    new: count('new'),
    merged: count('merged'),
    kept: count('kept'),
    reopened: count('reopened'),
    suppressed: count('suppressed'),
    known: count('known'),
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
    target.scope === 'partial'
      ? (read.report.partial ?? 'the import was said to be partial')
      : (problem ?? explainScanner({ closed, unseen }, read))
  return `${left} ${left === 1 ? 'finding is' : 'findings are'} not in the report and ${left === 1 ? 'stays' : 'stay'} open: ${why}.`
}

function explainScanner({ closed, unseen }: Pick<MatchPlan, 'closed' | 'unseen'>, { report }: ReadReport): string {
  const gone = new Set(closed)
  const ran = new Set(report.tools.map(({ name }) => name))
  const hasRun = unseen.every((finding) => gone.has(finding) || ran.has(finding.scanner))
  return hasRun
    ? 'the report tells of nothing of their kind, so their scanner may not have looked'
    : 'their scanner did not run'
}
