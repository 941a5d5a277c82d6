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
  markedFailed: boolean | null
  markedRework: boolean | null
  /** Null where no person said anything. */
  markReason: string | null
  markedBy: string | null
  markedAt: Date | null
}

/** The marks of everything that is one deployment with `d`: attempts, steps and regions of its pipeline. */
const markOf = (d: RawBuilder<unknown>) => sql`
  select m.* from deployment_mark m where m.organization_id = ${d}.organization_id and m.deployment_id = ${d}.id
  union all
  select m.* from deployment s
  join deployment_mark m on m.organization_id = s.organization_id and m.deployment_id = s.id
  where s.organization_id = ${d}.organization_id and s.repository_id = ${d}.repository_id
    and s.pipeline_uuid = ${d}.pipeline_uuid and s.id <> ${d}.id
    and coalesce(s.commit_sha, s.commit) is not distinct from coalesce(${d}.commit_sha, ${d}.commit)`

const judgedSo = {
  failed: sql`f.failed_by is not null`,
  rework: sql`f.is_rework`,
  marked: sql`exists (select from deployment o where o.organization_id = f.organization_id and o.id = f.deployment_id
    and exists (${markOf(sql`o`)}))`,
} as const

type Wish = {
  organizationId: string
  repositoryIds: readonly string[] | undefined
  /** Those of their own repositories. */
  teamIds: readonly string[] | undefined
  outcomes: readonly string[] | undefined
  judged: 'failed' | 'rework' | 'marked' | undefined
  from: Date | undefined
  to: Date | undefined
  after: { at: string; id: string } | undefined
  limit: number
}

/** Production deployments as they count, latest first. */
export async function listCountedDeployments(db: Db, wish: Wish): Promise<CountedDeploymentRow[]> {
  const { repositoryIds, teamIds, outcomes, judged, from, to, after } = wish
  const found = await sql<CountedDeploymentRow>`
    select f.deployment_id as id, f.repository_id as "repositoryId", r.name as "repositoryName", e.name as environment,
      coalesce(d.commit_sha, d.commit) as commit, d.name, d.web_url as "webUrl", f.outcome, f.completed_at as "completedAt",
      f.changes, f.tellings, f.is_rollback as "isRollback", f.is_rework as "isRework", f.failed_by as "failedBy",
      f.recovered_at as "recoveredAt", m.is_failed as "markedFailed", m.is_rework as "markedRework",
      m.reason as "markReason", m.member_name as "markedBy", m.at as "markedAt"
    from (select * from deployment_figures f where f.organization_id = ${wish.organizationId}::uuid
      ${when(repositoryIds === undefined ? undefined : sql`f.repository_id = any(${[...repositoryIds]}::uuid[])`)}
      ${when(teamIds === undefined ? undefined : sql`f.repository_id in (select t.repository_id from team_repository t where t.organization_id = ${wish.organizationId}::uuid and t.team_id = any(${[...teamIds]}::uuid[]))`)}
      ${when(outcomes === undefined ? undefined : sql`f.outcome = any(${[...outcomes]}::text[])`)}
      ${when(judged === undefined ? undefined : judgedSo[judged])}
      ${when(from === undefined ? undefined : sql`f.completed_at >= ${from}`)}
      ${when(to === undefined ? undefined : sql`f.completed_at < ${to}`)}
      ${when(after === undefined ? undefined : sql`(f.completed_at, f.deployment_id) < (${after?.at}::timestamptz, ${after?.id}::uuid)`)}
      order by f.completed_at desc, f.deployment_id desc limit ${wish.limit}) f
    join deployment d on d.organization_id = f.organization_id and d.id = f.deployment_id
    join environment e on e.organization_id = d.organization_id and e.id = d.environment_id
    join repository r on r.organization_id = f.organization_id and r.id = f.repository_id
    left join lateral (select * from (${markOf(sql`d`)}) m order by m.at desc limit 1) m on true
    order by f.completed_at desc, f.deployment_id desc`.execute(db)
  return found.rows
}

function when(condition: RawBuilder<unknown> | undefined): RawBuilder<unknown> {
  return condition === undefined ? sql`` : sql`and ${condition}`
}
