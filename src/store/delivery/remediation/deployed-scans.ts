import { sql } from 'kysely'
import type { Db } from '../../db.ts'
import type { RepositoryKey } from '../deployments/deployment-marks.ts'

/** Commits of a repository that applied scans looked at. */
export async function listScannedCommits(db: Db, { organizationId, repositoryId }: RepositoryKey): Promise<string[]> {
  const found = await sql<{ commit: string }>`
    select distinct i.commit_hash as commit from asset a
    join import i on i.organization_id = a.organization_id and i.asset_id = a.id
    where a.organization_id = ${organizationId}::uuid and a.repository_id = ${repositoryId}::uuid
      and i.state = 'applied' and i.commit_hash is not null`.execute(db)
  return found.rows.map(({ commit }) => commit)
}

export type DeployedScan = { commit_hash: string; deployment_id: string; deployed_at: Date }

/** Replaces which deployment first contained the commit of each scan. What stays as it is is not written, so that nothing is marked by it. */
export async function replaceDeployedScans(
  tx: Db,
  { organizationId, repositoryId, scans }: RepositoryKey & { scans: readonly DeployedScan[] },
): Promise<void> {
  await sql`
    delete from deployed_scan where organization_id = ${organizationId}::uuid and repository_id = ${repositoryId}::uuid
      and commit_hash <> all(${scans.map(({ commit_hash }) => commit_hash)}::text[])`.execute(tx)
  if (scans.length === 0) return
  await sql`
    insert into deployed_scan (organization_id, repository_id, commit_hash, deployment_id, deployed_at)
    select ${organizationId}::uuid, ${repositoryId}::uuid, n.commit_hash, n.deployment_id, n.deployed_at
    from json_to_recordset(${JSON.stringify(scans)}::json) as n(commit_hash text, deployment_id uuid, deployed_at timestamptz)
    on conflict (organization_id, repository_id, commit_hash) do update
      set deployment_id = excluded.deployment_id, deployed_at = excluded.deployed_at
      where (deployed_scan.deployment_id, deployed_scan.deployed_at) is distinct from (excluded.deployment_id, excluded.deployed_at)`.execute(
    tx,
  )
}

/** Adds which deployment first contained the commit of each scan that has none yet, by the commits that are in production. */
export async function addDeployedScans(tx: Db, { organizationId, repositoryId }: RepositoryKey): Promise<void> {
  await sql`
    insert into deployed_scan (organization_id, repository_id, commit_hash, deployment_id, deployed_at)
    select distinct a.organization_id, a.repository_id, i.commit_hash, f.deployment_id, f.completed_at
    from asset a
    join import i on i.organization_id = a.organization_id and i.asset_id = a.id
    join deployed_commit c on c.organization_id = a.organization_id and c.repository_id = a.repository_id
      and c.sha = i.commit_hash
    join deployment_figures f on f.organization_id = c.organization_id and f.deployment_id = c.deployment_id
    where a.organization_id = ${organizationId}::uuid and a.repository_id = ${repositoryId}::uuid
      and i.state = 'applied' and not exists (select from deployed_scan s where s.organization_id = a.organization_id
        and s.repository_id = a.repository_id and s.commit_hash = i.commit_hash)
    on conflict do nothing`.execute(tx)
}

/** Shortened names of commits that scans told, of those in no deployment yet. */
export async function listShortScannedNames(
  db: Db,
  { organizationId, repositoryId }: RepositoryKey,
): Promise<string[]> {
  const found = await sql<{ commit: string }>`
    select distinct i.commit_hash as commit from asset a
    join import i on i.organization_id = a.organization_id and i.asset_id = a.id
    where a.organization_id = ${organizationId}::uuid and a.repository_id = ${repositoryId}::uuid
      and i.state = 'applied' and length(i.commit_hash) < 40 and not exists (
        select from deployed_scan s where s.organization_id = a.organization_id
          and s.repository_id = a.repository_id and s.commit_hash = i.commit_hash)`.execute(db)
  return found.rows.map(({ commit }) => commit)
}
