import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../lib/app-error.ts'

/** A report on disk under a name of our own. `remove` may be called more than once. */
export type SpooledReport = { path: string; bytes: number; sha256: string; remove: () => Promise<void> }

/**
 * Writes an upload to a file in `folder` and stops at the first byte too many: throws `report_too_large`. Whatever goes
 * wrong, an aborted upload included, the file is removed.
 */
export async function spoolReport(
  upload: AsyncIterable<Uint8Array>,
  options: { folder: string; maxBytes: number },
): Promise<SpooledReport> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 })
  const path = join(options.folder, `report-${randomUUID()}`)
  const remove = (): Promise<void> => rm(path, { force: true })
  try {
    const file = await open(path, 'wx', 0o600)
    const digest = createHash('sha256')
    let bytes = 0
    try {
      for await (const chunk of upload) {
        bytes += chunk.byteLength
        if (bytes > options.maxBytes) throw tooLarge(options.maxBytes)
        digest.update(chunk)
        await file.writeFile(chunk)
      }
    } finally {
      await file.close()
    }
    return { path, bytes, sha256: digest.digest('hex'), remove }
  } catch (error) {
    await remove()
    throw isDiskFull(error) ? diskFull(error) : error
  }
}

/** EFBIG is a limit the system set for the process. */
function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String(error.code))
}

function diskFull(cause: unknown): AppError {
  const detail = 'The report cannot be stored: the disk that holds the data folder is full. Nothing was imported.'
  return new AppError('unavailable', detail, { cause })
}

/** The bytes of a file on disk, for the command line. */
export function readFileBytes(path: string): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: 256 * 1024 })
}

function tooLarge(maxBytes: number): AppError {
  const megabytes = Math.floor(maxBytes / 1024 / 1024)
  return new AppError(
    'report_too_large',
    `The report is larger than ${megabytes} MB. Leave source files and passed checks out of it, split it, or raise WEIR_MAX_REPORT_MB.`,
    { meta: { maxBytes } },
  )
}
