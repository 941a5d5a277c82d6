import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Client, type PoolClient } from 'pg'
import { type Config, readConfig } from '../config.ts'
import { createQueue } from '../jobs/queue.ts'
import { AppError } from '../lib/app-error.ts'
import { systemClock } from '../lib/clock.ts'
import { createNewId } from '../lib/ids.ts'
import { createLog } from '../lib/log.ts'
import { createSecretBox } from '../lib/secret-box.ts'
import { ensureSecretKeys } from '../secret-key.ts'
import { openDatabase } from '../store/db.ts'
import { checkMigrations, migrate } from '../store/migrate.ts'
import { requireReachable } from '../store/require-reachable.ts'
import type { Terminal } from './command.ts'

/**
 * The configured database, shared with a Weir that runs on it; `isAlone` refuses to share it with a server of its data
 * folder, and keeps one from starting; `mayMake` is for the commands whose purpose is to make a database. Logs go to
 * standard error: standard output is the answer. Throws `not_found` where there is no database and none is made.
 */
export async function openStore(
  terminal: Terminal,
  { isAlone = false, mayMake = false }: { isAlone?: boolean; mayMake?: boolean } = {},
) {
  const config = readConfig(terminal.environment)
  if (!mayMake) requireDatabase(config)
  const log = createLog({ level: 'error', destination: { write: (line) => terminal.complain(line.trimEnd()) } })
  const { databaseUrl, dataFolder } = config
  const source = databaseUrl === undefined ? { dataFolder, asServer: isAlone } : { url: databaseUrl }
  const clients = new Set<PoolClient>()
  let isStopped = false
  // Whatever waits for an answer fails then, is rolled back, and the command ends by its own way out.
  terminal.onStop?.(() => {
    isStopped = true
    for (const client of clients) void endClient(client)
  })
  const database = await openDatabase(source, { log })
  database.pool.on('connect', (client) => clients.add(client))
  database.pool.on('remove', (client) => clients.delete(client))
  try {
    if (isStopped) throw new AppError('unavailable', 'The command was stopped.')
    await requireReachable(database.pool)
  } catch (error) {
    await database.close()
    throw error
  }
  return { config, log, database }
}

/** A command in the wrong folder must not leave a database there. Throws `not_found`. */
export function requireDatabase({ databaseUrl, dataFolder }: Config): void {
  if (databaseUrl !== undefined || existsSync(join(dataFolder, 'postgres'))) return
  throw new AppError(
    'not_found',
    `There is no Weir in the data folder ${dataFolder}. Name the folder of yours with WEIR_DATA_FOLDER, or its database with DATABASE_URL; Weir makes both when it is started.`,
  )
}

/** Nor a second key, with which nothing of the database could be opened. Throws `not_found`. */
export function requireKey({ secretKeys, dataFolder }: Config): void {
  if (secretKeys !== undefined || existsSync(join(dataFolder, 'secret.key'))) return
  throw new AppError(
    'not_found',
    `There is no secret key in the data folder ${dataFolder}. Name the folder of your Weir with WEIR_DATA_FOLDER, or give its key with WEIR_SECRET_KEY; Weir makes one when it is started.`,
  )
}

async function endClient(client: PoolClient): Promise<void> {
  // A pool's client is one of `pg`; only its type hides `end`.
  if (client instanceof Client) await client.end().catch(() => undefined)
}

/** The parts a use case needs, on a database whose schema is the present one; `close` when done. */
export async function openWeir(terminal: Terminal) {
  const wanted = readConfig(terminal.environment)
  requireDatabase(wanted)
  requireKey(wanted)
  const { config, log, database } = await openStore(terminal)
  try {
    await requireSchema(database)
    const queue = await createQueue({ databaseUrl: database.url, log, role: 'sender' })
    const close = async (): Promise<void> => {
      await queue.stop()
      await database.close()
    }
    const { keys } = ensureSecretKeys(config)
    const parts = { db: database.db, clock: systemClock, newId: createNewId(), enqueue: queue.enqueue, log }
    return { config, close, database, secretBox: createSecretBox(keys), ...parts }
  } catch (error) {
    await database.close()
    throw error
  }
}

/** An empty database gets its schema; one that another Weir uses is never changed by the way. */
async function requireSchema({ pool }: { pool: Parameters<typeof migrate>[0] }): Promise<void> {
  const { applied, pending } = await checkMigrations(pool)
  if (pending.length === 0) return
  if (applied.length > 0)
    throw new AppError(
      'unavailable',
      'The database is older than this Weir. Stop Weir, run `weir migrate`, start it again.',
    )
  await migrate(pool)
}
