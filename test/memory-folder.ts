import { accessSync, constants, statfsSync, writeFileSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { freemem } from 'node:os'
import { join } from 'node:path'

const memory = '/dev/shm'
const prefix = 'weir-tests-'
/** Bytes: of files a whole run holds less than a third at a time; its processes need the rest. */
const neededSpace = 4 * 2 ** 30
const neededMemory = 6 * 2 ** 30

/** Folders of runs that are over, killed ones too: their process is gone. */
async function findLeft(parent: string): Promise<string[]> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(prefix))
  return names.filter((name) => !isAlive(Number(name.slice(prefix.length)))).map((name) => join(parent, name))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/**
 * Hundreds of databases and repositories are made and removed in a run, and making files is most of that: in memory it
 * takes a tenth of the time. Undefined where the system has no such place, or too little of it.
 */
export async function openMemoryFolder(
  removeLeft: (folder: string) => Promise<void>,
): Promise<{ path: string; close: () => Promise<void> } | undefined> {
  const path = join(memory, `${prefix}${process.pid}`)
  const remove = async (folder: string) => await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  try {
    const { bavail, bsize } = statfsSync(memory)
    if (bavail * bsize < neededSpace || freemem() < neededMemory) return undefined
    for (const folder of await findLeft(memory)) {
      await removeLeft(folder)
      await remove(folder)
    }
    await mkdir(path)
    // Programs are installed and run below it, which some systems do not allow there.
    writeFileSync(join(path, 'program'), '', { mode: 0o700 })
    accessSync(join(path, 'program'), constants.X_OK)
  } catch {
    await remove(path)
    return undefined
  }
  return { path, close: async () => await remove(path) }
}
