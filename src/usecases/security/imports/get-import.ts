import type { ImportProgress, ReportImport } from '../../../../contract/security/imports.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Db } from '../../../store/db.ts'
import { findImportByClientKey } from '../../../store/security/import-progress.ts'
import { findImportView } from '../../../store/security/import-views.ts'

/** One import as the API shows it. Throws `not_found`. */
export async function getImport(deps: { db: Db }, key: { organizationId: string; id: string }): Promise<ReportImport> {
  const found = await findImportView(deps.db, key)
  if (found === undefined) throw new AppError('not_found', 'There is no such import here.')
  return found
}

/** How far an import is that its sender knows by a key of its own; nulls before it begins and after its end. */
export async function getImportProgress(
  deps: { db: Db },
  { organizationId, progressKey }: { organizationId: string; progressKey: string | undefined },
): Promise<{ import_id: string | null; progress: ImportProgress | null }> {
  const found =
    progressKey === undefined
      ? undefined
      : await findImportByClientKey(deps.db, { organizationId, clientKey: progressKey })
  return found ?? { import_id: null, progress: null }
}
