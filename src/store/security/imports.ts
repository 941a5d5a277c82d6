import { type Selectable, sql } from 'kysely'
import * as z from 'zod'
import type { Db } from '../db.ts'
import type { ImportTable } from '../schema.gen.ts'

export type ImportRow = Selectable<ImportTable>
export type ImportState = ImportRow['state']

const count = z.number().int()
const storedCounts = z.object({
  results: count,
  new: count,
  /** None was counted before several scanners' findings were merged. */
  merged: count.default(0),
  kept: count,
  reopened: count,
  closed: count,
  suppressed: count,
  skipped: count,
  sent: count,
})
/** `results` is what the report holds: new + merged + kept + reopened + suppressed + skipped. */
export type ImportCounts = z.output<typeof storedCounts>
export const noCounts: ImportCounts = {
  results: 0,
  new: 0,
  merged: 0,
  kept: 0,
  reopened: 0,
  closed: 0,
  suppressed: 0,
  skipped: 0,
  sent: 0,
}

/** Counts as they were stored; zeros for a row from before there were any. */
export function parseCounts(stored: unknown): ImportCounts {
  const parsed = storedCounts.safeParse(stored)
  return parsed.success ? parsed.data : noCounts
}

export type NewImport = {
  organizationId: string
  id: string
  assetId: string
  branch: string
  commitHash: string | null
  format: string | null
  tool: string | null
  toolVersion: string | null
  scope: 'full' | 'partial'
  state: ImportState
  reason: string | null
  errorCode: string | null
  counts: ImportCounts
  unread: readonly string[]
  fileName: string
  fileSha256: string
  fileBytes: number
  source: 'browser' | 'cli' | 'api'
  memberId: string | null
  tokenId: string | null
  now: Date
}

/** Holds back every other import into the same branch of the same asset until the transaction ends. */
export async function lockImportTarget(
  tx: Db,
  target: { organizationId: string; assetId: string; branch: string },
): Promise<void> {
  const key = `weir import ${target.organizationId} ${target.assetId} ${target.branch}`
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx)
}

/**
 * Has this session's plans made anew. Checks of foreign keys keep theirs as long as the session lives, and one made when
 * the tables were nearly empty reads all rows of the organization, for every row that is written.
 */
export async function forgetPlans(tx: Db): Promise<void> {
  await sql`discard plans`.execute(tx)
}

export async function insertImport(tx: Db, input: NewImport): Promise<void> {
  await tx
    .insertInto('import')
    .values({
      organization_id: input.organizationId,
      id: input.id,
      asset_id: input.assetId,
      branch: input.branch,
      commit_hash: input.commitHash,
      format: input.format,
      tool: input.tool,
      tool_version: input.toolVersion,
      scope: input.scope,
      state: input.state,
      reason: input.reason,
      error_code: input.errorCode,
      counts: JSON.stringify(input.counts),
      unread: JSON.stringify(input.unread),
      file_name: input.fileName,
      file_sha256: input.fileSha256,
      file_bytes: input.fileBytes,
      source: input.source,
      created_by_member_id: input.memberId,
      created_by_token_id: input.tokenId,
      applied_at: input.state === 'applied' ? input.now : null,
      created_at: input.now,
      updated_at: input.now,
    })
    .execute()
}

export type ImportChange = {
  state: ImportState
  now: Date
  reason?: string | null
  counts?: ImportCounts
}

export async function updateImport(
  tx: Db,
  key: { organizationId: string; id: string },
  change: ImportChange,
): Promise<void> {
  const { state, now, reason, counts } = change
  await tx
    .updateTable('import')
    .set({
      state,
      updated_at: now,
      ...(state === 'applied' && { applied_at: now }),
      ...(reason !== undefined && { reason }),
      ...(counts !== undefined && { counts: JSON.stringify(counts) }),
    })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

export async function findImport(
  db: Db,
  key: { organizationId: string; id: string },
  options: { lock?: boolean } = {},
): Promise<ImportRow | undefined> {
  const row = db
    .selectFrom('import')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
  return (options.lock === true ? row.forUpdate() : row).executeTakeFirst()
}

/** The last import that changed this asset's branch. */
export async function findLastApplied(
  db: Db,
  target: { organizationId: string; assetId: string; branch: string },
): Promise<ImportRow | undefined> {
  return db
    .selectFrom('import')
    .selectAll()
    .where('organization_id', '=', target.organizationId)
    .where('asset_id', '=', target.assetId)
    .where('branch', '=', target.branch)
    .where('state', '=', 'applied')
    .orderBy('applied_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** Whether this very file was applied to this branch before, for the same commit. */
export async function wasFileApplied(
  db: Db,
  target: { organizationId: string; assetId: string; branch: string; fileSha256: string; commitHash: string | null },
): Promise<boolean> {
  const row = await db
    .selectFrom('import')
    .select('id')
    .where('organization_id', '=', target.organizationId)
    .where('asset_id', '=', target.assetId)
    .where('branch', '=', target.branch)
    .where('file_sha256', '=', target.fileSha256)
    .where('state', '=', 'applied')
    .where('commit_hash', 'is not distinct from', target.commitHash)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Keeps the file of a waiting import, in pieces that are already packed and sealed. */
export async function insertFileChunk(
  tx: Db,
  chunk: { organizationId: string; importId: string; position: number; data: Buffer },
): Promise<void> {
  await tx
    .insertInto('import_file_chunk')
    .values({
      organization_id: chunk.organizationId,
      import_id: chunk.importId,
      position: chunk.position,
      data: chunk.data,
    })
    .execute()
}

export async function readFileChunk(
  db: Db,
  key: { organizationId: string; importId: string; position: number },
): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('import_file_chunk')
    .select('data')
    .where('organization_id', '=', key.organizationId)
    .where('import_id', '=', key.importId)
    .where('position', '=', key.position)
    .executeTakeFirst()
  return row?.data
}

export async function deleteFileChunks(tx: Db, key: { organizationId: string; importId: string }): Promise<void> {
  await tx
    .deleteFrom('import_file_chunk')
    .where('organization_id', '=', key.organizationId)
    .where('import_id', '=', key.importId)
    .execute()
}
