import { sql } from 'kysely'
import type { Db } from '../db.ts'
import { batchRows, inBatches } from '../in-batches.ts'
import { announce } from '../sync/live-events.ts'
import { insertImportLog, toLogLine } from './import-log.ts'
import { deleteFileChunks, keepFileUntil, updateImport } from './imports.ts'

type Old = { organizationId: string; before: Date; now: Date }

/** Discards imports that waited in vain, with the reason. One at a time: each holds a whole report. */
export async function discardWaitingImports(
  db: Db,
  old: Old & { state: 'previewed' | 'held'; reason: string },
): Promise<void> {
  const { organizationId, state } = old
  const waiting = await db
    .selectFrom('import')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('state', '=', state)
    .where('updated_at', '<', old.before)
    .orderBy('updated_at')
    .limit(batchRows)
    .execute()
  for (const { id } of waiting) await db.transaction().execute((tx) => discardUndecided(tx, { ...old, id }))
}

async function discardUndecided(
  tx: Db,
  { organizationId, id, state, now, reason }: Old & { id: string; state: 'previewed' | 'held'; reason: string },
): Promise<void> {
  const row = await tx
    .selectFrom('import')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where('state', '=', state)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  // Somebody is deciding on it right now, or has just done so.
  if (row === undefined) return
  await deleteFileChunks(tx, { organizationId, importId: id })
  await updateImport(tx, { organizationId, id }, { state: 'discarded', now, reason })
  const lines = [toLogLine('discarded', now, { detail: reason }), toLogLine('file_deleted', now)]
  await insertImportLog(tx, { organizationId, importId: id }, lines)
  await announce(tx, organizationId, [{ kind: 'import', import_id: id }])
}

/** Removes reports whose time is over; their imports stay. One at a time: each may be large. */
export async function deleteKeptFiles(
  db: Db,
  { organizationId, now }: { organizationId: string; now: Date },
): Promise<void> {
  const ended = await db
    .selectFrom('import')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('file_kept_until', '<', now)
    .orderBy('file_kept_until')
    .limit(batchRows)
    .execute()
  for (const { id } of ended)
    await db.transaction().execute(async (tx) => {
      await deleteFileChunks(tx, { organizationId, importId: id })
      await keepFileUntil(tx, { organizationId, importId: id, until: null })
      await insertImportLog(tx, { organizationId, importId: id }, [toLogLine('file_deleted', now)])
    })
}

/** Deletes the items of discarded imports: there may be hundreds of thousands. The line in the list stays. */
export async function deleteDiscardedItems(db: Db, { organizationId, before }: Omit<Old, 'now'>): Promise<void> {
  const found = await sql<{ id: string }>`
    select id from import i
    where i.organization_id = ${organizationId}::uuid and i.state = 'discarded' and i.updated_at < ${before}
      and exists (select from import_item o where o.organization_id = i.organization_id and o.import_id = i.id)
    order by i.updated_at limit ${batchRows}`.execute(db)
  for (const { id } of found.rows)
    await inBatches(async () => {
      const items = sql`organization_id = ${organizationId}::uuid and import_id = ${id}::uuid`
      const deleted = await sql`
        delete from import_item where ${items} and position in (
          select position from import_item where ${items} order by position limit ${batchRows})`.execute(db)
      return deleted.numAffectedRows ?? 0n
    })
}

/** Deletes discarded imports whose items are gone. Nothing else ever refers to them. */
export async function deleteDiscardedImports(db: Db, { organizationId, before }: Omit<Old, 'now'>): Promise<void> {
  await inBatches(async () => {
    const deleted = await sql`
      delete from import where organization_id = ${organizationId}::uuid and id in (
        select id from import i
        where i.organization_id = ${organizationId}::uuid and i.state = 'discarded' and i.updated_at < ${before}
          and not exists (select from import_item o where o.organization_id = i.organization_id and o.import_id = i.id)
        order by i.updated_at limit ${batchRows} for update skip locked)`.execute(db)
    return deleted.numAffectedRows ?? 0n
  })
}
