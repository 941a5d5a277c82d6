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

/** Takes the marks of a repository; what changes after this leaves a new one. */
export async function takeRepositoryMarks(tx: Db, { organizationId, repositoryId }: RepositoryKey): Promise<void> {
  await tx
    .deleteFrom('repository_to_compute')
    .where('organization_id', '=', organizationId)
    .where('repository_id', '=', repositoryId)
    .execute()
}
