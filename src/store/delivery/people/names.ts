import { sql } from 'kysely'
import type { Db } from '../../db.ts'

type Asked = { organizationId: string; ids: readonly string[] }

/** What accounts are shown as, by id; of whoever was anonymised, the pseudonym. */
export async function listPeopleNames(db: Db, { organizationId, ids }: Asked): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('contributor')
    .select(['id', 'display_name'])
    .where('organization_id', '=', organizationId)
    .where(sql<boolean>`id = any(${[...ids]}::uuid[])`)
    .execute()
  return new Map(rows.map((row) => [row.id, row.display_name]))
}

/** Every team's name, by id. */
export async function listTeamNames(db: Db, organizationId: string): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('team')
    .select(['id', 'name'])
    .where('organization_id', '=', organizationId)
    .execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}
