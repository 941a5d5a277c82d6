import type { Clock } from '../../../lib/clock.ts'
import type { Db } from '../../../store/db.ts'
import type { ImportLogLine } from '../../../store/security/import-log.ts'
import { type StoredProgress, updateImportProgress } from '../../../store/security/import-progress.ts'
import { createStageTimes } from './stage-times.ts'

export type ImportProgress = StoredProgress

/** Told of what changed; whoever imports calls it as often as it likes. */
export type Progress = {
  tell: (change: Partial<ImportProgress>) => void
  /** After this nothing is written any more. */
  end: () => Promise<void>
  /** The stages so far, for the log. */
  stages: () => ImportLogLine[]
}

/** A few times a second: often enough for a bar that moves. */
const writeEveryMs = 400
/** Without news it is still said that the process lives. */
const beatEveryMs = 5000

/** Hands on how far an import is, to nobody else's eyes. */
export function createSilentProgress(onProgress?: (progress: ImportProgress) => void): Progress {
  let now = atStart(null)
  return {
    tell: (change) => {
      now = { ...now, ...change }
      onProgress?.(now)
    },
    end: async () => undefined,
    stages: () => [],
  }
}

export function atStart(bytesTotal: number | null): ImportProgress {
  return { stage: 'receiving', bytesRead: 0, bytesTotal, findingsRead: 0 }
}

/**
 * Writes how far an import is beside its transaction, one write at a time. A write that fails, or waits for a connection,
 * holds nothing up: what matters is the import, and a database that is gone fails that one, too.
 */
export function createStoredProgress(
  { db, clock }: { db: Db; clock: Clock },
  key: { organizationId: string; importId: string },
  options: { start: ImportProgress; onProgress?: ((progress: ImportProgress) => void) | undefined },
): Progress {
  let now = options.start
  const times = createStageTimes(clock, now)
  let isNew = false
  let writtenAtMs = performance.now()
  let writing: Promise<void> | undefined
  const write = (): void => {
    if (writing !== undefined || (!isNew && performance.now() - writtenAtMs < beatEveryMs)) return
    isNew = false
    writtenAtMs = performance.now()
    writing = updateImportProgress(db, key, now)
      .catch(() => undefined)
      .finally(() => (writing = undefined))
  }
  const timer = setInterval(write, writeEveryMs)
  timer.unref()
  return {
    tell: (change) => {
      now = { ...now, ...change }
      isNew = true
      times.follow(now)
      options.onProgress?.(now)
    },
    end: async () => {
      clearInterval(timer)
      await writing
    },
    stages: times.toLines,
  }
}

/** The same source of bytes, telling how many of them were read. */
export async function* countBytes(
  bytes: AsyncIterable<Uint8Array>,
  onRead: (bytesRead: number) => void,
): AsyncGenerator<Uint8Array> {
  let read = 0
  for await (const chunk of bytes) {
    read += chunk.byteLength
    onRead(read)
    yield chunk
  }
}
