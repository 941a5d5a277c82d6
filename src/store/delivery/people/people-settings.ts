import type { Db } from '../../db.ts'

export type PeopleSettingsRow = { has_person_pages: boolean; has_rankings: boolean; time_zone: string }

/** What an organization decided about figures of people; all off where it decided nothing. */
export async function getPeopleSettingsRow(db: Db, organizationId: string): Promise<PeopleSettingsRow> {
  const row = await db
    .selectFrom('people_settings')
    .select(['has_person_pages', 'has_rankings', 'time_zone'])
    .where('organization_id', '=', organizationId)
    .executeTakeFirst()
  return row ?? { has_person_pages: false, has_rankings: false, time_zone: 'UTC' }
}

export async function writePeopleSettings(
  tx: Db,
  { organizationId, now, settings }: { organizationId: string; now: Date; settings: PeopleSettingsRow },
): Promise<void> {
  await tx
    .insertInto('people_settings')
    .values({ organization_id: organizationId, ...settings, updated_at: now })
    .onConflict((conflict) => conflict.column('organization_id').doUpdateSet({ ...settings, updated_at: now }))
    .execute()
}
