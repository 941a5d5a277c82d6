import type { UndoPreview } from '../../../../contract/security/imports.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Db } from '../../../store/db.ts'
import { countUndoWork, listMadeByImport, listStatusesToRestore } from '../../../store/security/import-undo.ts'
import { findImport } from '../../../store/security/imports.ts'
import { findUndoVerdict } from './find-undo-verdict.ts'

/** Named one by one before somebody decides; the rest is a number. */
const examplesAtMost = 10

/** What taking an import back would do now, or what stands in its way. Changes nothing. Throws `not_found`. */
export async function previewUndo(
  deps: { db: Db },
  { organizationId, importId }: { organizationId: string; importId: string },
): Promise<UndoPreview> {
  const { db } = deps
  const found = await findImport(db, { organizationId, id: importId })
  if (found === undefined) throw new AppError('not_found', 'There is no such import here.')
  const verdict = await findUndoVerdict(db, found)
  if (verdict.kind === 'blocked')
    return { ...nothing, closed_examples: [], reason: verdict.reason, blocked_by: verdict.by }
  const key = { organizationId, importId }
  const work = await countUndoWork(db, key)
  const restores = await listStatusesToRestore(db, key)
  const made = await listMadeByImport(db, key)
  const kept = made.flatMap(({ id, number, title, because }) =>
    because === null ? [] : [{ id, number, title, because }],
  )
  return {
    can_undo: true,
    reason: null,
    blocked_by: null,
    restored_findings: work.findings,
    restored_statuses: restores.length,
    removed_evidence: work.evidence,
    removed: made.length - kept.length,
    closed: kept.length,
    closed_examples: kept.slice(0, examplesAtMost),
  }
}

const nothing = {
  can_undo: false,
  restored_findings: 0,
  restored_statuses: 0,
  removed_evidence: 0,
  removed: 0,
  closed: 0,
} as const
