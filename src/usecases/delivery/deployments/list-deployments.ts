import type { CountedDeployment } from '../../../../contract/delivery/deployments.ts'
import type { Db } from '../../../store/db.ts'
import {
  type CountedDeploymentRow,
  listCountedDeployments,
} from '../../../store/delivery/deployments/counted-deployments.ts'
import { parseTimePage, splitTimePage } from '../../sync/time-cursor.ts'
import { readTeams } from '../metric-scope.ts'

type Asked = {
  organizationId: string
  cursor?: string | undefined
  limit?: number | undefined
  repository?: readonly string[] | undefined
  team?: readonly string[] | undefined
  outcome?: readonly string[] | undefined
  judged?: 'failed' | 'rework' | 'marked' | undefined
  from?: string | undefined
  to?: string | undefined
}

/** Production deployments as they count, latest first. Throws `validation_failed` for a team that is not here. */
export async function listDeployments(
  { db }: { db: Db },
  asked: Asked,
): Promise<{ items: CountedDeployment[]; next: string | null }> {
  const { after, limit } = parseTimePage(asked)
  const rows = await listCountedDeployments(db, {
    organizationId: asked.organizationId,
    repositoryIds: asked.repository,
    teamIds: await readTeams(db, asked),
    outcomes: asked.outcome,
    judged: asked.judged,
    from: asked.from === undefined ? undefined : new Date(asked.from),
    to: asked.to === undefined ? undefined : new Date(asked.to),
    after,
    limit: limit + 1,
  })
  const { shown, next } = splitTimePage(rows, limit, ({ completedAt }) => completedAt)
  return { items: shown.map(toItem), next }
}

function toItem(row: CountedDeploymentRow): CountedDeployment {
  return {
    id: row.id,
    repository: { id: row.repositoryId, name: row.repositoryName },
    environment: row.environment,
    commit: row.commit,
    name: row.name,
    web_url: row.webUrl,
    outcome: row.outcome,
    completed_at: row.completedAt.toISOString(),
    changes: row.changes,
    tellings: row.tellings,
    is_rollback: row.isRollback,
    is_rework: row.isRework,
    failed_by: row.failedBy,
    recovered_at: row.recoveredAt?.toISOString() ?? null,
    mark: toMark(row),
  }
}

function toMark({ markedFailed, markedRework, markReason, markedBy, markedAt }: CountedDeploymentRow) {
  if (markReason === null || markedBy === null || markedAt === null) return null
  return { failed: markedFailed, rework: markedRework, reason: markReason, by: markedBy, at: markedAt.toISOString() }
}
