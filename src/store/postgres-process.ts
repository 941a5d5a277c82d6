import { readdirSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'

// Linux only, as the embedded binaries are: what runs is read from /proc.

/** The id of the PostgreSQL server that lives on a data directory, whoever started it; undefined when none does. */
export function findServerPid(data: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0])
    if (!Number.isInteger(pid) || pid <= 1) return undefined
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // After a crash of the machine the number may be somebody else's; a zombie is dead.
    return /^\d+ \((postgres|unshare)\) [^ZX]/.test(stat) ? pid : undefined
  } catch {
    return undefined
  }
}

/**
 * Removes a pid file that a killed server left behind, when nothing works in its directory any more. Without this a
 * zombie, or after a restart of a container any process with the same number, keeps PostgreSQL from starting. As long
 * as one of the old server's children lives the file stays: it is what protects the data from two servers.
 */
export function removeStalePidFile(data: string): void {
  if (!isSomebodyIn(data)) rmSync(join(data, 'postmaster.pid'), { force: true })
}

/** Every PostgreSQL process has its data directory as working directory. */
function isSomebodyIn(data: string): boolean {
  const place = realpathSync(data)
  return readdirSync('/proc').some((entry) => /^\d+$/.test(entry) && workingDirectory(entry) === place)
}

function workingDirectory(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    // Gone, a zombie, or another user's process.
    return undefined
  }
}
