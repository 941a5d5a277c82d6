import type { ReportImport } from '../../../../contract/security/imports.ts'
import type { Actor } from '../../../domain/actor.ts'
import type { Db } from '../../../store/db.ts'
import { insertImportLog, toLogLine } from '../../../store/security/import-log.ts'
import { deleteFileChunks, findImport, updateImport } from '../../../store/security/imports.ts'
import { announce } from '../../../store/sync/live-events.ts'
import { failImport, resumeImport } from './begin-import.ts'
import { doubtOf } from './doubt-of.ts'
import { findTargetAsset } from './find-target-asset.ts'
import { getImport } from './get-import.ts'
import type { ImportDeps } from './import-deps.ts'
import type { Progress } from './import-progress.ts'
import { readReport } from './read-report.ts'
import { restoreReportFile } from './report-file.ts'
import { alreadyDecided, requireWaiting } from './require-waiting.ts'
import { runImport } from './run-import.ts'

type Decision = { organizationId: string; importId: string; actor: Actor; ipAddress?: string | undefined }

/** Applies a previewed or held import as things stand now, whatever the guard thinks of it. Throws `not_found`, `conflict`. */
export async function applyImport(
  deps: ImportDeps,
  { organizationId, importId, actor, ipAddress }: Decision,
): Promise<ReportImport> {
  const key = { organizationId, importId }
  const waiting = requireWaiting(await findImport(deps.db, { organizationId, id: importId }))
  const asset = await findTargetAsset(deps.db, { organizationId, asset: waiting.asset_id })
  const file = await restoreReportFile(deps, key)
  if (file === undefined) throw alreadyDecided()
  let progress: Progress | undefined
  try {
    progress = await resumeImport(deps, { ...key, bytesTotal: waiting.file_bytes })
    const format = waiting.format ?? undefined
    const { maxResults } = deps.limits
    const bytes = waiting.file_bytes
    const read = await readReport({ path: file.path, bytes, format, maxResults, salt: organizationId, progress })
    await runImport(deps, {
      organizationId,
      importId,
      actor,
      asset,
      branch: waiting.branch,
      targetBranch: waiting.target_branch,
      pullRequestId: waiting.pull_request_id,
      commit: waiting.commit_hash,
      scope: waiting.scope,
      wish: 'force',
      read,
      file: { path: file.path, name: waiting.file_name, sha256: waiting.file_sha256, bytes },
      source: waiting.source,
      ipAddress,
      progress,
    })
  } catch (error) {
    await progress?.end()
    await failImport(
      deps,
      { ...key, file: undefined, progress, decision: { actor: actor.name, doubt: doubtOf(waiting) } },
      error,
    )
    throw error
  } finally {
    await file.remove()
  }
  return getImport(deps, { organizationId, id: importId })
}

/** Throws a previewed or held import away; it stays in the list as `discarded`. Throws `not_found`, `conflict`. */
export async function discardImport(
  deps: Pick<ImportDeps, 'db' | 'clock'>,
  { organizationId, importId, actor }: Decision,
): Promise<ReportImport> {
  const now = deps.clock()
  await deps.db
    .transaction()
    .execute((tx) => discardInTransaction(tx, { organizationId, importId, actor: actor.name, now }))
  return getImport(deps, { organizationId, id: importId })
}

async function discardInTransaction(
  tx: Db,
  input: { organizationId: string; importId: string; actor: string; now: Date },
): Promise<void> {
  const key = { organizationId: input.organizationId, id: input.importId }
  requireWaiting(await findImport(tx, key, { lock: true }))
  await deleteFileChunks(tx, input)
  const { actor, now } = input
  await updateImport(tx, key, { state: 'discarded', now })
  await insertImportLog(tx, input, [toLogLine('discarded', now, { actor }), toLogLine('file_deleted', now)])
  await announce(tx, input.organizationId, [{ kind: 'import', import_id: input.importId }])
}
