import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import type { NewId } from '../../../lib/ids.ts'
import type { SecretBox } from '../../../lib/secret-box.ts'
import type { Db } from '../../../store/db.ts'
import { deleteFileChunks, insertFileChunk, keepFileUntil, readFileChunk } from '../../../store/security/imports.ts'

const pieceBytes = 1024 * 1024
const dayMs = 24 * 3600_000

type FileKey = { organizationId: string; importId: string }

/** Stores the report of an import: packed, in pieces, and sealed, since a report may hold secrets in clear. */
export async function storeReportFile(
  deps: { secretBox: SecretBox },
  tx: Db,
  input: FileKey & { path: string },
): Promise<void> {
  const { organizationId, importId } = input
  let position = 0
  let waiting: Buffer[] = []
  let bytes = 0
  const flush = async (): Promise<void> => {
    const sealed = deps.secretBox.seal(Buffer.concat(waiting).toString('base64'), contextOf(importId, position))
    await insertFileChunk(tx, { organizationId, importId, position, data: Buffer.from(sealed) })
    position += 1
    waiting = []
    bytes = 0
  }
  const packed = createReadStream(input.path).pipe(createGzip({ level: 4 }))
  for await (const piece of packed) {
    if (!Buffer.isBuffer(piece)) continue
    waiting.push(piece)
    bytes += piece.length
    if (bytes >= pieceBytes) await flush()
  }
  if (bytes > 0) await flush()
}

type Keeping = {
  job: FileKey & { file: { path: string } }
  /** It waited for a decision, so its pieces are there already. */
  isStored: boolean
  now: Date
}

/** Keeps the report of an applied import for as many days as are configured, or not at all. */
export async function keepReportFile(
  deps: { secretBox: SecretBox; keepFileDays: number },
  tx: Db,
  { job, isStored, now }: Keeping,
): Promise<void> {
  const { organizationId, importId } = job
  if (deps.keepFileDays === 0) return deleteFileChunks(tx, { organizationId, importId })
  if (!isStored) await storeReportFile(deps, tx, { organizationId, importId, path: job.file.path })
  await keepFileUntil(tx, { organizationId, importId, until: new Date(now.getTime() + deps.keepFileDays * dayMs) })
}

/** Writes the kept report to a file of its own in `tempFolder`; undefined when none is kept any more. */
export async function restoreReportFile(
  deps: { db: Db; secretBox: SecretBox; newId: NewId; tempFolder: string },
  key: FileKey,
): Promise<{ path: string; remove: () => Promise<void> } | undefined> {
  const first = await readFileChunk(deps.db, { ...key, position: 0 })
  if (first === undefined) return undefined
  await mkdir(deps.tempFolder, { recursive: true, mode: 0o700 })
  const path = join(deps.tempFolder, `report-${deps.newId()}`)
  const remove = (): Promise<void> => rm(path, { force: true })
  try {
    await pipeline(
      Readable.from(readPieces(deps, key)),
      createGunzip(),
      createWriteStream(path, { flags: 'wx', mode: 0o600 }),
    )
    return { path, remove }
  } catch (error) {
    await remove()
    throw error
  }
}

/** The kept report, as it is packed. */
export async function* readPieces(deps: { db: Db; secretBox: SecretBox }, key: FileKey): AsyncGenerator<Buffer> {
  for (let position = 0; ; position++) {
    const sealed = await readFileChunk(deps.db, { ...key, position })
    if (sealed === undefined) return
    yield Buffer.from(deps.secretBox.open(sealed.toString(), contextOf(key.importId, position)), 'base64')
  }
}

function contextOf(importId: string, position: number): string {
  return `import_file_chunk.data ${importId} ${position}`
}
