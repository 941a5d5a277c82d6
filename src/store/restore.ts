import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type ClientBase, escapeIdentifier, type Pool } from 'pg'
import type * as z from 'zod'
import { AppError, isAppError } from '../lib/app-error.ts'
import {
  type BackupCounts,
  type BackupHeader,
  type BackupJob,
  backupEndSchema,
  backupHeaderSchema,
  backupJobLineSchema,
  backupTableSchema,
  readLines,
} from './backup-format.ts'
import { findPending, type Migration, readMigrations, runMigrations } from './migrate.ts'

export type RestoreInput = {
  file: string
  /** Replace what is in the database; without it a database that holds rows is refused. */
  isWipeAllowed?: boolean
  /** Run on the restored rows before they are committed. */
  beforeCommit?: (client: ClientBase) => Promise<void>
  migrations?: Migration[]
}

/** What came back. The jobs are for the caller to send once the queue runs; they were not part of the transaction. */
export type Restored = { header: BackupHeader; counts: BackupCounts; jobs: BackupJob[] }

const batchRows = 1000
const batchCharacters = 4 * 1024 * 1024

/**
 * Puts the database into the state of a backup, in one transaction, and brings an older schema up to date. No Weir may
 * run on it meanwhile. Throws `conflict` when the database holds rows, `schema_newer` when a newer Weir made the
 * backup, `backup_invalid` when the file is none or is cut off.
 */
export async function restoreBackup(pool: Pool, input: RestoreInput): Promise<Restored> {
  const lines = readLines(openFile(input.file))
  const client = await pool.connect()
  try {
    const header = parseLine(backupHeaderSchema, (await lines.next()).value)
    const migrations = input.migrations ?? readMigrations()
    const later = findPending(header.migrations, migrations)
    if (input.isWipeAllowed !== true) await refuseRows(client)
    await client.query('begin')
    await client.query('drop schema if exists pgboss cascade; drop schema public cascade; create schema public')
    await runMigrations(
      client,
      migrations.filter((migration) => !later.includes(migration)),
    )
    const keys = await dropForeignKeys(client)
    // What triggers would write is in the backup too.
    await switchTriggers(client, 'disable')
    const { counts, jobs } = await loadLines(client, lines)
    await switchTriggers(client, 'enable')
    for (const key of keys) await client.query(key)
    await runMigrations(client, later)
    await input.beforeCommit?.(client)
    await client.query('commit')
    return { header, counts, jobs }
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw toRestoreError(error, input.file)
  } finally {
    await lines.return(undefined)
    client.release(true)
  }
}

function openFile(file: string): AsyncIterable<Buffer> {
  // Errors of both streams surface where the last one is read.
  return pipeline(createReadStream(file), createGunzip(), () => undefined)
}

async function refuseRows(client: ClientBase): Promise<void> {
  const tables = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
       and relname not in ('weir_migration', 'instance')`,
  )
  for (const { name } of tables.rows) {
    const rows = await client.query(`select 1 from ${escapeIdentifier(name)} limit 1`)
    if (rows.rowCount !== 0)
      throw new AppError(
        'conflict',
        `The database is not empty (${name} has rows). Back it up, then restore with --wipe.`,
      )
  }
}

/** Takes all foreign keys away and answers the statements that bring them back: rows may then come in any order. */
async function dropForeignKeys(client: ClientBase): Promise<string[]> {
  const found = await client.query<{ table: string; name: string; definition: string }>(
    `select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace`,
  )
  for (const { table, name } of found.rows)
    await client.query(`alter table ${table} drop constraint ${escapeIdentifier(name)}`)
  return found.rows.map(
    ({ table, name, definition }) => `alter table ${table} add constraint ${escapeIdentifier(name)} ${definition}`,
  )
}

async function switchTriggers(client: ClientBase, to: 'disable' | 'enable'): Promise<void> {
  const found = await client.query<{ table: string }>(
    `select distinct tgrelid::regclass::text as table from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where not t.tgisinternal and c.relnamespace = 'public'::regnamespace`,
  )
  for (const { table } of found.rows) await client.query(`alter table ${table} ${to} trigger user`)
}

type Load = { table: string; insert: string; rows: string[]; characters: number }

async function loadLines(
  client: ClientBase,
  lines: AsyncIterable<string>,
): Promise<{ counts: BackupCounts; jobs: BackupJob[] }> {
  const counts: BackupCounts = { rows: {}, jobs: 0 }
  const jobs: BackupJob[] = []
  let load: Load | undefined
  let expected: BackupCounts | undefined
  for await (const line of lines) {
    if (line.startsWith('[') && load !== undefined) {
      counts.rows[load.table] = (counts.rows[load.table] ?? 0) + 1
      load.rows.push(line)
      load.characters += line.length
      if (load.rows.length >= batchRows || load.characters >= batchCharacters) await flush(client, load)
      continue
    }
    if (load !== undefined) await flush(client, load)
    if (line.startsWith('{"table":')) {
      const { table, columns } = parseLine(backupTableSchema, line)
      counts.rows[table] = 0
      load = { table, insert: await renderInsert(client, table, columns), rows: [], characters: 0 }
    } else if (line.startsWith('{"job":')) jobs.push(parseLine(backupJobLineSchema, line).job)
    else expected = parseLine(backupEndSchema, line).end
  }
  counts.jobs = jobs.length
  if (expected === undefined || JSON.stringify(expected) !== JSON.stringify(counts))
    throw invalid('its counts do not add up')
  return { counts, jobs }
}

async function flush(client: ClientBase, load: Load): Promise<void> {
  if (load.rows.length === 0) return
  await client.query(load.insert, [`[${load.rows.join(',')}]`])
  load.rows = []
  load.characters = 0
}

/** An insert of a JSON list of rows, each value read by the type its column has now. */
async function renderInsert(client: ClientBase, table: string, columns: readonly string[]): Promise<string> {
  const found = await client.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
     where attrelid = to_regclass('public.' || quote_ident($1)) and attnum > 0 and not attisdropped`,
    [table],
  )
  const types = new Map(found.rows.map((column) => [column.name, column.type]))
  const values = columns.map((column, index) => {
    const type = types.get(column)
    if (type === undefined) throw invalid(`it holds ${table}.${column}, which its schema does not have`)
    return `(row ->> ${index})::${type}`
  })
  const names = columns.map((column) => escapeIdentifier(column)).join(', ')
  return `insert into ${escapeIdentifier(table)} (${names}) select ${values.join(', ')} from json_array_elements($1::json) as row`
}

function parseLine<Schema extends z.ZodType>(schema: Schema, line: unknown): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(String(line)))
  } catch (cause) {
    throw invalid('a line makes no sense', cause)
  }
}

function invalid(reason: string, cause?: unknown): AppError {
  return new AppError(
    'backup_invalid',
    `This is not a whole backup of Weir: ${reason}. The database was left as it was.`,
    { cause },
  )
}

/** Errors of the file system and of gzip (no such file, not gzip, cut off) are about the file. */
function toRestoreError(error: unknown, file: string): unknown {
  if (isAppError(error) || !(error instanceof Error) || !('code' in error)) return error
  if (error.code === 'ENOENT') return new AppError('not_found', `There is no file ${file}.`, { cause: error })
  return typeof error.code === 'string' && error.code.startsWith('Z_')
    ? invalid('it is cut off or damaged', error)
    : error
}
