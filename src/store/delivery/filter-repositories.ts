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

/** Names of some repositories of the organization, in their order. */
export async function listRepositoryNamesOf(
  db: Db,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('repository')
    .select('name')
    .where('organization_id', '=', organizationId)
    .where('id', 'in', [...ids])
    .orderBy('name')
    .execute()
  return rows.map(({ name }) => name)
}
