import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { SecretBox } from '../../../lib/secret-box.ts'
import type { Db } from '../../../store/db.ts'
import { findImport, readFileChunk } from '../../../store/security/imports.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'
import { readPieces } from './report-file.ts'

type Deps = { db: Db; clock: Clock; newId: NewId; secretBox: SecretBox }
type Wish = { organizationId: string; importId: string; actor: AuditActor }

/** The report of an import as it came. A report may hold secrets in clear, so who took it stands in the audit log. Throws `not_found`. */
export async function openReportFile(
  deps: Deps,
  { organizationId, importId, actor }: Wish,
): Promise<{ name: string; chunks: AsyncGenerator<Buffer> }> {
  const found = await findImport(deps.db, { organizationId, id: importId })
  if (found === undefined) throw new AppError('not_found', 'There is no such import here.')
  const first = await readFileChunk(deps.db, { organizationId, importId, position: 0 })
  if (first === undefined) throw new AppError('not_found', 'The report of this import is not kept any more.')
  await deps.db.transaction().execute(async (tx) =>
    recordAudit(deps, tx, {
      organizationId,
      actor,
      action: 'import.file_downloaded',
      target: { kind: 'import', id: importId },
      after: { file: found.file_name },
    }),
  )
  return { name: found.file_name, chunks: unpack(deps, { organizationId, importId }) }
}

async function* unpack(deps: Deps, key: { organizationId: string; importId: string }): AsyncGenerator<Buffer> {
  const unpacked = pipeline(Readable.from(readPieces(deps, key)), createGunzip(), () => undefined)
  for await (const chunk of unpacked) if (Buffer.isBuffer(chunk)) yield chunk
}
