import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ClientBase, Pool, PoolClient } from 'pg'
import { AppError } from '../lib/app-error.ts'

/** One numbered step of the schema; its text never changes after a release. */
export type Migration = { number: number; name: string; sql: string; checksum: string }

/** Where the schema stands: names of the steps that ran and of those still to run. */
export type MigrationState = { applied: string[]; pending: string[] }

export const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url))

/** An arbitrary number all Weirs agree on: only one of them migrates a database at a time. */
const lockKey = 7_203_114

const createTable = `create table if not exists weir_migration (
  number integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`

/** The migrations `NNNN-what.sql` of a folder in order; a number may be left out. Throws when one is double or a name is another. */
export function readMigrations(folder: string = migrationsFolder): Migration[] {
  const names = readdirSync(folder).toSorted()
  let last = 0
  return names.map((name) => {
    const number = Number(/^(\d{4})-[a-z0-9-]+\.sql$/.exec(name)?.[1])
    if (!(number > last)) throw new Error(`Migration ${name} has no number of its own in the form NNNN-what.sql.`)
    last = number
    const sql = readFileSync(join(folder, name), 'utf8')
    return { number, name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
  })
}

/** Runs what is pending, each step in its own transaction; any number of processes may start at once. Throws `schema_newer` or `schema_changed`. */
export async function migrate(pool: Pool, migrations: Migration[] = readMigrations()): Promise<MigrationState> {
  return withClient(pool, async (client) => {
    await client.query('select pg_advisory_lock($1)', [lockKey])
    try {
      await client.query(createTable)
      const pending = findPending(await readApplied(client), migrations)
      for (const migration of pending) await apply(client, migration)
      return { applied: pending.map((migration) => migration.name), pending: [] }
    } finally {
      await client.query('select pg_advisory_unlock($1)', [lockKey])
    }
  })
}

/** Runs these migrations and notes them inside the caller's transaction, without asking what ran before. */
export async function runMigrations(client: ClientBase, migrations: readonly Migration[]): Promise<void> {
  await client.query(createTable)
  for (const { number, name, sql, checksum } of migrations) {
    await client.query(sql)
    const values = [number, name, checksum]
    await client.query('insert into weir_migration (number, name, checksum) values ($1, $2, $3)', values)
  }
}

/** What `migrate` would do, without doing it. Throws as it does. */
export async function checkMigrations(pool: Pool, migrations: Migration[] = readMigrations()): Promise<MigrationState> {
  return withClient(pool, async (client) => {
    const applied = await readApplied(client)
    const pending = findPending(applied, migrations)
    return { applied: applied.map((row) => row.name), pending: pending.map((migration) => migration.name) }
  })
}

/** A migration as a database or a backup remembers it. */
export type Applied = { number: number; name: string; checksum: string }

/** What ran on this database, in order; empty on a new one. */
export async function readApplied(client: ClientBase): Promise<Applied[]> {
  const table = await client.query<{ found: boolean }>(`select to_regclass('weir_migration') is not null as found`)
  if (table.rows[0]?.found !== true) return []
  const found = await client.query<Applied>('select number, name, checksum from weir_migration order by number')
  return found.rows
}

/** The migrations that still have to run. Throws `schema_newer` or `schema_changed` when those that ran are not the first of ours. */
export function findPending(applied: readonly Applied[], migrations: readonly Migration[]): Migration[] {
  const newest = applied.at(-1)
  if (newest !== undefined && newest.number > (migrations.at(-1)?.number ?? 0))
    throw new AppError(
      'schema_newer',
      `The database stands at ${newest.name}, which this Weir does not know. Start the newer Weir, or restore a backup made before the upgrade.`,
    )
  const byNumber = new Map(migrations.map((migration) => [migration.number, migration]))
  for (const row of applied) {
    if (byNumber.get(row.number)?.checksum !== row.checksum)
      throw new AppError('schema_changed', `Migration ${row.name} was changed after it ran on this database.`)
  }
  const ran = new Set(applied.map((row) => row.number))
  return migrations.filter((migration) => !ran.has(migration.number))
}

async function apply(client: PoolClient, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await runMigrations(client, [migration])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

async function withClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    const result = await work(client)
    client.release()
    return result
  } catch (error) {
    // A broken connection, or one that may still hold the lock, does not go back to the pool.
    client.release(true)
    throw error
  }
}
