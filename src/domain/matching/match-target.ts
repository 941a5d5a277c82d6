import { decisionOf, type ExistingFinding, type MatchStep, matchSteps, type ReportIdentity } from './identities.ts'
import { type MatchPlan, matchFindings, type PlanItem } from './match-findings.ts'

export type PullRequestInput = {
  /** What is stored for the branch of the pull request, and for the branch it goes to. */
  branch: readonly ExistingFinding[]
  target: readonly ExistingFinding[]
  report: readonly ReportIdentity[]
  closingScanners: readonly string[]
}

/**
 * Compares the scan of a pull request with its branch and with its target. What stands in the target already, or was decided
 * about there, is `known` and makes nothing on the branch; the rest is compared with the branch as any scan is. Findings of
 * the target are never closed. Every result exactly once, in the order of the file.
 */
export function matchPullRequest({ branch, target, report, closingScanners }: PullRequestInput): MatchPlan {
  const own = new Map(itemsOf(branch, report).map((item) => [item.position, item]))
  const standing = target.filter((finding) => finding.active || decisionOf(finding.status) !== undefined)
  const statuses = new Map(standing.map((finding) => [finding.id, finding.status]))
  const items = itemsOf(standing, report).filter(
    (item) =>
      item.findingId !== null &&
      isBetter(item.step, own.get(item.position)?.step) &&
      // What the target was told to keep quiet about, and the pull request is not, is news.
      (item.isSuppressed || statuses.get(item.findingId) !== 'suppressed'),
  )
  const known = new Map(items.map((item) => [item.position, toKnown(item)]))
  const plan = matchFindings({
    existing: branch,
    report: report.filter(({ position }) => !known.has(position)),
    closingScanners,
    lookedFor: report,
  })
  const all = [...plan.items, ...known.values()].toSorted((a, b) => a.position - b.position)
  const inTarget = new Set([...known.keys()].flatMap((position) => own.get(position)?.findingId ?? []))
  return { ...plan, items: all, inTarget }
}

/** One result that stands in the target, as `item` found it there. */
export function toKnown(item: PlanItem): PlanItem {
  return { ...item, outcome: 'known', mergedInto: null, from: null, isChanged: false }
}

function itemsOf(existing: readonly ExistingFinding[], report: readonly ReportIdentity[]): PlanItem[] {
  return matchFindings({ existing, report, closingScanners: [] }).items
}

/** A surer step on the branch keeps its finding there: of two edited texts one may be mistaken for the other. */
function isBetter(there: PlanItem['step'], here: PlanItem['step'] | undefined): boolean {
  return rank(there) <= rank(here)
}

function rank(step: PlanItem['step'] | undefined): number {
  const found = matchSteps.findIndex((one: MatchStep) => one === step)
  return found === -1 ? matchSteps.length : found
}
