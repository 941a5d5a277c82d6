import { sql } from 'kysely'
import type { Db } from '../../db.ts'
import type { RepositoryKey } from './deployment-marks.ts'

/** The first production deployment that contains a commit. */
export type DeployedCommit = { sha: string; deploymentId: string }

/** Replaces what is known to be in production where it differs. */
export async function replaceDeployedCommits(
  tx: Db,
  { organizationId, repositoryId }: RepositoryKey,
  commits: readonly DeployedCommit[],
): Promise<void> {
  await sql`
    delete from deployed_commit former
    where former.organization_id = ${organizationId}::uuid and former.repository_id = ${repositoryId}::uuid
      and not exists (
        select from unnest(${commits.map(({ sha }) => sha)}::text[], ${commits.map(({ deploymentId }) => deploymentId)}::uuid[])
          as now (sha, deployment_id)
        where now.sha = former.sha and now.deployment_id = former.deployment_id)`.execute(tx)
  await insertDeployedCommits(tx, { organizationId, repositoryId }, commits)
}

export async function insertDeployedCommits(
  tx: Db,
  { organizationId, repositoryId }: RepositoryKey,
  commits: readonly DeployedCommit[],
): Promise<void> {
  if (commits.length === 0) return
  await sql`
    insert into deployed_commit (organization_id, repository_id, sha, deployment_id)
    select ${organizationId}::uuid, ${repositoryId}::uuid, now.sha, now.deployment_id
    from unnest(${commits.map(({ sha }) => sha)}::text[], ${commits.map(({ deploymentId }) => deploymentId)}::uuid[])
      as now (sha, deployment_id)
    on conflict do nothing`.execute(tx)
}

export type FoundCommit = { sha: string; isDeployed: boolean }

/** The commit of this name, whole or shortened; undefined where none or more than one is called so. */
export async function findCommit(
  tx: Db,
  { organizationId, repositoryId, name }: RepositoryKey & { name: string },
): Promise<FoundCommit | undefined> {
  // `g` comes after every digit of a name.
  const found = await sql<FoundCommit>`
    select c.sha, exists (select from deployed_commit d where d.organization_id = c.organization_id
      and d.repository_id = c.repository_id and d.sha = c.sha) as "isDeployed"
    from commit c where c.organization_id = ${organizationId}::uuid and c.repository_id = ${repositoryId}::uuid
      and c.sha >= ${name} and c.sha < ${`${name}g`} limit 2`.execute(tx)
  return found.rows.length === 1 ? found.rows[0] : undefined
}

/**
 * A commit that is not in production and those it comes from that are not either; undefined where one of them is unknown.
 * Costs what is new, however long the history is.
 */
export async function listUndeployedHistory(
  tx: Db,
  { organizationId, repositoryId, sha }: RepositoryKey & { sha: string },
): Promise<string[] | undefined> {
  const found = await sql<{ sha: string; isKnown: boolean }>`
    with recursive own (sha, parents) as (
      select c.sha, c.parents from commit c
      where c.organization_id = ${organizationId}::uuid and c.repository_id = ${repositoryId}::uuid and c.sha = ${sha}
      union
      select parent.sha, c.parents
      from own cross join lateral unnest(own.parents) as parent (sha)
      left join commit c on c.organization_id = ${organizationId}::uuid and c.repository_id = ${repositoryId}::uuid
        and c.sha = parent.sha
      where not exists (select from deployed_commit d where d.organization_id = ${organizationId}::uuid
        and d.repository_id = ${repositoryId}::uuid and d.sha = parent.sha))
    select sha, parents is not null as "isKnown" from own`.execute(tx)
  return found.rows.every(({ isKnown }) => isKnown) ? found.rows.map((one) => one.sha) : undefined
}
