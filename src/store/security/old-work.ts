import { sql } from 'kysely'
import type { Db } from '../db.ts'
import { batchRows, inBatches } from '../in-batches.ts'

type Old = { organizationId: string; before: Date }

/** Deletes the lines of bulk changes that ended long ago, unless an undo still reads them. What the change was stays. */
export async function deleteBulkItems(db: Db, { organizationId, before }: Old): Promise<void> {
  const found = await sql<{ id: string }>`
    select b.id from bulk_change b
    where b.organization_id = ${organizationId}::uuid and b.items_kept and b.finished_at < ${before}
      and not exists (select from bulk_change u
        where u.organization_id = b.organization_id and u.undoes = b.id and u.state = 'running')
    order by b.finished_at limit ${batchRows}`.execute(db)
  for (const { id } of found.rows) await deleteItems(db, { organizationId, id })
}

async function deleteItems(db: Db, { organizationId, id }: { organizationId: string; id: string }): Promise<void> {
  const mine = sql`organization_id = ${organizationId}::uuid and bulk_change_id = ${id}::uuid`
  await inBatches(async () => {
    const deleted = await sql`
      delete from bulk_change_item where ${mine} and vulnerability_id in (
        select vulnerability_id from bulk_change_item where ${mine} order by vulnerability_id
        limit ${batchRows} for update skip locked)`.execute(db)
    return deleted.numAffectedRows ?? 0n
  })
  // Of a very large one some may be left for the next round, which looks for it again.
  await sql`update bulk_change set items_kept = false where organization_id = ${organizationId}::uuid and id = ${id}::uuid
    and not exists (select from bulk_change_item where ${mine})`.execute(db)
}

/** Deletes walks over deadlines that have ended: what they moved stands in the vulnerabilities. */
export async function deleteDeadlineRuns(db: Db, { organizationId, before }: Old): Promise<void> {
  const mine = sql`organization_id = ${organizationId}::uuid`
  await inBatches(async () => {
    const deleted = await sql`
      delete from deadline_run where ${mine} and id in (
        select id from deadline_run where ${mine} and finished_at < ${before}
        order by finished_at limit ${batchRows} for update skip locked)`.execute(db)
    return deleted.numAffectedRows ?? 0n
  })
}

/** Of the scores of assets from before that day the last one of each calendar month stays. */
export async function thinScoreDays(db: Db, { organizationId, before }: Old): Promise<void> {
  const day = before.toISOString().slice(0, 10)
  await inBatches(async () => {
    // Asset by asset, along the key: the old days of one are few, those of all are not.
    const deleted = await sql`
      delete from asset_score_day where organization_id = ${organizationId}::uuid and (asset_id, day) in (
        select a.id, old.day from asset a cross join lateral (
          select d.day from asset_score_day d
          where d.organization_id = a.organization_id and d.asset_id = a.id and d.day < ${day}::date
            and exists (select from asset_score_day later
              where later.organization_id = d.organization_id and later.asset_id = d.asset_id and later.day > d.day
                and later.day < (date_trunc('month', d.day) + interval '1 month')::date)
          order by d.day limit ${batchRows} for update of d skip locked) old
        where a.organization_id = ${organizationId}::uuid limit ${batchRows})`.execute(db)
    return deleted.numAffectedRows ?? 0n
  })
}
