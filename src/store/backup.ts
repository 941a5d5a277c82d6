import { constants, createWriteStream, existsSync } from 'node:fs'
import { copyFile, link, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type ClientBase, escapeIdentifier, type Pool } from 'pg'
import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'
import { newSecret } from '../lib/ids.ts'
import type { BackupCounts, BackupHeader, BackupJob } from './backup-format.ts'
import { readApplied } from './migrate.ts'

export type BackupInput = { file: string; weirVersion: string; clock: Clock }

/** About as much text of one table is held in memory at a time. */
const batchBytes = 4 * 1024 * 1024
const largestBatch = 2000

/**
 * Writes all tables and waiting jobs as they stand at one moment, while Weir goes on. The file appears whole or not at
 * all, readable by its owner alone, and holds no secret key. Throws `conflict` when the file exists.
 */
export async function writeBackup(pool: Pool, input: BackupInput): Promise<BackupCounts> {
  if (existsSync(input.file)) throw fileExists(input.file)
  // A name nobody can foresee, and only ever a new file: one laid there by somebody else could be read by them.
  const draft = `${input.file}.${newSecret(9)}.part`
  const counts: BackupCounts = { rows: {}, jobs: 0 }
  const client = await pool.connect()
  try {
    await client.query('begin transaction isolation level repeatable read read only')
    await client.query(`set local timezone = 'UTC'; set local datestyle = 'ISO'; set local extra_float_digits = 1`)
    const target = createWriteStream(draft, { mode: 0o600, flags: 'wx', flush: true })
    await pipeline(Readable.from(renderLines(client, input, counts)), createGzip(), target)
    await client.query('commit')
    await putInPlace(draft, input.file)
    return counts
  } finally {
    client.release(true)
    await rm(draft, { force: true })
  }
}

/** Never over a file that came meanwhile, as a rename would; where the file system knows no links, by a copy. */
async function putInPlace(draft: string, file: string): Promise<void> {
  try {
    await link(draft, file)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw fileExists(file, error)
    await copyFile(draft, file, constants.COPYFILE_EXCL)
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

function fileExists(file: string, cause?: unknown): AppError {
  return new AppError('conflict', `The file ${file} exists already. Name another one, or remove it first.`, { cause })
}

async function* renderLines(client: ClientBase, input: BackupInput, counts: BackupCounts): AsyncGenerator<string> {
  const header: BackupHeader = {
    weir_backup: 1,
    weir_version: input.weirVersion,
    made_at: input.clock().toISOString(),
    migrations: await readApplied(client),
  }
  yield `${JSON.stringify(header)}\n`
  for (const { table, columns } of await listTables(client)) {
    yield `${JSON.stringify({ table, columns })}\n`
    counts.rows[table] = 0
    for await (const rows of readRows(client, table, columns)) {
      counts.rows[table] += rows.length
      yield `${rows.join('\n')}\n`
    }
  }
  for (const job of await readJobs(client)) {
    counts.jobs += 1
    yield `${JSON.stringify({ job })}\n`
  }
  yield `${JSON.stringify({ end: counts })}\n`
}

/** All tables of the application but the list of migrations, which travels in the header, with the columns one can write to. */
async function listTables(client: ClientBase): Promise<{ table: string; columns: string[] }[]> {
  const found = await client.query<{ table: string; columns: string[] }>(
    `select c.relname as table, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'weir_migration'
       and not a.attisdropped and a.attgenerated = ''
     group by c.relname order by c.relname`,
  )
  return found.rows
}

/** Rows as JSON lists of texts. How many at a time follows from how large the last ones were. */
async function* readRows(client: ClientBase, table: string, columns: string[]): AsyncGenerator<string[]> {
  const values = columns.map((column) => `${escapeIdentifier(column)}::text`).join(', ')
  await client.query(
    `declare backup_rows no scroll cursor for
     select array_to_json(array[${values}])::text as row from ${escapeIdentifier(table)}`,
  )
  for (let count = 1; ; ) {
    const found = await client.query<{ row: string }>(`fetch ${count} from backup_rows`)
    if (found.rows.length === 0) break
    const rows = found.rows.map((line) => line.row)
    yield rows
    const averageBytes = rows.reduce((sum, row) => sum + row.length, 0) / rows.length
    count = Math.max(1, Math.min(largestBatch, count * 4, Math.floor(batchBytes / averageBytes)))
  }
  await client.query('close backup_rows')
}

async function readJobs(client: ClientBase): Promise<BackupJob[]> {
  const table = await client.query<{ found: boolean }>(`select to_regclass('pgboss.job') is not null as found`)
  if (table.rows[0]?.found !== true) return []
  const found = await client.query<BackupJob>(
    // Started ones as well: after a restore nobody works on them. The queue's own housekeeping starts by itself.
    `select name, data, priority, to_char(start_after at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as start_after,
       singleton_key
     from pgboss.job where state in ('created', 'retry', 'active') and not starts_with(name, '__pgboss')
     order by created_on, id`,
  )
  return found.rows
}
