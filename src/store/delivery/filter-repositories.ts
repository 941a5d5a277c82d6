import type { Db } from '../db.ts'

/** Of some ids, those of repositories of the organization. */
export async function listKnownRepositoryIds(
  db: Db,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('repository')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('id', 'in', [...ids])
    .execute()
  return rows.map(({ id }) => id)
}
