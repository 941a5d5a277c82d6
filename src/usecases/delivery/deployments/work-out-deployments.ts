import {
  type AttributedChange,
  attributeChanges,
  type ChangeReason,
} from '../../../domain/delivery/deployments/attribute-changes.ts'
import { isToldInForce, type SourceRule } from '../../../domain/delivery/deployments/choose-source.ts'
import { type CountedDeployment, countDeployments } from '../../../domain/delivery/deployments/count-deployments.ts'
import { isRepair, matchesPattern } from '../../../domain/delivery/deployments/is-repair.ts'
import {
  type IncidentFact,
  type JudgementRules,
  judgeDeployments,
} from '../../../domain/delivery/deployments/judge-deployments.ts'
import { type CommitGraph, createGraphBuilder } from '../../../git/commit-graph.ts'
import type { Db } from '../../../store/db.ts'
import {
  listCommitParents,
  listIncidentFacts,
  listMerges,
  listStoredDeployments,
  type StoredDeployment,
  type StoredMerge,
} from '../../../store/delivery/deployments/deployment-facts.ts'
import type { RepositoryKey } from '../../../store/delivery/deployments/deployment-marks.ts'
import {
  type DeliveryRules,
  getDeliveryRules,
  listDeploymentSources,
} from '../../../store/delivery/deployments/deployment-rules.ts'
import type { Settled } from '../../../store/delivery/deployments/settled-deployments.ts'
import { listScannedCommits } from '../../../store/delivery/remediation/deployed-scans.ts'
import { listClocks, toChanges, toDate, toFigures } from './deployment-rows.ts'
import { toSourceRule } from './to-source-rule.ts'
import { type WalkedDeployment, walkDeployments } from './walk-deployments.ts'

/** Works out a repository without writing anything; `note` hears why each merged pull request is in which deployment. */
export async function workOutDeployments(
  tx: Db,
  key: RepositoryKey,
  note?: (pullRequestId: string, reason: ChangeReason) => void,
) {
  const rules = await getDeliveryRules(tx, key)
  const sources = (await listDeploymentSources(tx, key)).map(toSourceRule)
  const told = (await listStoredDeployments(tx, key)).filter((one) => isInForce(one, { rules, sources }))
  const merges = await listMerges(tx, key)
  const counted = countDeployments(told.map((one) => ({ ...one, commitSha: one.commit })))
  const graph = counted.length === 0 ? undefined : await buildGraph(tx, key)
  const successes = counted.filter(({ outcome }) => outcome === 'successful')
  const scanned = await listScannedCommits(tx, key)
  const walked = walkDeployments(successes, {
    graph,
    merges: new Set([...merges.flatMap(({ mergeSha }) => mergeSha ?? []), ...scanned]),
  })
  const { changes } = attributeChanges({
    deployments: walked,
    pullRequests: merges,
    preHistoryDays: rules.pre_history_days,
    note,
  })
  const judged = judgeDeployments({
    deployments: describeDeployments({ counted, walked, changes, merges, told, rules }),
    incidents: chargeToCounted(await listIncidentFacts(tx, key), counted),
    rules: toJudgementRules(rules),
  })
  const rows = {
    figures: toFigures(key, { counted, walked, changes, judged }),
    changes: toChanges(key, { counted, changes, merges, clocks: await listClocks(tx, key, { changes, merges }) }),
  }
  const known = {
    scans: toDeployedScans(walked, scanned),
    commits: walked.flatMap(({ id, newCommits }) => newCommits.map((sha) => ({ sha, deploymentId: id }))),
    settled: graph?.isWhole === true ? findEnd(counted, walked) : undefined,
  }
  return { rows, known, told, counted, merges, sources, rules }
}

/** Up to where nothing is unknown; undefined where something is, or nothing was deployed. */
export function findEnd(
  counted: readonly CountedDeployment[],
  walked: readonly WalkedDeployment[],
): Settled | undefined {
  const [end, last] = [counted.at(-1), walked.at(-1)]
  if (end === undefined || last?.commit === undefined) return undefined
  if (walked.some(({ newMerges }) => newMerges === undefined)) return undefined
  return { through: end.completedAt, lastSuccessId: last.id, lastCommit: last.commit }
}

export function toJudgementRules(rules: DeliveryRules): JudgementRules {
  return { repairWithinHours: rules.repair_within_hours, countsFailedDeployments: rules.counts_failed_deployments }
}

/** Whether it is one of production, told by the source that is in force when it ended. */
export function isInForce(
  deployment: StoredDeployment,
  { rules, sources }: { rules: DeliveryRules; sources: readonly SourceRule[] },
): boolean {
  const { environmentKind, isKindDecided, environmentName, completedAt } = deployment
  const isNamedSo = !isKindDecided && rules.production_patterns.some((one) => matchesPattern(environmentName, one))
  if (environmentKind !== 'production' && !isNamedSo) return false
  return completedAt !== null && isToldInForce(sources, { ...deployment, completedAt })
}

/** Undefined where no clone told of any commit. */
async function buildGraph(tx: Db, key: RepositoryKey): Promise<CommitGraph | undefined> {
  const builder = createGraphBuilder()
  let count = 0
  for await (const batch of listCommitParents(tx, key)) {
    for (const { sha, parents } of batch) builder.add(sha, parents)
    count += batch.length
  }
  return count === 0 ? undefined : builder.build()
}

type Told = {
  counted: readonly CountedDeployment[]
  walked: readonly WalkedDeployment[]
  changes: readonly AttributedChange[]
  merges: readonly StoredMerge[]
  told: readonly StoredDeployment[]
  rules: DeliveryRules
}

/** Each counted deployment with its changes, the repairs among them, and what a person said of any of its tellings. */
export function describeDeployments({ counted, walked, changes, merges, told, rules }: Told) {
  const repairs = new Set(
    merges.filter((one) => isRepair(one, { branchPatterns: rules.repair_branches })).map(({ id }) => id),
  )
  const brought = Map.groupBy(changes, ({ deploymentId }) => deploymentId)
  const rollbacks = new Set(walked.filter(({ isRollback }) => isRollback).map(({ id }) => id))
  const marks = new Map(told.map((one) => [one.id, one]))
  return counted.map(({ id, facts, outcome, completedAt }) => {
    const own = brought.get(id) ?? []
    const said = facts.flatMap((fact) => marks.get(fact) ?? [])
    return {
      id,
      outcome,
      completedAt,
      isRollback: rollbacks.has(id),
      changes: own.length,
      repairs: own.filter(({ pullRequestId }) => repairs.has(pullRequestId)).length,
      markedFailed: said.find(({ markedFailed }) => markedFailed !== null)?.markedFailed ?? null,
      markedRework: said.find(({ markedRework }) => markedRework !== null)?.markedRework ?? null,
    }
  })
}

/** An incident may name any telling of what counts as one deployment; one that counts nowhere is named by nobody. */
function chargeToCounted(incidents: readonly IncidentFact[], counted: readonly CountedDeployment[]): IncidentFact[] {
  const ids = new Map(counted.flatMap(({ id, facts }) => facts.map((fact) => [fact, id] as const)))
  return incidents.map(({ deploymentId, ...one }) => {
    return { ...one, deploymentId: deploymentId === null ? null : (ids.get(deploymentId) ?? null) }
  })
}

/** The first success that contains the commit of each scan; none where no clone can say. */
function toDeployedScans(walked: readonly WalkedDeployment[], scanned: readonly string[]) {
  return scanned.flatMap((commit) => {
    const first = walked.find(({ newMerges }) => newMerges?.has(commit))
    return first === undefined
      ? []
      : [{ commit_hash: commit, deployment_id: first.id, deployed_at: toDate(first.completedAt) }]
  })
}
