import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/** A lock on a file, shared by many or exclusive to one, that ends with its process however that ends. */
export type FileLock = { release: () => void }

/** `shared`: as many holders as like; `exclusive`: nobody beside. */
export type FileLockMode = 'shared' | 'exclusive'

/**
 * Takes the lock, or answers undefined when others hold it in a way that excludes it. The file stays, empty.
 * Node has no flock; SQLite's transaction locks are the kernel's record locks (fcntl), which a killed process cannot
 * leave behind and which also hold between containers that share the folder.
 */
export function tryFileLock(path: string, mode: FileLockMode): FileLock | undefined {
  const file = openFile(path)
  try {
    if (mode === 'exclusive') file.exec('begin exclusive')
    else {
      file.exec('begin')
      file.prepare('select count(*) from sqlite_schema').get()
    }
  } catch (error) {
    file.close()
    if (isBusy(error)) return undefined
    throw error
  }
  return { release: () => file.close() }
}

/** SQLite's own error names neither the file nor the reason. */
function openFile(path: string): DatabaseSync {
  // Never opened beside SQLite when it is there: closing it would end all locks this process has on it (fcntl).
  if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK)
  else closeSync(openSync(path, 'a', 0o600))
  return new DatabaseSync(path)
}

/** SQLITE_BUSY, https://sqlite.org/rescode.html#busy */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5
}
