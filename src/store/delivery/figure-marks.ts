import { sql } from 'kysely'
import type { Db } from '../db.ts'

/** Organizations with pull requests to work out: marked, or worked out by older rules. */
export async function listOrganizationsToCompute(db: Db, version: number): Promise<string[]> {
  const found = await sql<{ id: string }>`
    select o.organization_id as id from organization o
    where exists (select from pull_request_to_compute m where m.organization_id = o.organization_id)
      or exists (select from pull_request_figures f where f.organization_id = o.organization_id and f.version < ${version})
    order by 1`.execute(db)
  return found.rows.map(({ id }) => id)
}

/** False while another process works on this organization; else nobody else does until the transaction ends. */
export async function lockFigures(tx: Db, organizationId: string): Promise<boolean> {
  const key = `weir figures ${organizationId}`
  const found = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${key}, 0)) as mine`.execute(tx)
  return found.rows[0]?.mine === true
}

/** Takes up to `limit` pull requests to work out, their marks with them; what changes after this leaves a new mark. */
export async function takePullRequestsToCompute(
  tx: Db,
  { organizationId, version, limit }: { organizationId: string; version: number; limit: number },
): Promise<string[]> {
  const marked = await sql<{ id: string }>`
    delete from pull_request_to_compute where organization_id = ${organizationId}::uuid and pull_request_id in (
      select distinct pull_request_id from pull_request_to_compute where organization_id = ${organizationId}::uuid
      order by pull_request_id limit ${limit})
    returning pull_request_id as id`.execute(tx)
  const ids = new Set(marked.rows.map(({ id }) => id))
  if (ids.size >= limit) return [...ids]
  const outdated = await sql<{ id: string }>`
    select pull_request_id as id from pull_request_figures
    where organization_id = ${organizationId}::uuid and version < ${version} limit ${limit}`.execute(tx)
  for (const { id } of outdated.rows) ids.add(id)
  return [...ids]
}
