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
  /** Of a pull request's scan: what stands in its target already. */
  known: count.default(0),
  skipped: count,
  sent: count,
})
/** `results` is what the report holds: new + merged + kept + reopened + suppressed + known + skipped. */
export type ImportCounts = z.output<typeof storedCounts>
export const noCounts: ImportCounts = {
  results: 0,
  new: 0,
  merged: 0,
  kept: 0,
  reopened: 0,
  closed: 0,
  suppressed: 0,
  known: 0,
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
  /** Of a pull request's scan: where it goes, and what Bitbucket calls it. */
  targetBranch?: string | null
  pullRequestId?: string | null
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

/**
 * Holds back every other import into the same branch of the same asset until the transaction ends, and imports into the
 * branch a pull request goes to; several pull requests go to one branch at once. In one order, so that nobody waits in a ring.
 */
export async function lockImportTarget(
  tx: Db,
  target: { organizationId: string; assetId: string; branch: string; targetBranch?: string | null },
): Promise<void> {
  const { organizationId, assetId, branch, targetBranch = null } = target
  for (const name of [branch, ...(targetBranch === null ? [] : [targetBranch])].toSorted()) {
    const key = `weir import ${organizationId} ${assetId} ${name}`
    const lock = sql.raw(name === branch ? 'pg_advisory_xact_lock' : 'pg_advisory_xact_lock_shared')
    await sql`select ${lock}(hashtextextended(${key}, 0))`.execute(tx)
  }
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
      target_branch: input.targetBranch ?? null,
      pull_request_id: input.pullRequestId ?? null,
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

/** What is left out stays as it is. */
export type ImportChange = Partial<
  Pick<
    NewImport,
    'commitHash' | 'format' | 'tool' | 'toolVersion' | 'scope' | 'reason' | 'errorCode' | 'counts' | 'unread'
  > &
    Pick<NewImport, 'fileSha256' | 'fileBytes'>
> & { state: ImportState; now: Date }

/** `wasState`: only while it is still in this state. */
export async function updateImport(
  tx: Db,
  key: { organizationId: string; id: string; wasState?: ImportState },
  change: ImportChange,
): Promise<void> {
  const { state, now, counts, unread } = change
  const rows = tx
    .updateTable('import')
    .set({
      state,
      updated_at: now,
      ...(state === 'applied' && { applied_at: now }),
      commit_hash: change.commitHash,
      format: change.format,
      tool: change.tool,
      tool_version: change.toolVersion,
      scope: change.scope,
      reason: change.reason,
      error_code: change.errorCode,
      counts: counts && JSON.stringify(counts),
      unread: unread && JSON.stringify(unread),
      file_sha256: change.fileSha256,
      file_bytes: change.fileBytes,
    })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
  await (key.wasState === undefined ? rows : rows.where('state', '=', key.wasState)).execute()
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

/** Keeps the file of an import, in pieces that are already packed and sealed. */
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

/** From now on the report is kept until then (null: it is gone); before, it was kept for the decision. */
export async function keepFileUntil(
  tx: Db,
  { organizationId, importId, until }: { organizationId: string; importId: string; until: Date | null },
): Promise<void> {
  await tx
    .updateTable('import')
    .set({ file_kept_until: until })
    .where('organization_id', '=', organizationId)
    .where('id', '=', importId)
    .execute()
}
