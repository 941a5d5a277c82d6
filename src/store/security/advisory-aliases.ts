import { sql } from 'kysely'
import type { AliasLeaders } from '../../domain/intelligence/widen-names.ts'
import type { KnownEvidence } from '../../domain/matching/merge-across.ts'
import type { Db } from '../db.ts'
import { listApartGroups } from './findings.ts'

/** Rows of one statement. */
const batchRows = 5000

/** Of these names those that stand in the loaded file, each with the one that leads it. */
export async function listAliasLeaders(db: Db, names: readonly string[]): Promise<AliasLeaders> {
  const wanted = [...new Set(names)]
  if (wanted.length === 0) return new Map()
  const found = await sql<{ name: string; leader: string }>`
    select name, leader from advisory_alias where name = any(${wanted}::text[])`.execute(db)
  return new Map(found.rows.map((row) => [row.name, row.leader]))
}

/** Puts the names of a file in the place of those that were loaded before. */
export async function replaceAliases(tx: Db, leaders: AliasLeaders): Promise<void> {
  await sql`delete from advisory_alias`.execute(tx)
  const rows = [...leaders].map(([name, leader]) => ({ name, leader }))
  for (let at = 0; at < rows.length; at += batchRows)
    await sql`
      insert into advisory_alias (name, leader)
      select r.name, r.leader from json_to_recordset(${JSON.stringify(rows.slice(at, at + batchRows))}::json)
        as r(name text, leader text)`.execute(tx)
  // Its statistics decide how imports read it.
  await sql`analyze advisory_alias`.execute(tx)
}

export type PlacedEvidence = KnownEvidence & { branch: string }

/** Assets of an organization with evidence of packages. */
export async function listAssetsWithPackages(db: Db, organizationId: string): Promise<string[]> {
  const found = await sql<{ asset_id: string }>`
    select distinct asset_id from finding
    where organization_id = ${organizationId}::uuid and package_key is not null order by 1`.execute(db)
  return found.rows.map((row) => row.asset_id)
}

/** What is there of an asset's packages whose advisory the loaded file knows. */
export async function listAliasedEvidence(
  db: Db,
  { organizationId, assetId }: { organizationId: string; assetId: string },
): Promise<PlacedEvidence[]> {
  const found = await sql<Omit<PlacedEvidence, 'apartGroups'>>`
    select f.vulnerability_id as "vulnerabilityId", f.branch, f.scanner, f.package_key as "packageKey",
      f.advisory_names as names, f.path, f.active
    from finding f
    where f.organization_id = ${organizationId}::uuid and f.asset_id = ${assetId}::uuid and f.package_key is not null and f.active
      and exists (select from advisory_alias a where a.name = any(f.advisory_names))
    order by f.id`.execute(db)
  const ids = found.rows.map((row) => row.vulnerabilityId)
  const groups = await listApartGroups(db, organizationId, ids)
  return found.rows.map((row) => ({ ...row, apartGroups: groups.get(row.vulnerabilityId) ?? [] }))
}
