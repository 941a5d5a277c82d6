import type { ReportImport } from '../../../contract/security/imports.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import { findImportView } from '../../store/security/import-views.ts'

/** One import as the API shows it. Throws `not_found`. */
export async function getImport(deps: { db: Db }, key: { organizationId: string; id: string }): Promise<ReportImport> {
  const found = await findImportView(deps.db, key)
  if (found === undefined) throw new AppError('not_found', 'There is no such import here.')
  return found
}
