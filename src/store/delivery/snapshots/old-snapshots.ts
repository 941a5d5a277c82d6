import { sql } from 'kysely'
import type { Db } from '../../db.ts'
import { batchRows, inBatches } from '../../in-batches.ts'

/** Forgets what figures showed of days that long ago, all versions. */
export async function deleteOldSnapshots(db: Db, old: { organizationId: string; before: Date }): Promise<void> {
  const mine = sql`organization_id = ${old.organizationId}::uuid`
  await inBatches(async () => {
    const deleted = await sql`
      delete from metric_snapshot where ${mine} and (metric_key, day, repository_id, version) in (
        select metric_key, day, repository_id, version from metric_snapshot
        where ${mine} and day < ${old.before}::timestamptz::date order by day limit ${batchRows} for update skip locked)`.execute(
      db,
    )
    return deleted.numAffectedRows ?? 0n
  })
}
