import { createHash } from 'node:crypto'
import { chownSync, existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { AppError } from '../lib/app-error.ts'
import { type PostgresProgram, preparePostgres } from './postgres-binaries.ts'

/** A socket's path holds 107 bytes; `/.s.PGSQL.5432.lock` needs 19 of them. */
const longestSocketFolder = 88

/** Where the parts of an embedded server lie; all paths are absolute. */
export type PostgresPlace = {
  root: string
  data: string
  sockets: string
  logFile: string
  usersLock: string
  startLock: string
}

/** The places of a data folder. */
export function placeOf(dataFolder: string): PostgresPlace {
  const root = resolve(dataFolder, 'postgres')
  const inside = join(root, 'run')
  return {
    root,
    data: join(root, 'data'),
    sockets: Buffer.byteLength(inside) <= longestSocketFolder ? inside : socketsOutside(root),
    logFile: join(root, 'postgres.log'),
    usersLock: join(root, 'users.lock'),
    startLock: join(root, 'start.lock'),
  }
}

/** A short folder for the sockets, the same for every process of this folder, even where they differ in TMPDIR. */
function socketsOutside(root: string): string {
  const name = `weir-${process.getuid?.() ?? 'user'}-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`
  const note = join(root, 'sockets-folder')
  mkdirSync(root, { recursive: true, mode: 0o700 })
  const noted = existsSync(note) ? readFileSync(note, 'utf8') : ''
  // A copied data folder brings the note of the original along; the name tells.
  if (basename(noted) === name) return noted
  writeFileSync(note, join(tmpdir(), name), { mode: 0o600 })
  return join(tmpdir(), name)
}

/** Makes the folders, fit for whoever runs the server, and says how to run it. Throws `unavailable` when the folder of the sockets is somebody else's. */
export function preparePlace(place: PostgresPlace): PostgresProgram {
  mkdirSync(place.root, { recursive: true, mode: 0o700 })
  mkdirSync(place.sockets, { recursive: true, mode: 0o700 })
  const program = preparePostgres(place.root)
  const { uid, gid } = program.identity
  const owner = uid ?? process.getuid?.()
  const sockets = lstatSync(place.sockets)
  // Somebody else's folder under the temporary directory could be a trap: whoever owns the socket is the database.
  if (!sockets.isDirectory() || (sockets.uid !== process.getuid?.() && sockets.uid !== owner))
    throw new AppError(
      'unavailable',
      `${place.sockets} belongs to somebody else. Remove it, or move the data folder to a shorter path.`,
    )
  if (uid !== undefined && gid !== undefined)
    for (const folder of [place.root, place.sockets]) chownSync(folder, uid, gid)
  return program
}
