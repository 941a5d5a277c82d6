import { sql } from 'kysely'
import type { Db } from '../../db.ts'

export type RepositoryKey = { organizationId: string; repositoryId: string }

/** Repositories whose deployments may count as something else, those that have waited longest first. */
export async function listRepositoriesToCompute(db: Db, { limit }: { limit: number }): Promise<RepositoryKey[]> {
  const found = await sql<RepositoryKey>`
    select organization_id as "organizationId", repository_id as "repositoryId" from repository_to_compute
    group by organization_id, repository_id order by organization_id, repository_id limit ${limit}`.execute(db)
  return found.rows
}

/** False while another process works on this repository; else nobody else does until the transaction ends. */
export async function lockDeployments(tx: Db, { repositoryId }: RepositoryKey): Promise<boolean> {
  const key = `weir deployments ${repositoryId}`
  const found = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${key}, 0)) as mine`.execute(tx)
  return found.rows[0]?.mine === true
}

/**
 * Whether everything marks tell of came in a later second than what is settled, or only of merges that are in no deployment;
 * pull requests of which only what also stands beside
 * their deployment is another, and whether there is nothing but such.
 */
export type RepositoryMarks = { isLater: boolean; restated: readonly string[]; isRestatedOnly: boolean }

/** Takes the marks of a repository; what changes after this leaves a new one. Undefined where there was none. */
export async function takeRepositoryMarks(
  tx: Db,
  { organizationId, repositoryId, settled }: RepositoryKey & { settled: number | undefined },
): Promise<RepositoryMarks | undefined> {
  const found = await sql<RepositoryMarks & { isLater: boolean | null }>`
    with taken as (
      delete from repository_to_compute
      where organization_id = ${organizationId}::uuid and repository_id = ${repositoryId}::uuid
      returning since, merge_commits, restated),
    -- Where a merge itself is a deployment, its moment counts.
    telling as (
      select from deployment_source where organization_id = ${organizationId}::uuid and kind = 'merge'
        and (repository_id is null or repository_id = ${repositoryId}::uuid))
    select bool_and(coalesce(since >= to_timestamp(${(settled ?? 0) + 1}::bigint), false)
      or (merge_commits is not null and not exists (select from telling) and not exists (
        select from deployed_commit where organization_id = ${organizationId}::uuid
          and repository_id = ${repositoryId}::uuid and sha = any(merge_commits)))) as "isLater",
      array(select distinct unnest(restated) from taken) as restated, bool_and(restated is not null) as "isRestatedOnly"
    from taken`.execute(tx)
  const [marks] = found.rows
  if (marks === undefined || marks.isLater === null) return undefined
  return { ...marks, isLater: marks.isLater && settled !== undefined }
}
