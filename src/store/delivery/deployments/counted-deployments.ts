import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../db.ts'

export type CountedDeploymentRow = {
  id: string
  repositoryId: string
  repositoryName: string
  environment: string
  commit: string | null
  name: string | null
  webUrl: string | null
  outcome: 'successful' | 'failed' | 'stopped'
  completedAt: Date
  changes: number
  tellings: number
  isRollback: boolean
  isRework: boolean
  failedBy: 'manual' | 'incident' | 'rollback' | 'hotfix' | 'deploy_failed' | null
  recoveredAt: Date | null
}

type Wish = {
  organizationId: string
  repositoryIds: readonly string[] | undefined
  from: Date | undefined
  to: Date | undefined
  after: { at: string; id: string } | undefined
  limit: number
}

/** Production deployments as they count, latest first. */
export async function listCountedDeployments(db: Db, wish: Wish): Promise<CountedDeploymentRow[]> {
  const { repositoryIds, from, to, after } = wish
  const found = await sql<CountedDeploymentRow>`
    select f.deployment_id as id, f.repository_id as "repositoryId", r.name as "repositoryName", e.name as environment,
      coalesce(d.commit_sha, d.commit) as commit, d.name, d.web_url as "webUrl", f.outcome, f.completed_at as "completedAt",
      f.changes, f.tellings, f.is_rollback as "isRollback", f.is_rework as "isRework", f.failed_by as "failedBy",
      f.recovered_at as "recoveredAt"
    from (select * from deployment_figures f where f.organization_id = ${wish.organizationId}::uuid
      ${when(repositoryIds === undefined ? undefined : sql`f.repository_id = any(${[...repositoryIds]}::uuid[])`)}
      ${when(from === undefined ? undefined : sql`f.completed_at >= ${from}`)}
      ${when(to === undefined ? undefined : sql`f.completed_at < ${to}`)}
      ${when(after === undefined ? undefined : sql`(f.completed_at, f.deployment_id) < (${after?.at}::timestamptz, ${after?.id}::uuid)`)}
      order by f.completed_at desc, f.deployment_id desc limit ${wish.limit}) f
    join deployment d on d.organization_id = f.organization_id and d.id = f.deployment_id
    join environment e on e.organization_id = d.organization_id and e.id = d.environment_id
    join repository r on r.organization_id = f.organization_id and r.id = f.repository_id
    order by f.completed_at desc, f.deployment_id desc`.execute(db)
  return found.rows
}

function when(condition: RawBuilder<unknown> | undefined): RawBuilder<unknown> {
  return condition === undefined ? sql`` : sql`and ${condition}`
}
