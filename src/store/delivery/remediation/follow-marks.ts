import { sql } from 'kysely'
import type { Db } from '../../db.ts'

/** Organizations with vulnerabilities to work out: marked, or worked out by older rules. */
export async function listOrganizationsToFollow(db: Db, version: number): Promise<string[]> {
  const found = await sql<{ id: string }>`
    select o.organization_id as id from organization o
    where exists (select from vulnerability_to_follow m where m.organization_id = o.organization_id)
      or exists (select from vulnerability_figures f where f.organization_id = o.organization_id and f.version < ${version})
    order by 1`.execute(db)
  return found.rows.map(({ id }) => id)
}

/** False while another process follows this organization; else nobody else does until the transaction ends. */
export async function lockRemediation(tx: Db, organizationId: string): Promise<boolean> {
  const key = `weir remediation ${organizationId}`
  const found = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${key}, 0)) as mine`.execute(tx)
  return found.rows[0]?.mine === true
}

/** Takes up to `limit` vulnerabilities to work out, their marks with them; what changes after this leaves a new mark. */
export async function takeVulnerabilitiesToFollow(
  tx: Db,
  { organizationId, version, limit }: { organizationId: string; version: number; limit: number },
): Promise<string[]> {
  const marked = await sql<{ id: string }>`
    delete from vulnerability_to_follow where organization_id = ${organizationId}::uuid and vulnerability_id in (
      select distinct vulnerability_id from vulnerability_to_follow where organization_id = ${organizationId}::uuid
      order by vulnerability_id limit ${limit})
    returning vulnerability_id as id`.execute(tx)
  const ids = new Set(marked.rows.map(({ id }) => id))
  if (ids.size >= limit) return [...ids]
  const outdated = await sql<{ id: string }>`
    select vulnerability_id as id from vulnerability_figures
    where organization_id = ${organizationId}::uuid and version < ${version} limit ${limit}`.execute(tx)
  for (const { id } of outdated.rows) ids.add(id)
  return [...ids]
}
