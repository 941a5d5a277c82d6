import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Kysely, PostgresDialect, type PostgresPool } from 'kysely'
import { type ClientConfig, Pool, types } from 'pg'
import { AppError } from '../lib/app-error.ts'
import { type FileLock, tryFileLock } from '../lib/file-lock.ts'
import type { Log } from '../lib/log.ts'
import { type EmbeddedOptions, openEmbeddedPostgres } from './embedded-postgres.ts'
import { keepAlive } from './keep-alive.ts'
import { createListener, type NotificationHandler } from './listener.ts'
import { createPreparingPool } from './preparing-pool.ts'
import type { Database } from './schema.gen.ts'
import { createTimedPool } from './timed-pool.ts'

/** The database as query functions take it; a transaction fits as well. */
export type Db = Kysely<Database>

/** A server by its address, or the embedded one of a data folder. */
export type DatabaseSource =
  | { url: string }
  | {
      dataFolder: string
      /** The Weir server of the folder: only one at a time, a second one gets `database_in_use`. Workers and the CLI leave it out. */
      asServer?: boolean
      settings?: EmbeddedOptions['settings']
    }

export type DatabaseOptions = {
  log?: Log
  /** Connections at most; default 10. */
  poolSize?: number
  /** Called with the text of every statement sent through Kysely. */
  onStatement?: (sql: string) => void
}

/** An open database. `url` connects another client or process to the same one while this is open. */
export type OpenDatabase = {
  db: Db
  /** The same over the same connections, for work that asks the same few things all day: its statements are planned once. */
  preparedDb: Db
  /**
   * The same database over few connections of its own, for what somebody outside waits for: a statement that takes longer
   * than 7 seconds fails, and work elsewhere that hangs on silent connections does not stand in its way.
   */
  timedDb: Db
  pool: Pool
  url: string
  listen: (channel: string, handler: NotificationHandler) => Promise<() => Promise<void>>
  /** Ends all connections and, as its last user, the embedded server. */
  close: () => Promise<void>
}

const defaultPoolSize = 10
const connectWithinMs = 15_000
/** Below the eight seconds within which a delivery is answered. */
const timed = { statementMs: 7000, connectMs: 5000, max: 4 }

/** Opens the database. Throws `database_in_use`, or `unavailable` when an embedded server does not start; a server by URL is first reached by the first query. */
export async function openDatabase(source: DatabaseSource, options: DatabaseOptions = {}): Promise<OpenDatabase> {
  if ('url' in source) return connect(source.url, options, async () => undefined)
  const claim = source.asServer === true ? claimFolder(source.dataFolder) : undefined
  try {
    const { dataFolder, settings } = source
    const log = options.log
    const server = await openEmbeddedPostgres({ dataFolder, ...(settings && { settings }), ...(log && { log }) })
    return connect(server.url, options, async () => {
      await server.close()
      claim?.release()
    })
  } catch (error) {
    claim?.release()
    throw error
  }
}

function claimFolder(dataFolder: string): FileLock {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const lock = tryFileLock(join(dataFolder, 'server.lock'), 'exclusive')
  if (lock !== undefined) return lock
  throw new AppError(
    'database_in_use',
    `Another Weir serves the data folder ${resolve(dataFolder)}. Stop it first, or set WEIR_DATA_FOLDER to another folder.`,
  )
}

function connect(url: string, options: DatabaseOptions, afterClose: () => Promise<void>): OpenDatabase {
  const config: ClientConfig = {
    connectionString: url,
    application_name: 'weir',
    ...keepAlive,
    types: { getTypeParser },
  }
  const pool = new Pool({
    ...config,
    max: options.poolSize ?? defaultPoolSize,
    connectionTimeoutMillis: connectWithinMs,
  })
  const timedPool = createTimedPool(config, timed)
  listenForBreaks([pool, timedPool], options)
  const db = query(pool, options)
  const preparedDb = query(createPreparingPool(pool), options)
  const timedDb = query(timedPool, options)
  const listener = createListener(config, options.log)
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    await listener.close()
    await db.destroy()
    await timedDb.destroy()
    for (const one of [pool, timedPool]) if (!one.ended) await one.end()
    await afterClose()
  }
  return {
    db,
    preparedDb,
    timedDb,
    pool,
    url,
    listen: listener.listen,
    close: async () => {
      closing ??= close()
      await closing
    },
  }
}

function listenForBreaks(pools: readonly Pool[], { log }: DatabaseOptions): void {
  // When the server restarts its connections break. Each needs its own ear for that: the pool listens only while one is
  // idle, and a transaction that waits for something else would take the process down.
  const onError = (error: Error): void => log?.warn({ err: error }, 'a database connection broke')
  for (const pool of pools) {
    pool.on('error', onError)
    pool.on('connect', (client) => client.on('error', onError))
  }
}

function query(pool: PostgresPool, { onStatement }: DatabaseOptions): Db {
  return new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    ...(onStatement && { log: (event) => onStatement(event.query.sql) }),
  })
}

const { builtins } = types

/** Whole numbers as numbers (never silently rounded), dates without time as they are written, the rest as `pg` does: timestamptz as Date, numeric as text, json parsed. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  if (oid === builtins.INT8) return parseWhole
  if (oid === builtins.DATE) return String
  return format === 'binary' ? types.getTypeParser(oid, 'binary') : types.getTypeParser(oid, 'text')
}

function parseWhole(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`The whole number ${text} is beyond what a number can hold.`)
  return value
}
