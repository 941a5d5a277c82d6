import { AppError } from '../../../lib/app-error.ts'
import type { Db } from '../../../store/db.ts'
import { insertImportLog } from '../../../store/security/import-log.ts'
import { deleteImportProgress, insertImportProgress } from '../../../store/security/import-progress.ts'
import { insertImport, type NewImport, noCounts, updateImport } from '../../../store/security/imports.ts'
import { announce } from '../../../store/sync/live-events.ts'
import type { ImportDeps } from './import-deps.ts'
import { toFailedLog } from './import-log.ts'
import { atStart, createStoredProgress, type ImportProgress, type Progress } from './import-progress.ts'

type Key = { organizationId: string; importId: string }
type Watch = {
  /** What the sender calls this import while it does not know its id. */
  clientKey: string | null
  bytesTotal: number | null
  onProgress: ((progress: ImportProgress) => void) | undefined
}

export type Beginning = Pick<
  NewImport,
  | 'organizationId'
  | 'id'
  | 'assetId'
  | 'branch'
  | 'targetBranch'
  | 'pullRequestId'
  | 'commitHash'
  | 'scope'
  | 'fileName'
  | 'source'
  | 'memberId'
  | 'tokenId'
>

/** Puts an import into the list before anything of it is read, so that everybody sees that it is under way. */
export async function beginImport(
  deps: Pick<ImportDeps, 'db' | 'clock'>,
  { beginning, watch }: { beginning: Beginning; watch: Watch },
): Promise<Progress> {
  const { organizationId, id: importId } = beginning
  const start = atStart(watch.bytesTotal)
  await deps.db.transaction().execute(async (tx) => {
    await insertImport(tx, { ...beginning, ...nothingRead, now: deps.clock() })
    await startProgress(tx, { key: { organizationId, importId }, clientKey: watch.clientKey, start })
  })
  return createStoredProgress(deps, { organizationId, importId }, { start, onProgress: watch.onProgress })
}

/** The same for an import that waited for its decision and is being applied. */
export async function resumeImport(
  deps: Pick<ImportDeps, 'db' | 'clock'>,
  key: Key & { bytesTotal: number },
): Promise<Progress> {
  const start = { ...atStart(key.bytesTotal), stage: 'reading' } as const
  await startProgress(deps.db, { key, clientKey: null, start })
  return createStoredProgress(deps, key, { start })
}

const nothingRead = {
  format: null,
  tool: null,
  toolVersion: null,
  state: 'running',
  reason: null,
  errorCode: null,
  counts: noCounts,
  unread: [],
  fileSha256: '',
  fileBytes: 0,
} as const

type Start = { key: Key; clientKey: string | null; start: ImportProgress }

async function startProgress(db: Db, { key, clientKey, start }: Start): Promise<void> {
  await insertImportProgress(db, { ...key, clientKey }, start)
  await announce(db, key.organizationId, [{ kind: 'import', import_id: key.importId }])
}

/** What somebody reads in the list when Weir itself is to blame, or the process died. */
export const brokenOff = 'This import was broken off before its end. Nothing was changed: import the report again.'

type Failed = {
  file: { sha256: string; bytes: number } | undefined
  progress: Progress | undefined
  /** Who decided on what had waited. */
  decision?: { actor: string; doubt: string | null } | undefined
}

/**
 * Says that an import failed, and why: somebody will ask why last night's scan is missing. One that waited for its decision
 * goes on waiting. Never throws: where even this cannot be written, the sweep finds an import that tells nothing any more.
 */
export async function failImport(
  deps: Pick<ImportDeps, 'db' | 'clock'>,
  key: Key & Failed,
  error: unknown,
): Promise<void> {
  const { organizationId, importId, file, progress, decision } = key
  const told = error instanceof AppError ? { reason: error.detail, errorCode: error.code } : undefined
  const reason = told?.reason ?? brokenOff
  const lines = toFailedLog(deps, { stages: progress?.stages() ?? [], decision, reason })
  await deps.db
    .transaction()
    .execute(async (tx) => {
      await updateImport(
        tx,
        { organizationId, id: importId, wasState: 'running' },
        {
          state: 'failed',
          now: deps.clock(),
          reason,
          errorCode: told?.errorCode ?? 'internal',
          ...(file && { fileSha256: file.sha256, fileBytes: file.bytes }),
        },
      )
      await insertImportLog(tx, { organizationId, importId }, lines)
      await deleteImportProgress(tx, { organizationId, importId })
      await announce(tx, organizationId, [{ kind: 'import', import_id: importId }])
    })
    .catch(() => undefined)
}
