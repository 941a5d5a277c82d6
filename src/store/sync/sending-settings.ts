import type { Db } from '../db.ts'

/** As it was stored; null while the organization decided nothing. */
export async function findStoredSending(db: Db, organizationId: string): Promise<unknown> {
  const row = await db
    .selectFrom('organization_settings')
    .select('sending')
    .where('organization_id', '=', organizationId)
    .executeTakeFirst()
  return row?.sending ?? null
}

export async function writeStoredSending(
  tx: Db,
  { organizationId, sending, now }: { organizationId: string; sending: unknown; now: Date },
): Promise<void> {
  const stored = { sending: JSON.stringify(sending), updated_at: now }
  await tx
    .insertInto('organization_settings')
    .values({ organization_id: organizationId, ...stored })
    .onConflict((conflict) => conflict.column('organization_id').doUpdateSet(stored))
    .execute()
}
