import type { BusinessClock } from '../../../domain/delivery/business-hours.ts'
import type { AttributedChange } from '../../../domain/delivery/deployments/attribute-changes.ts'
import type { CountedDeployment } from '../../../domain/delivery/deployments/count-deployments.ts'
import type { Judgement } from '../../../domain/delivery/deployments/judge-deployments.ts'
import { measureBusinessDeployPhases, measureDeployPhases } from '../../../domain/delivery/measure-phases.ts'
import type { Db } from '../../../store/db.ts'
import type { StoredMerge } from '../../../store/delivery/deployments/deployment-facts.ts'
import type { RepositoryKey } from '../../../store/delivery/deployments/deployment-marks.ts'
import type { SettledDeployment } from '../../../store/delivery/deployments/settled-deployments.ts'
import { listAuthorClocks } from '../teams/list-author-clocks.ts'
import type { WalkedDeployment } from './walk-deployments.ts'

type Worked = {
  counted: readonly CountedDeployment[]
  walked: readonly WalkedDeployment[]
  changes: readonly AttributedChange[]
  judged: readonly Judgement[]
}

/** The rows that are stored of counted deployments. */
export function toFigures(key: RepositoryKey, { counted, walked, changes, judged }: Worked) {
  const judgements = new Map(judged.map((one) => [one.id, one]))
  const rollbacks = new Set(walked.filter(({ isRollback }) => isRollback).map(({ id }) => id))
  const amounts = Map.groupBy(
    changes.filter(({ isBatchMerge }) => !isBatchMerge),
    ({ deploymentId }) => deploymentId,
  )
  return counted.map(({ facts, ...deployment }) => {
    const judgement = judgements.get(deployment.id)
    return toFigureRow(key, {
      ...deployment,
      tellings: facts.length,
      changes: amounts.get(deployment.id)?.length ?? 0,
      isRollback: rollbacks.has(deployment.id),
      isRework: judgement?.isRework ?? false,
      judgement,
    })
  })
}

/** The row of a deployment; one that was stopped has no judgement. */
export function toFigureRow(
  { organizationId, repositoryId }: RepositoryKey,
  { judgement, ...deployment }: SettledDeployment & { judgement: Judgement | undefined },
) {
  const { failedBy = null, recoveredAt = null } = judgement ?? {}
  const { completedAt } = deployment
  return {
    organization_id: organizationId,
    deployment_id: deployment.id,
    repository_id: repositoryId,
    outcome: deployment.outcome,
    completed_at: toDate(completedAt),
    tellings: deployment.tellings,
    changes: deployment.changes,
    is_rollback: deployment.isRollback,
    is_rework: deployment.isRework,
    failed_by: failedBy,
    recovered_at: recoveredAt === null ? null : toDate(recoveredAt),
    recovery_s: recoveredAt === null || recoveredAt < completedAt ? null : recoveredAt - completedAt,
  }
}

/** The clock of each author of what went into production, by the pull request's id. */
export async function listClocks(
  tx: Db,
  { organizationId, repositoryId }: RepositoryKey,
  { changes, merges }: { changes: readonly AttributedChange[]; merges: readonly StoredMerge[] },
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

/** The rows that are stored of what deployments brought. */
export function toChanges(
  { organizationId, repositoryId }: RepositoryKey,
  {
    counted,
    changes,
    merges,
    clocks,
  }: Pick<Worked, 'counted' | 'changes'> & {
    merges: readonly StoredMerge[]
    clocks: ReadonlyMap<string, BusinessClock>
  },
) {
  const ends = new Map(counted.map(({ id, completedAt }) => [id, completedAt]))
  const byId = new Map(merges.map((one) => [one.id, one]))
  const totals = sumByDeployment(changes, byId)
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
      changed_lines: merge.changedLines,
      is_security_work: merge.isSecurityWork,
      deployed_changes: totals.get(deploymentId)?.changes ?? 0,
      deployed_lines: totals.get(deploymentId)?.lines ?? null,
    }
  })
}

/** How many changes each deployment brought, and their lines; null where the size of one is unknown. */
function sumByDeployment(changes: readonly AttributedChange[], merges: ReadonlyMap<string, StoredMerge>) {
  const totals = new Map<string, { changes: number; lines: number | null }>()
  for (const { pullRequestId, deploymentId, isBatchMerge } of changes) {
    if (isBatchMerge) continue
    const own = merges.get(pullRequestId)?.changedLines ?? null
    const former = totals.get(deploymentId) ?? { changes: 0, lines: 0 }
    const lines = former.lines === null || own === null ? null : former.lines + own
    totals.set(deploymentId, { changes: former.changes + 1, lines })
  }
  return totals
}

export function toDate(seconds: number): Date {
  return new Date(seconds * 1000)
}
