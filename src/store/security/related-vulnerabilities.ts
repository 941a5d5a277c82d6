import { sql } from 'kysely'
import type { Severity } from '../../domain/severity.ts'
import type { Status } from '../../domain/status.ts'
import type { Db } from '../db.ts'

/** A vulnerability beside another one, and what is behind it. */
export type RelatedVulnerability = {
  id: string
  number: number
  title: string
  severity: Severity
  status: Status
  messages: number
  items: number
}

/** Vulnerabilities by number, with how many messages and items of trackers they have. */
export async function listRelated(
  db: Db,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<RelatedVulnerability[]> {
  if (ids.length === 0) return []
  const found = await sql<RelatedVulnerability>`
    select v.id, v.number, v.title, v.severity, v.status,
      (select count(*) from message m where m.organization_id = v.organization_id and m.vulnerability_id = v.id
        and m.deleted_at is null) as messages,
      (select count(*) from defect d where d.organization_id = v.organization_id and d.vulnerability_id = v.id
        and d.ended_at is null) as items
    from vulnerability v
    where v.organization_id = ${organizationId}::uuid and v.id = any(${[...ids]}::uuid[]) order by v.number`.execute(db)
  return found.rows
}

/** Ids of what was merged into a vulnerability. */
export async function listMergedIds(
  db: Db,
  { organizationId, id }: { organizationId: string; id: string },
): Promise<string[]> {
  const rows = await db
    .selectFrom('vulnerability')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('merged_into', '=', id)
    .execute()
  return rows.map((row) => row.id)
}
