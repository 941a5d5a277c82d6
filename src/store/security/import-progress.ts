import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { ImportProgressTable } from '../schema.gen.ts'
import { announce } from '../sync/live-events.ts'

type ImportKey = { organizationId: string; importId: string }

export type ImportStage = ImportProgressTable['stage']

/** How far an import is: bytes of the stage it is in, findings read or written so far. */
export type StoredProgress = {
  stage: ImportStage
  bytesRead: number
  /** null while nobody knows how much is to come. */
  bytesTotal: number | null
  findingsRead: number
}

/** The same as the API shows it. */
export type ProgressView = {
  stage: ImportStage
  bytes_read: number
  bytes_total: number | null
  findings_read: number
}

/** Begins to tell of an import; a former attempt at it is forgotten. */
export async function insertImportProgress(
  db: Db,
  { organizationId, importId, clientKey }: ImportKey & { clientKey: string | null },
  { stage, bytesRead, bytesTotal, findingsRead }: StoredProgress,
): Promise<void> {
  const told = { stage, bytes_read: bytesRead, bytes_total: bytesTotal, findings_read: findingsRead }
  await db
    .insertInto('import_progress')
    .values({ organization_id: organizationId, import_id: importId, client_key: clientKey, ...told })
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'import_id']).doUpdateSet({ ...told, beat_at: sql`now()` }),
    )
    .execute()
}

/** Says how far it is, and tells open pages. */
export async function updateImportProgress(
  db: Db,
  { organizationId, importId }: ImportKey,
  { stage, bytesRead, bytesTotal, findingsRead }: StoredProgress,
): Promise<void> {
  await db
    .updateTable('import_progress')
    .set({ stage, bytes_read: bytesRead, bytes_total: bytesTotal, findings_read: findingsRead, beat_at: sql`now()` })
    .where('organization_id', '=', organizationId)
    .where('import_id', '=', importId)
    .execute()
  await announce(db, organizationId, [{ kind: 'import_progress', import_id: importId }])
}

export async function deleteImportProgress(db: Db, { organizationId, importId }: ImportKey): Promise<void> {
  await db
    .deleteFrom('import_progress')
    .where('organization_id', '=', organizationId)
    .where('import_id', '=', importId)
    .execute()
}

/** The import that its sender calls `clientKey`, while it runs. */
export async function findImportByClientKey(
  db: Db,
  { organizationId, clientKey }: { organizationId: string; clientKey: string },
): Promise<{ import_id: string; progress: ProgressView } | undefined> {
  const row = await db
    .selectFrom('import_progress')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('client_key', '=', clientKey)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { import_id, stage, bytes_read, bytes_total, findings_read } = row
  return { import_id, progress: { stage, bytes_read, bytes_total, findings_read } }
}

/** A process that lives tells of its imports far more often than this; seconds by the database's clock. */
const silentForS = 60

/**
 * Ends imports whose process died: they are `failed`, with the reason, and one that was being applied waits for its
 * decision as before. What a living transaction holds is left alone. Of the whole installation.
 */
export async function endDeadImports(
  tx: Db,
  { reason, now }: { reason: string; now: Date },
): Promise<{ organizationId: string; importId: string }[]> {
  const silent = await sql<{ organization_id: string; import_id: string }>`
    select p.organization_id, p.import_id
    from import_progress p
    join import i on i.organization_id = p.organization_id and i.id = p.import_id
    where p.beat_at < now() - make_interval(secs => ${silentForS})
    order by p.organization_id, p.import_id limit 100
    for no key update of i skip locked`.execute(tx)
  const ended = silent.rows.map((row) => ({ organizationId: row.organization_id, importId: row.import_id }))
  for (const key of ended) {
    await tx
      .updateTable('import')
      .set({ state: 'failed', reason, error_code: 'internal', updated_at: now })
      .where('organization_id', '=', key.organizationId)
      .where('id', '=', key.importId)
      .where('state', '=', 'running')
      .execute()
    await deleteImportProgress(tx, key)
  }
  return ended
}
