import type { ImportRow } from '../../../store/security/imports.ts'

export type UndoVerdict =
  | { kind: 'possible' }
  | { kind: 'blocked'; reason: string; by: { id: string; file_name: string; created_at: string } | null }

/** Whether an import can be taken back: while it is applied, and nothing later touched its asset and branch. */
export function judgeUndo(wanted: ImportRow, lastApplied: ImportRow | undefined): UndoVerdict {
  if (wanted.state !== 'applied')
    return {
      kind: 'blocked',
      reason: `This import is ${wanted.state}; only an applied import can be undone.`,
      by: null,
    }
  if (lastApplied === undefined || lastApplied.id === wanted.id) return { kind: 'possible' }
  const { id, file_name: fileName, created_at: createdAt } = lastApplied
  return {
    kind: 'blocked',
    reason: `A later import (${fileName}) touched the same asset and branch. Undo that one first.`,
    by: { id, file_name: fileName, created_at: createdAt.toISOString() },
  }
}
