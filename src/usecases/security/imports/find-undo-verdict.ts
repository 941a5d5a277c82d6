import type { Db } from '../../../store/db.ts'
import { findLastApplied, type ImportRow } from '../../../store/security/imports.ts'
import { findRegroupedSince } from '../../../store/security/regroupings.ts'
import { judgeUndo, type UndoVerdict } from './judge-undo.ts'

/** Whether an import can be taken back now: no later one, and no merge or split of what it told of since, is in the way. */
export async function findUndoVerdict(db: Db, wanted: ImportRow): Promise<UndoVerdict> {
  const { organization_id: organizationId, asset_id: assetId, branch } = wanted
  const verdict = judgeUndo(wanted, await findLastApplied(db, { organizationId, assetId, branch }))
  if (verdict.kind === 'blocked') return verdict
  const since = await findRegroupedSince(db, { organizationId, importId: wanted.id })
  if (since === undefined) return verdict
  const { kind, fromNumber, toNumber } = since
  const what =
    kind === 'merge'
      ? `WEIR-${fromNumber} was merged into WEIR-${toNumber}`
      : `WEIR-${toNumber} was split off WEIR-${fromNumber}`
  return { kind: 'blocked', reason: `${what} since this import. Undo that first.`, by: null }
}
