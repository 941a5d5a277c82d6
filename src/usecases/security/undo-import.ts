import type { ReportImport } from '../../../contract/security/imports.ts'
import type { Actor } from '../../domain/actor.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import {
  deactivateMade,
  deleteMade,
  deleteMerged,
  listMadeByImport,
  listStatusesToRestore,
  restoreFindings,
  restoreVulnerabilities,
} from '../../store/security/import-undo.ts'
import {
  findImport,
  findLastApplied,
  type ImportRow,
  lockImportTarget,
  updateImport,
} from '../../store/security/imports.ts'
import { announce } from '../../store/sync/live-events.ts'
import { applyMoves, type MoveDeps, restoreStatuses } from './apply-move.ts'
import { auditImport } from './audit-import.ts'
import { getImport } from './get-import.ts'

export type UndoInput = { organizationId: string; importId: string; actor: Actor; ipAddress?: string | undefined }

/**
 * Takes an import back: what it changed is as before, what it made is gone, but for vulnerabilities somebody worked on
 * meanwhile, which are closed instead. Throws `not_found`, or `import_not_undoable` with the reason.
 */
export async function undoImport(deps: MoveDeps & { db: Db }, input: UndoInput): Promise<ReportImport> {
  await deps.db.transaction().execute((tx) => undoInTransaction(deps, tx, input))
  return getImport(deps, { organizationId: input.organizationId, id: input.importId })
}

async function undoInTransaction(
  deps: MoveDeps,
  tx: Db,
  { organizationId, importId, actor, ipAddress }: UndoInput,
): Promise<void> {
  const found = await findImport(tx, { organizationId, id: importId })
  if (found === undefined) throw new AppError('not_found', 'There is no such import here.')
  const target = { organizationId, assetId: found.asset_id, branch: found.branch }
  await lockImportTarget(tx, target)
  await requireUndoable(tx, found)
  const now = deps.clock()
  const key = { organizationId, importId, now }
  const reason = `The import of ${found.file_name} was undone`
  const restores = await listStatusesToRestore(tx, key)
  await restoreFindings(tx, key)
  await restoreVulnerabilities(tx, key)
  await restoreStatuses(deps, tx, { organizationId, actor, importId, reason, restores })
  await deleteMerged(tx, key)
  const made = await listMadeByImport(tx, key)
  const kept = made.filter((item) => item.isTouched).map((item) => item.id)
  await deleteMade(
    tx,
    key,
    made.filter((item) => !item.isTouched).map((item) => item.id),
  )
  await deactivateMade(tx, key, kept)
  const moves = kept.map((vulnerabilityId) => ({ vulnerabilityId, to: 'fixed' as const, reason, importId }))
  await applyMoves(deps, tx, { organizationId, moves, actor, moveActor: 'scan' })
  await updateImport(tx, { organizationId, id: importId }, { state: 'undone', now })
  const after = { branch: found.branch, file: found.file_name }
  await auditImport(deps, tx, {
    organizationId,
    importId,
    actor,
    ipAddress: ipAddress ?? null,
    source: 'api',
    done: 'undone',
    after,
  })
  await announce(tx, organizationId, [{ kind: 'import', import_id: importId }])
}

async function requireUndoable(tx: Db, wanted: ImportRow): Promise<void> {
  const found = await findImport(tx, { organizationId: wanted.organization_id, id: wanted.id }, { lock: true })
  if (found?.state !== 'applied')
    throw new AppError(
      'import_not_undoable',
      `This import is ${found?.state ?? 'gone'}; only an applied import can be undone.`,
    )
  const last = await findLastApplied(tx, {
    organizationId: wanted.organization_id,
    assetId: wanted.asset_id,
    branch: wanted.branch,
  })
  if (last?.id === wanted.id) return
  throw new AppError(
    'import_not_undoable',
    `A later import (${last?.file_name ?? 'another report'}) touched the same asset and branch. Undo that one first.`,
    { meta: { later_import_id: last?.id } },
  )
}
