import type { Db } from '../db.ts'

/** Where the vulnerability of a defect stands: what decides which route it goes by. */
export async function findDefectPlace(
  db: Db,
  key: { organizationId: string; vulnerabilityId: string },
): Promise<{ assetId: string; branch: string } | undefined> {
  return db
    .selectFrom('vulnerability')
    .select(['asset_id as assetId', 'branch'])
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.vulnerabilityId)
    .executeTakeFirst()
}
