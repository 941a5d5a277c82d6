import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { tryFileLock } from '../../src/lib/file-lock.ts'

/** The folder is ours until `release`, emptied; `note` tells a second demonstration where this one is. */
export type DemoFolder = { kind: 'ours'; note: (address: string) => void; release: () => void }
/** Another demonstration works in the folder; the sentence says so. */
export type TakenFolder = { kind: 'taken'; sentence: string }

/** Takes the folder of the demonstration and empties it, unless a demonstration or a Weir is running in it. */
export function takeDemoFolder(folder: string): DemoFolder | TakenFolder {
  mkdirSync(dirname(folder), { recursive: true, mode: 0o700 })
  const addressFile = `${folder}.address`
  // Beside the folder, not in it: the folder is emptied, and a lock that is deleted keeps nobody out.
  const lock = tryFileLock(`${folder}.lock`, 'exclusive')
  if (lock === undefined) return { kind: 'taken', sentence: describeTaken(readAddress(addressFile)) }
  if (isServed(folder)) {
    lock.release()
    return {
      kind: 'taken',
      sentence: `A Weir is running in ${folder}, left over by a demo that was killed. Stop it, then start the demo again.`,
    }
  }
  rmSync(folder, { recursive: true, force: true })
  rmSync(addressFile, { force: true })
  return {
    kind: 'ours',
    note: (address) => writeFileSync(addressFile, address),
    release: () => {
      rmSync(addressFile, { force: true })
      lock.release()
    },
  }
}

/** A Weir outlives the demonstration above it when only that one was killed. */
function isServed(folder: string): boolean {
  const path = join(folder, 'server.lock')
  if (!existsSync(path)) return false
  const lock = tryFileLock(path, 'exclusive')
  lock?.release()
  return lock === undefined
}

function describeTaken(address: string | undefined): string {
  const where = address === undefined ? 'It is still starting.' : `It is at ${address}.`
  return `A demo is running here already. ${where} Stop it with Ctrl+C in its terminal to begin anew, or use it.`
}

function readAddress(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined
}
