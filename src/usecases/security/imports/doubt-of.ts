import type { ImportRow } from '../../../store/security/imports.ts'

/** What the guard has against an import that waits for its decision, held or previewed; null where it has nothing. */
export function doubtOf({ error_code: code, reason }: Pick<ImportRow, 'error_code' | 'reason'>): string | null {
  return code === 'import_held' ? reason : null
}
