import type { Incident } from '../../../../contract/delivery/incidents.ts'
import type { Db } from '../../../store/db.ts'
import { listIncidentRows } from '../../../store/delivery/deployments/incidents.ts'
import { parseTimePage, splitTimePage } from '../../sync/time-cursor.ts'
import { readTeams } from '../metric-scope.ts'

type Asked = {
  organizationId: string
  cursor?: string | undefined
  limit?: number | undefined
  repository?: readonly string[] | undefined
  team?: readonly string[] | undefined
  resolved?: boolean | undefined
  from?: string | undefined
  to?: string | undefined
}

/** Incidents that began in a range, latest first. Throws `validation_failed` for a team that is not here. */
export async function listIncidents(
  { db }: { db: Db },
  asked: Asked,
): Promise<{ items: Incident[]; next: string | null }> {
  const { after, limit } = parseTimePage(asked)
  const rows = await listIncidentRows(db, {
    organizationId: asked.organizationId,
    repositoryIds: asked.repository,
    teamIds: await readTeams(db, asked),
    isResolved: asked.resolved,
    from: asked.from === undefined ? undefined : new Date(asked.from),
    to: asked.to === undefined ? undefined : new Date(asked.to),
    after,
    limit: limit + 1,
  })
  const { shown, next } = splitTimePage(rows, limit, ({ beganAt }) => beganAt)
  const items = shown.map((row) => ({
    id: row.id,
    repository: { id: row.repositoryId, name: row.repositoryName, path: row.repositoryPath },
    source: row.source,
    key: row.key,
    title: row.title,
    severity: row.severity,
    web_url: row.webUrl,
    began_at: row.beganAt.toISOString(),
    resolved_at: row.resolvedAt?.toISOString() ?? null,
    deployment_id: row.deploymentId,
  }))
  return { items, next }
}
