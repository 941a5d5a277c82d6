import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { AppError } from '../lib/app-error.ts'
import { type Identity, type PostgresProgram, preparePostgres, serverUser } from './postgres-binaries.ts'

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

/** Makes the folders, fit for whoever runs the server, and says how to run it. Throws `unavailable` when the folder of the sockets is somebody else's or the server could not reach its own. */
export function preparePlace(place: PostgresPlace): PostgresProgram {
  mkdirSync(place.root, { recursive: true, mode: 0o700 })
  mkdirSync(place.sockets, { recursive: true, mode: 0o700 })
  const program = preparePostgres(place.root)
  const me = process.getuid?.()
  const { uid } = lstatSync(place.sockets)
  // Somebody else's folder under the temporary directory could be a trap: whoever owns the socket is the database.
  const isOurs = uid === me || (me === 0 && uid === serverUser) || dirname(place.sockets) === place.root
  if (!lstatSync(place.sockets).isDirectory() || !isOurs)
    throw new AppError(
      'unavailable',
      `${place.sockets} belongs to somebody else. Remove it, or move the data folder to a shorter path.`,
    )
  if (me === 0) admitServer(place, program)
  return program
}

/** The way root runs the server changes with the machine and the container runtime, and with it who owns its folders. */
function admitServer(place: PostgresPlace, program: PostgresProgram): void {
  const { uid = 0, gid = 0 } = program.identities.postgres
  chownSync(place.root, 0, gid)
  // The server passes by its group, which nobody else has; into its own folders comes its user alone.
  chmodSync(place.root, uid === 0 ? 0o700 : 0o710)
  for (const folder of [place.data, place.sockets])
    if (existsSync(folder) && lstatSync(folder).uid !== uid) giveTo(folder, { uid, gid })
  if (uid === 0) return
  letPass(dirname(place.root), gid)
  checkReach(place, program)
}

function letPass(folder: string, gid: number): void {
  const { uid, mode } = statSync(folder)
  if ((mode & 0o001) !== 0) return
  chownSync(folder, uid, gid)
  chmodSync(folder, (mode & 0o700) | 0o010)
}

/** Hands a folder with all it holds to whoever runs a program; does nothing where that is us. Throws `unavailable`. */
export function giveTo(folder: string, { uid, gid }: Identity): void {
  if (uid === undefined || gid === undefined) return
  const done = spawnSync('chown', ['-R', '-h', `${uid}:${gid}`, '--', folder], { stdio: 'ignore' })
  if (done.status !== 0) throw new AppError('unavailable', `The owner of ${folder} cannot be changed to user ${uid}.`)
}

/** Whether the user who runs the server in root's place gets to the libraries and data. */
function checkReach(place: PostgresPlace, program: PostgresProgram): void {
  const [file, ...args] = program.command('postgres', ['--version'])
  const options = { ...program.identities.postgres, env: program.env, stdio: 'ignore' } as const
  if (spawnSync(file, args, options).status === 0) return
  throw new AppError(
    'unavailable',
    `Started by root, the embedded PostgreSQL runs as a user of its own, who cannot reach ${place.root}. Start Weir as an ordinary user, or set WEIR_DATA_FOLDER to a folder others may pass, for example /var/lib/weir.`,
  )
}
