import { sql } from 'kysely'
import type { Db } from '../../db.ts'
import type { RepositoryKey } from './deployment-marks.ts'

/** Up to where a repository's deployments are worked out with nothing unknown. `through` in whole seconds since 1970. */
export type Settled = { through: number; lastSuccessId: string; lastCommit: string }

export async function findSettled(
  tx: Db,
  { organizationId, repositoryId }: RepositoryKey,
): Promise<Settled | undefined> {
  const found = await sql<Settled>`
    select extract(epoch from through)::bigint as through, last_success_id as "lastSuccessId", last_commit as "lastCommit"
    from settled_deployments
    where organization_id = ${organizationId}::uuid and repository_id = ${repositoryId}::uuid`.execute(tx)
  return found.rows[0]
}

/** Undefined: something is unknown, and whatever comes next is worked out with the whole history. */
export async function writeSettled(
  tx: Db,
  { organizationId, repositoryId, settled }: RepositoryKey & { settled: Settled | undefined },
): Promise<void> {
  if (settled === undefined)
    await sql`delete from settled_deployments
      where organization_id = ${organizationId}::uuid and repository_id = ${repositoryId}::uuid`.execute(tx)
  else
    await sql`
      insert into settled_deployments (organization_id, repository_id, through, last_success_id, last_commit)
      values (${organizationId}, ${repositoryId}, to_timestamp(${settled.through}::bigint), ${settled.lastSuccessId},
        ${settled.lastCommit})
      on conflict (organization_id, repository_id) do update set
        through = excluded.through, last_success_id = excluded.last_success_id, last_commit = excluded.last_commit`.execute(
      tx,
    )
}

/** A counted deployment as it is stored, whose judgement what follows may change. Moments in whole seconds since 1970. */
export type SettledDeployment = {
  id: string
  outcome: 'successful' | 'failed' | 'stopped'
  completedAt: number
  tellings: number
  changes: number
  isRollback: boolean
  isRework: boolean
}

/** The last settled success and what came after it, oldest first. */
export async function listLastSettled(
  tx: Db,
  { organizationId, repositoryId, lastSuccessId }: RepositoryKey & Pick<Settled, 'lastSuccessId'>,
): Promise<SettledDeployment[]> {
  const found = await sql<SettledDeployment>`
    select f.deployment_id as id, f.outcome, extract(epoch from f.completed_at)::bigint as "completedAt", f.tellings,
      f.changes, f.is_rollback as "isRollback", f.is_rework as "isRework"
    from deployment_figures l
    join deployment_figures f on f.organization_id = l.organization_id and f.repository_id = l.repository_id
      and f.completed_at >= l.completed_at and (f.completed_at, f.deployment_id) >= (l.completed_at, l.deployment_id)
    where l.organization_id = ${organizationId}::uuid and l.repository_id = ${repositoryId}::uuid
      and l.deployment_id = ${lastSuccessId}::uuid
    order by f.completed_at, f.deployment_id`.execute(tx)
  return found.rows
}

/**
 * Whether anything settled has to be looked at again: a person marked a telling of these deployments or an incident names
 * one, a pipeline among `pipelines` told of one before, or a merge in a later second is in production already.
 */
export async function touchesSettled(
  tx: Db,
  {
    organizationId,
    repositoryId,
    settled,
    deploymentIds,
    pipelines,
  }: RepositoryKey & { settled: Settled; deploymentIds: readonly string[]; pipelines: readonly string[] },
): Promise<boolean> {
  const org = sql`${organizationId}::uuid`
  const repository = sql`${repositoryId}::uuid`
  const later = sql`to_timestamp(${settled.through + 1}::bigint)`
  const found = await sql<{ touches: boolean }>`
    select exists (
        select from deployment counted
        join deployment d on d.organization_id = counted.organization_id and d.repository_id = counted.repository_id
          and (d.id = counted.id or d.pipeline_uuid = counted.pipeline_uuid)
        join deployment_mark m on m.organization_id = d.organization_id and m.deployment_id = d.id
        where counted.organization_id = ${org} and counted.repository_id = ${repository}
          and counted.id = any(${[...deploymentIds]}::uuid[]))
      or exists (
        select from deployment counted
        join deployment d on d.organization_id = counted.organization_id and d.repository_id = counted.repository_id
          and d.pipeline_uuid = counted.pipeline_uuid and d.id <> counted.id
        join incident i on i.organization_id = d.organization_id and i.deployment_id = d.id
        where counted.organization_id = ${org} and counted.repository_id = ${repository}
          and counted.id = any(${[...deploymentIds]}::uuid[]))
      or exists (
        select from deployment d where d.organization_id = ${org} and d.repository_id = ${repository}
          and d.pipeline_uuid = any(${[...pipelines]}::text[]) and d.completed_at < ${later})
      or exists (
        select from pull_request_figures f
        join pull_request p on p.organization_id = f.organization_id and p.id = f.pull_request_id
        join deployed_commit c on c.organization_id = p.organization_id and c.repository_id = p.repository_id
          and c.sha = p.merge_sha
        where f.organization_id = ${org} and f.repository_id = ${repository} and f.merged_at >= ${later}) as touches`.execute(
    tx,
  )
  return found.rows[0]?.touches ?? true
}
