import type { BusinessClock } from '../../../domain/delivery/business-hours.ts'
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
  type Judgement,
  judgeDeployments,
} from '../../../domain/delivery/deployments/judge-deployments.ts'
import { measureBusinessDeployPhases, measureDeployPhases } from '../../../domain/delivery/measure-phases.ts'
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
import { replaceDeploymentFigures } from '../../../store/delivery/deployments/deployment-figures.ts'
import {
  listRepositoriesToCompute,
  lockDeployments,
  type RepositoryKey,
  takeRepositoryMarks,
} from '../../../store/delivery/deployments/deployment-marks.ts'
import {
  type DeliveryRules,
  getDeliveryRules,
  listDeploymentSources,
} from '../../../store/delivery/deployments/deployment-rules.ts'
import { listScannedCommits, replaceDeployedScans } from '../../../store/delivery/remediation/deployed-scans.ts'
import { listAuthorClocks } from '../teams/list-author-clocks.ts'
import { recordImpliedDeployments } from './record-implied-deployments.ts'
import { toSourceRule } from './to-source-rule.ts'
import { type WalkedDeployment, walkDeployments } from './walk-deployments.ts'

/** In one call, so that a worker can always stop soon; the rest waits for the next one. */
const repositoriesAtMost = 50

/**
 * Works out anew what the deployments of each repository count as whose facts changed: one repository in a transaction.
 * Safe to run twice and in several processes. Answers how many it worked out.
 */
export async function computeChangedDeployments(deps: { db: Db }): Promise<number> {
  let count = 0
  for (const key of await listRepositoriesToCompute(deps.db, { limit: repositoriesAtMost }))
    if (await deps.db.transaction().execute((tx) => computeRepository(tx, key))) count += 1
  return count
}

async function computeRepository(tx: Db, key: RepositoryKey): Promise<boolean> {
  if (!(await lockDeployments(tx, key))) return false
  await takeRepositoryMarks(tx, key)
  const sources = (await listDeploymentSources(tx, key)).map(toSourceRule)
  await recordImpliedDeployments(tx, { ...key, sources })
  const worked = await workOutDeployments(tx, key)
  await replaceDeploymentFigures(tx, { ...key, ...worked.rows })
  await replaceDeployedScans(tx, { ...key, scans: worked.scans })
  return true
}

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
    deployments: describe({ counted, walked, changes, merges, told, rules }),
    incidents: chargeToCounted(await listIncidentFacts(tx, key), counted),
    rules: { repairWithinHours: rules.repair_within_hours, countsFailedDeployments: rules.counts_failed_deployments },
  })
  const rows = {
    figures: toFigures(key, { counted, walked, changes, judged }),
    changes: toChanges(key, { counted, changes, merges, clocks: await listClocks(tx, key, { changes, merges }) }),
  }
  return { rows, scans: toDeployedScans(walked, scanned), told, counted, merges, sources, rules }
}

function isInForce(
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
function describe({ counted, walked, changes, merges, told, rules }: Told) {
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

type Worked = Pick<Told, 'counted' | 'walked' | 'changes'> & { judged: readonly Judgement[] }

function toFigures({ organizationId, repositoryId }: RepositoryKey, { counted, walked, changes, judged }: Worked) {
  const judgements = new Map(judged.map((one) => [one.id, one]))
  const rollbacks = new Set(walked.filter(({ isRollback }) => isRollback).map(({ id }) => id))
  const amounts = Map.groupBy(
    changes.filter(({ isBatchMerge }) => !isBatchMerge),
    ({ deploymentId }) => deploymentId,
  )
  return counted.map(({ id, facts, outcome, completedAt }) => {
    const { failedBy = null, recoveredAt = null, isRework = false } = judgements.get(id) ?? {}
    return {
      organization_id: organizationId,
      deployment_id: id,
      repository_id: repositoryId,
      outcome,
      completed_at: toDate(completedAt),
      tellings: facts.length,
      changes: amounts.get(id)?.length ?? 0,
      is_rollback: rollbacks.has(id),
      is_rework: isRework,
      failed_by: failedBy,
      recovered_at: recoveredAt === null ? null : toDate(recoveredAt),
      recovery_s: recoveredAt === null || recoveredAt < completedAt ? null : recoveredAt - completedAt,
    }
  })
}

/** The clock of each author of what went into production, by the pull request's id. */
async function listClocks(
  tx: Db,
  { organizationId, repositoryId }: RepositoryKey,
  { changes, merges }: Pick<Told, 'changes' | 'merges'>,
): Promise<Map<string, BusinessClock>> {
  const deployed = new Set(changes.map(({ pullRequestId }) => pullRequestId))
  const authored = merges.filter(({ id }) => deployed.has(id))
  const asked = authored.map(({ authorId, openedAt }) => ({
    personId: authorId,
    repositoryId,
    at: new Date(openedAt * 1000),
  }))
  const clocks = await listAuthorClocks(tx, { organizationId, asked, clocks: new Map() })
  return new Map(authored.flatMap(({ id }, index) => (clocks[index] === undefined ? [] : [[id, clocks[index].clock]])))
}

function toChanges(
  { organizationId, repositoryId }: RepositoryKey,
  {
    counted,
    changes,
    merges,
    clocks,
  }: Pick<Told, 'counted' | 'changes' | 'merges'> & { clocks: ReadonlyMap<string, BusinessClock> },
) {
  const ends = new Map(counted.map(({ id, completedAt }) => [id, completedAt]))
  const byId = new Map(merges.map((one) => [one.id, one]))
  return changes.flatMap(({ pullRequestId, deploymentId, rule, isBatchMerge }) => {
    const merge = byId.get(pullRequestId)
    const deployedAt = ends.get(deploymentId)
    if (merge === undefined || deployedAt === undefined) return []
    const { deploy, lead } = measureDeployPhases({ ...merge, deployedAt })
    const clock = clocks.get(pullRequestId)
    const business =
      clock === undefined ? undefined : measureBusinessDeployPhases({ ...merge, deployedAt }, { deploy, lead }, clock)
    return {
      organization_id: organizationId,
      pull_request_id: pullRequestId,
      deployment_id: deploymentId,
      repository_id: repositoryId,
      author_id: merge.authorId,
      destination_branch: merge.destinationBranch,
      left_out: merge.leftOut,
      rule,
      is_batch_merge: isBatchMerge,
      deployed_at: toDate(deployedAt),
      deploy_s: deploy,
      lead_s: lead,
      deploy_business_s: business?.deploy ?? null,
      lead_business_s: business?.lead ?? null,
    }
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

function toDate(seconds: number): Date {
  return new Date(seconds * 1000)
}
