import type { ReportImport } from '../../../../contract/security/imports.ts'
import type { Actor } from '../../../domain/actor.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Db } from '../../../store/db.ts'
import { insertImportLog, toLogLine } from '../../../store/security/import-log.ts'
import {
  deactivateMade,
  deleteMade,
  deleteMerged,
  listMadeByImport,
  listStatusesToRestore,
  listVulnerabilitiesOfImport,
  type MadeVulnerability,
  restoreFindings,
  restoreVulnerabilities,
} from '../../../store/security/import-undo.ts'
import { findImport, type ImportRow, lockImportTarget, updateImport } from '../../../store/security/imports.ts'
import { holdVulnerabilities } from '../../../store/security/vulnerabilities.ts'
import { refreshIntelligence } from '../../../store/security/vulnerability-intelligence.ts'
import { announce } from '../../../store/sync/live-events.ts'
import { recordOutgoingOfImport } from '../../../store/sync/record-outgoing.ts'
import { setDeadlines } from '../deadlines/set-deadlines.ts'
import { applyMoves, type MoveDeps, restoreStatuses } from '../vulnerabilities/apply-move.ts'
import { auditImport } from './audit-import.ts'
import { findUndoVerdict } from './find-undo-verdict.ts'
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
  const vulnerabilityIds = await listVulnerabilitiesOfImport(tx, key)
  await holdVulnerabilities(tx, organizationId, { ids: vulnerabilityIds })
  const restores = await listStatusesToRestore(tx, key)
  await restoreFindings(tx, key)
  await restoreVulnerabilities(tx, key)
  await restoreStatuses(deps, tx, { organizationId, actor, importId, reason, restores })
  await deleteMerged(tx, key)
  const made = await listMadeByImport(tx, key)
  const staying = made.filter((item) => item.because !== null)
  const kept = staying.map((item) => item.id)
  await deleteMade(
    tx,
    key,
    made.filter((item) => item.because === null).map((item) => item.id),
  )
  await deactivateMade(tx, key, kept)
  const moves = kept.map((vulnerabilityId) => ({ vulnerabilityId, to: 'fixed' as const, reason, importId }))
  await applyMoves(deps, tx, { organizationId, moves, actor, moveActor: 'scan' })
  await refreshIntelligence(tx, organizationId, vulnerabilityIds)
  await setDeadlines(tx, { organizationId, vulnerabilityIds, now })
  await updateImport(
    tx,
    { organizationId, id: importId },
    { state: 'undone', now, reason: tellStaying(actor, staying) },
  )
  await insertImportLog(tx, key, [toLogLine('undone', now, { actor: actor.name })])
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
  await recordOutgoingOfImport(tx, { ...key, since: now })
  await announce(tx, organizationId, [{ kind: 'import', import_id: importId }])
}

const namedAtMost = 10

/** Who took the import back, and what did not go with it. */
function tellStaying(actor: Actor, staying: readonly MadeVulnerability[]): string {
  const by = `${actor.name} took this import back.`
  if (staying.length === 0) return by
  const names = staying.slice(0, namedAtMost).map(({ number }) => `#${number}`)
  const rest = staying.length > namedAtMost ? ` and ${staying.length - namedAtMost} more` : ''
  const [what, is] =
    staying.length === 1
      ? ['1 vulnerability that somebody had worked on', 'stays']
      : [`${staying.length} vulnerabilities that somebody had worked on`, 'stay']
  return `${by} ${what} meanwhile ${is}, as fixed: ${names.join(', ')}${rest}.`
}

async function requireUndoable(tx: Db, wanted: ImportRow): Promise<void> {
  const { organization_id: organizationId, id } = wanted
  const found = await findImport(tx, { organizationId, id }, { lock: true })
  const verdict = await findUndoVerdict(tx, found ?? wanted)
  if (verdict.kind === 'possible') return
  throw new AppError('import_not_undoable', verdict.reason, { meta: { later_import_id: verdict.by?.id } })
}
