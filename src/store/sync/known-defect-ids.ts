import { sql } from 'kysely'
import type { Db } from '../db.ts'

/** Which of these ids are ids of defects, live or ended. */
export async function listKnownDefectIds(
  db: Db,
  key: { organizationId: string; ids: readonly string[] },
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('defect')
    .select('id')
    .where('organization_id', '=', key.organizationId)
    .where(sql<boolean>`id = any(${[...key.ids]}::uuid[])`)
    .execute()
  return new Set(rows.map(({ id }) => id))
}
