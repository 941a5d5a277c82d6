import type { ImportLogLine } from '../../../../contract/security/import-log.ts'
import type { Db } from '../../../store/db.ts'
import { listImportLog } from '../../../store/security/import-log.ts'
import { getImport } from './get-import.ts'

/** What happened to an import, in order, from its receipt. Throws `not_found`. */
export async function getImportLog(
  deps: { db: Db },
  { organizationId, importId }: { organizationId: string; importId: string },
): Promise<{ lines: ImportLogLine[] }> {
  const {
    created_at: at,
    created_by: actor,
    file_name: detail,
  } = await getImport(deps, { organizationId, id: importId })
  const rows = await listImportLog(deps.db, { organizationId, importId })
  const nothing = { duration_seconds: null, bytes: null, findings: null }
  return {
    lines: [
      { ...nothing, at, kind: 'received', actor, detail },
      ...rows.map(({ duration_ms: ms, ...row }) => ({
        ...row,
        at: row.at.toISOString(),
        duration_seconds: ms === null ? null : ms / 1000,
      })),
    ],
  }
}
