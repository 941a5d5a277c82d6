import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { AppError, isAppError } from '../../../lib/app-error.ts'
import type { SecretBox } from '../../../lib/secret-box.ts'
import { type SpooledReport, spoolReport } from '../../../scanners/spool-report.ts'
import type { Db } from '../../../store/db.ts'
import {
  insertEvidenceChunk,
  insertEvidenceFile,
  type NewEvidenceFile,
  readEvidenceChunk,
} from '../../../store/security/evidence-files.ts'
import { findEvidenceUse, takeEvidenceRoom } from '../../../store/security/evidence-use.ts'

const pieceBytes = 1024 * 1024
/** As pages write sizes. */
const gigabyte = 1_000_000_000

type Spooling = { body: AsyncIterable<Uint8Array>; name: string; maxBytes: number; tooLarge: string }

/**
 * Writes an upload down, and removes it once `work` has ended. Throws `payload_too_large` with the sentence given,
 * `validation_failed` for an empty one.
 */
export async function withSpooled<Result>(
  { tempFolder }: { tempFolder: string },
  { body, name, maxBytes, tooLarge }: Spooling,
  work: (spooled: SpooledReport) => Promise<Result>,
): Promise<Result> {
  const spooled = await spool(tempFolder, { body, maxBytes, tooLarge })
  try {
    if (spooled.bytes === 0) throw new AppError('validation_failed', `"${name}" is empty. Choose the file again.`)
    return await work(spooled)
  } finally {
    await spooled.remove()
  }
}

async function spool(
  folder: string,
  { body, maxBytes, tooLarge }: Pick<Spooling, 'body' | 'maxBytes' | 'tooLarge'>,
): Promise<SpooledReport> {
  try {
    return await spoolReport(body, { folder, maxBytes })
  } catch (error) {
    if (isAppError(error, 'report_too_large')) throw new AppError('payload_too_large', tooLarge, { cause: error })
    throw error
  }
}

/** The first bytes of what was spooled, at most as many as asked for. */
export async function readHead(spooled: SpooledReport, bytes: number): Promise<Uint8Array> {
  const file = await open(spooled.path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

type Keeping = Omit<NewEvidenceFile, 'bytes' | 'sha256'> & { spooled: SpooledReport }

/** Writes a file down, sealed, in pieces; its room is taken apart, by `takeRoom`. */
export async function keepFile(deps: { secretBox: SecretBox }, tx: Db, { spooled, ...file }: Keeping): Promise<void> {
  await insertEvidenceFile(tx, { ...file, bytes: spooled.bytes, sha256: spooled.sha256 })
  const { organizationId, id } = file
  let position = 0
  for await (const piece of createReadStream(spooled.path, { highWaterMark: pieceBytes })) {
    if (!Buffer.isBuffer(piece)) continue
    const sealed = deps.secretBox.seal(piece.toString('base64'), contextOf(id, position))
    await insertEvidenceChunk(tx, { organizationId, evidenceFileId: id, position, data: Buffer.from(sealed) })
    position += 1
  }
}

type Room = { organizationId: string; name: string; bytes: number; bytesAtMost: number }

/** Looks before the work of sealing whether there is room at all. Throws `conflict`. */
export async function requireRoom(db: Db, room: Room): Promise<void> {
  if ((await findEvidenceUse(db, room.organizationId)).bytes + room.bytes > room.bytesAtMost) throw full(room)
}

/** The last statement of a transaction, as `takeEvidenceRoom`: of those that come together one may have taken the last room. */
export async function takeRoom(tx: Db, room: Room): Promise<void> {
  if (!(await takeEvidenceRoom(tx, room))) throw full(room)
}

/** The bytes of a kept file, piece by piece. */
export async function* readKeptFile(
  deps: { db: Db; secretBox: SecretBox },
  { organizationId, id }: { organizationId: string; id: string },
): AsyncGenerator<Buffer> {
  for (let position = 0; ; position++) {
    const sealed = await readEvidenceChunk(deps.db, { organizationId, evidenceFileId: id, position })
    if (sealed === undefined) return
    yield Buffer.from(deps.secretBox.open(sealed.toString(), contextOf(id, position)), 'base64')
  }
}

function contextOf(id: string, position: number): string {
  return `evidence_file_chunk.data ${id} ${position}`
}

function full({ bytesAtMost, name }: Room): AppError {
  const most = `${Number((bytesAtMost / gigabyte).toFixed(1))} GB`
  return new AppError(
    'conflict',
    `The files of evidence of this organization may take ${most} in all, and "${name}" has no room. Remove files nobody needs any more, or ask an administrator to allow more (WEIR_EVIDENCE_GB).`,
  )
}
