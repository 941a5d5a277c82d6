import { sql } from 'kysely'
import type { Db } from '../db.ts'

/** Of some vulnerabilities those that are critical, open and on the default branch of their asset. */
export async function listNewCritical(
  db: Db,
  { organizationId, vulnerabilityIds }: { organizationId: string; vulnerabilityIds: readonly string[] },
): Promise<string[]> {
  if (vulnerabilityIds.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    select id from vulnerability where organization_id = ${organizationId}::uuid and id = any(${[...vulnerabilityIds]}::uuid[])
      and severity = 'critical' and status in ('created', 'identified') and on_default_branch and merged_into is null
    order by id`.execute(db)
  return rows.map(({ id }) => id)
}
