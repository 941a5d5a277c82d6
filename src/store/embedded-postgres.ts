import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'
import { AppError } from '../lib/app-error.ts'
import { type FileLock, tryFileLock } from '../lib/file-lock.ts'
import type { Log } from '../lib/log.ts'
import type { PostgresProgram, ProgramName } from './postgres-binaries.ts'
import { giveTo, type PostgresPlace, placeOf, preparePlace } from './postgres-place.ts'
import { findServerPid, removeStalePidFile } from './postgres-process.ts'

/** How to connect to an embedded server: `host` is the folder of its socket. */
export type EmbeddedConnection = { host: string; port: number; user: string; database: string }

/** A running embedded PostgreSQL, shared by all processes that opened its folder; the last one out stops it. */
export type EmbeddedPostgres = { connection: EmbeddedConnection; url: string; close: () => Promise<void> }

export type EmbeddedOptions = {
  dataFolder: string
  log?: Log
  /** Further server settings, `name=value`; tests switch fsync off with it, nothing else may. */
  settings?: readonly string[]
}

const readyWithinMs = 60_000
const retryStartForMs = 10_000
const stopWithinMs = 20_000
const superviseEveryMs = 500
const user = 'weir'
const port = 5432

/**
 * Opens the PostgreSQL of a data folder: makes it when the folder is empty, starts it when nobody runs it, joins it when
 * another process does, adopts it when that one was killed, and starts it again should it die while open.
 */
export async function openEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const place = placeOf(options.dataFolder)
  const program = preparePlace(place)
  const connection = { host: place.sockets, port, user, database: 'weir' }
  const use = await takeUse(place)
  try {
    await ensureRunning({ place, program, options })
  } catch (error) {
    use.release()
    throw error
  }
  const supervisor = supervise({ place, program, options })
  return {
    connection,
    url: `postgresql://${user}@/weir?host=${encodeURIComponent(place.sockets)}&port=${port}`,
    close: async () => {
      await supervisor.stop()
      use.release()
      await stopWhenUnused(place)
    },
  }
}

type Work = { place: PostgresPlace; program: PostgresProgram; options: EmbeddedOptions }

/** As long as one process holds this, the server is not stopped. Waits while the last user of before is stopping it. */
async function takeUse(place: PostgresPlace): Promise<FileLock> {
  const deadline = Date.now() + stopWithinMs * 2
  for (;;) {
    const lock = tryFileLock(place.usersLock, 'shared')
    if (lock !== undefined) return lock
    if (Date.now() > deadline) throw new AppError('unavailable', 'The embedded PostgreSQL does not finish stopping.')
    await sleep(50)
  }
}

async function ensureRunning(work: Work): Promise<void> {
  const begunMs = Date.now()
  while (Date.now() < begunMs + readyWithinMs) {
    if (isServerAlive(work.place)) {
      if (await ensureDatabase(work.place)) return
    } else {
      const lock = tryFileLock(work.place.startLock, 'exclusive')
      try {
        if (lock !== undefined) await startAndWait(work)
      } catch (error) {
        // After a kill -9 the old server's children need a moment to notice; until then a new one does not start.
        if (Date.now() > begunMs + retryStartForMs) throw error
      } finally {
        lock?.release()
      }
    }
    await sleep(30)
  }
  throw new AppError('unavailable', `The embedded PostgreSQL does not get ready; see ${work.place.logFile}.`)
}

async function startAndWait(work: Work): Promise<void> {
  const deadline = Date.now() + readyWithinMs
  const { place, program, options } = work
  if (isServerAlive(place)) return
  if (existsSync(join(place.data, 'PG_VERSION'))) removeStalePidFile(place.data)
  else await initialise(work)
  const settings = [
    'listen_addresses=',
    `port=${port}`,
    `unix_socket_directories=${place.sockets}`,
    'unix_socket_permissions=0700',
    'timezone=UTC',
    'log_timezone=UTC',
    'max_connections=200',
    'log_checkpoints=off',
    ...(options.settings ?? []),
  ]
  const args = ['-D', place.data, ...settings.flatMap((setting) => ['-c', setting])]
  const child = run({ program, name: 'postgres', args, logFile: place.logFile, detached: true })
  child.unref()
  while (Date.now() < deadline && !(await isReady(place))) {
    if (child.exitCode !== null || child.pid === undefined)
      throw new AppError('unavailable', `The embedded PostgreSQL did not start; see ${place.logFile}.`)
    await sleep(30)
  }
}

/** Made beside its place and moved there when whole, so that a start killed half-way leaves nothing that looks ready. */
async function initialise({ place, program }: Work): Promise<void> {
  const fresh = `${place.data}.new`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { mode: 0o700 })
  giveTo(fresh, program.identities.initdb)
  const args = ['-D', fresh, '-U', user, '--auth=trust', '--data-checksums', '--locale=C.UTF-8', '--encoding=UTF8']
  const child = run({ program, name: 'initdb', args, logFile: place.logFile, detached: false })
  const code = await new Promise<number | null>((done, fail) => {
    child.once('exit', done)
    child.once('error', fail)
  })
  if (code !== 0) throw new AppError('unavailable', `The embedded PostgreSQL cannot be made; see ${place.logFile}.`)
  giveTo(fresh, program.identities.postgres)
  renameSync(fresh, place.data)
}

type Run = { program: PostgresProgram; name: ProgramName; args: string[]; logFile: string; detached: boolean }

function run({ program, name, args, logFile, detached }: Run) {
  const [file, ...rest] = program.command(name, args)
  const log = openSync(logFile, 'a', 0o600)
  // Detached: a Ctrl+C in the terminal must reach Weir alone, which then stops its server in order.
  const child = spawn(file, rest, {
    ...program.identities[name],
    env: program.env,
    stdio: ['ignore', log, log],
    detached,
  })
  child.on('error', () => undefined)
  closeSync(log)
  return child
}

async function isReady(place: PostgresPlace): Promise<boolean> {
  return (await connect(place, 'postgres', async () => true)) ?? false
}

/** Whether the server took us in and the database is there. */
async function ensureDatabase(place: PostgresPlace): Promise<boolean> {
  const isThere = await connect(place, 'postgres', async (client) => {
    const found = await client.query('select 1 from pg_database where datname = $1', ['weir'])
    if (found.rowCount === 0) await client.query('create database weir').catch(ignoreDuplicate)
    return true
  })
  return isThere ?? false
}

/** Two processes may make the database at the same moment: 42P04 duplicate_database, 23505 on the catalog's own index. */
function ignoreDuplicate(error: unknown): void {
  if (error instanceof DatabaseError && (error.code === '42P04' || error.code === '23505')) return
  throw error
}

async function connect<T>(
  place: PostgresPlace,
  database: string,
  work: (client: Client) => Promise<T>,
): Promise<T | undefined> {
  const client = new Client({ host: place.sockets, port, user, database, connectionTimeoutMillis: 5000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch {
    return undefined
  }
  return work(client).finally(() => client.end())
}

function isServerAlive(place: PostgresPlace): boolean {
  return findServerPid(place.data) !== undefined
}

function supervise(work: Work): { stop: () => Promise<void> } {
  let running: Promise<void> | undefined
  const check = (): void => {
    if (running !== undefined || isServerAlive(work.place)) return
    work.options.log?.warn('the embedded PostgreSQL is gone; starting it again')
    running = ensureRunning(work)
      .catch((error: unknown) => work.options.log?.error({ err: error }, 'the embedded PostgreSQL does not start'))
      .finally(() => {
        running = undefined
      })
  }
  const timer = setInterval(check, superviseEveryMs).unref()
  return {
    stop: async () => {
      clearInterval(timer)
      await running
    },
  }
}

async function stopWhenUnused(place: PostgresPlace): Promise<void> {
  const alone = tryFileLock(place.usersLock, 'exclusive')
  if (alone === undefined) return
  try {
    const pid = findServerPid(place.data)
    if (pid === undefined) return
    // SIGINT is PostgreSQL's fast shutdown: connections end, everything is written, nothing needs recovery.
    process.kill(pid, 'SIGINT')
    const deadline = Date.now() + stopWithinMs
    while (findServerPid(place.data) === pid && Date.now() < deadline) await sleep(20)
  } finally {
    alone.release()
  }
}
