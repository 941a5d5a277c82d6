import type { ExistingFinding, ReportIdentity } from '../../../domain/matching/identities.ts'
import type { MatchPlan, PlanItem } from '../../../domain/matching/match-findings.ts'
import { matchPullRequest, toKnown } from '../../../domain/matching/match-target.ts'
import { mergeAcross } from '../../../domain/matching/merge-across.ts'
import type { Db } from '../../../store/db.ts'
import { listExistingFindings, listPackageEvidence } from '../../../store/security/findings.ts'
import { widenByAliases } from './widen-by-aliases.ts'

type Place = { organizationId: string; assetId: string; targetBranch: string }
type Input = {
  place: Place
  scanners: readonly string[]
  branch: readonly ExistingFinding[]
  report: readonly ReportIdentity[]
  closingScanners: readonly string[]
}

/** Compares a pull request's scan with its branch and its target; what another scanner told of there is known, too. */
export async function planPullRequest(tx: Db, input: Input): Promise<MatchPlan> {
  const { place, scanners, branch, report, closingScanners } = input
  const where = { ...place, branch: place.targetBranch }
  const target = await widenByAliases(tx, await listExistingFindings(tx, { ...where, scanners }))
  const plan = matchPullRequest({ branch, target, report, closingScanners })
  const unknown = new Set(plan.items.filter((item) => item.findingId === null).map((item) => item.position))
  const fresh = report.filter(({ position, packageKey }) => packageKey !== null && unknown.has(position))
  const packageKeys = [...new Set(fresh.flatMap(({ packageKey }) => packageKey ?? []))]
  const stored = await listPackageEvidence(tx, { ...where, packageKeys })
  const told = await widenByAliases(tx, stored.filter(isStanding))
  const homes = mergeAcross(fresh, told)
  const evidence = new Map(told.map((one) => [one.vulnerabilityId, one.findingId]))
  const known = new Map(
    fresh.flatMap(({ position }, index) => {
      const findingId = evidence.get(homes[index] ?? '')
      return findingId === undefined ? [] : [[position, findingId] as const]
    }),
  )
  return { ...plan, items: plan.items.map((item) => knowByAnother(item, known.get(item.position))) }
}

type Stored = Awaited<ReturnType<typeof listPackageEvidence>>[number]

/** What the target was told to keep quiet about is no answer to a scan that was not. */
function isStanding({ status }: Stored): boolean {
  return status !== 'suppressed'
}

function knowByAnother(item: PlanItem, findingId: string | undefined): PlanItem {
  return findingId === undefined ? item : { ...toKnown(item), step: 'merged', findingId }
}
