import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { PgBoss } from 'pg-boss'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createBareDatabase, createTestDatabase } from '../../test/database.ts'
import { type BackupInput, writeBackup } from './backup.ts'
import type { OpenDatabase } from './db.ts'
import { type Migration, migrate, readMigrations } from './migrate.ts'
import { restoreBackup } from './restore.ts'

const schema = `
  create table everything (id uuid primary key, note text, size bigint, exact numeric, ratio double precision, is_open boolean,
    day date, moment timestamptz, tags text[], facts jsonb, bytes bytea, address inet, double_size bigint generated always as (size * 2) stored);
  create table thread (id integer primary key, parent_id integer references thread, first_everything uuid references everything);
  create table "Odd name" ("a ""quoted"" column" text);`
const migrations: Migration[] = [{ number: 1, name: '0001-first.sql', sql: schema, checksum: 'c1' }]
const later: Migration = {
  number: 2,
  name: '0002-note.sql',
  sql: `alter table thread add column kind text not null default 'old'`,
  checksum: 'c2',
}

let folder: string
let input: BackupInput
let open: OpenDatabase[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-backup-'))
  input = { file: join(folder, 'b.gz'), weirVersion: '0.1.0', clock: () => new Date('2026-11-21T10:00:00Z') }
  open = []
})
afterEach(async () => {
  await Promise.all(open.map((database) => database.close()))
  await rm(folder, { recursive: true })
})

async function opened(opening: Promise<OpenDatabase>): Promise<OpenDatabase> {
  const database = await opening
  open.push(database)
  return database
}

async function filled(): Promise<OpenDatabase> {
  const database = await opened(createBareDatabase())
  await migrate(database.pool, migrations)
  await database.pool.query(`
    insert into everything select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid,
      case when n % 7 = 0 then null else E'line\\n"quoted" \\\\ tab\\t \u2028 \u00fc \ud83d\ude00 ' || n end, 9007199254740993 + n, 1.500 + n,
      case n when 1 then 'NaN' when 2 then '-Infinity' else 0.1 * n end, n % 2 = 0, date '2026-01-01' + n,
      timestamptz '2026-03-29 02:30:00.123456+02' + n * interval '1 second', array['a,b', null, '{"x"}', 'NULL'],
      '{"a": [1, null, "\\u00fc"], "b": 1.0}', decode(repeat('00ff', n % 50), 'hex'), '10.0.0.0/8'
    from generate_series(1, 3000) n;
    -- Children before their parents, and a circle.
    insert into thread select n, case when n = 50 then 1 else n + 1 end, '00000000-0000-7000-8000-000000000001' from generate_series(1, 50) n;
    insert into "Odd name" values ('x'), (null), ('')`)
  return database
}

async function fingerprint({ pool }: OpenDatabase): Promise<Record<string, unknown>> {
  const tables = await pool.query<{ name: string }>(
    `select quote_ident(relname) as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'weir_migration' order by 1`,
  )
  const sums: Record<string, unknown> = {}
  for (const { name } of tables.rows) {
    const found = await pool.query(
      `select count(*), md5(string_agg(t::text, '|' order by t::text)) as sum from ${name} t`,
    )
    sums[name] = found.rows[0]
  }
  const keys = await pool.query(
    `select conname, pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace order by 1`,
  )
  return { ...sums, keys: keys.rows }
}

describe('backup and restore', () => {
  it('bring back every row of every type, circles included, with all constraints', async () => {
    const source = await filled()
    const counts = await writeBackup(source.pool, input)
    expect(counts.rows).toEqual({ 'Odd name': 3, everything: 3000, thread: 50 })
    const target = await opened(createBareDatabase())
    const restored = await restoreBackup(target.pool, { file: input.file, migrations })
    expect(restored.header).toMatchObject({ weir_version: '0.1.0', made_at: '2026-11-21T10:00:00.000Z' })
    expect(await fingerprint(target)).toEqual(await fingerprint(source))
  })

  it('works with the schema of Weir itself, wiped first, and hands over the waiting jobs', async () => {
    const source = await opened(createTestDatabase())
    await source.pool.query(`insert into organization (organization_id, name) values (gen_random_uuid(), 'Acme')`)
    const boss = new PgBoss({ connectionString: source.url, supervise: false, schedule: false })
    await boss.start()
    await boss.createQueue('push-defect')
    await boss.send('push-defect', { defectId: 'd1' }, { singletonKey: 's', startAfter: 60 })
    await boss.stop({ graceful: false })
    const before = await fingerprint(source)
    await writeBackup(source.pool, input)
    await source.pool.query(`update organization set name = 'Changed'`)
    const { jobs } = await restoreBackup(source.pool, { file: input.file, isWipeAllowed: true })
    expect(await fingerprint(source)).toEqual(before)
    expect(jobs).toMatchObject([{ name: 'push-defect', data: { defectId: 'd1' }, singleton_key: 's' }])
    expect((await migrate(source.pool)).applied).toEqual([])
  })

  it('bring an older backup up to date', async () => {
    await writeBackup((await filled()).pool, input)
    const target = await opened(createBareDatabase())
    await restoreBackup(target.pool, { file: input.file, migrations: [...migrations, later] })
    expect((await target.pool.query('select distinct kind from thread')).rows).toEqual([{ kind: 'old' }])
    expect((await migrate(target.pool, [...migrations, later])).applied).toEqual([])
  })

  it('refuse the backup of a newer Weir and a database that holds rows', async () => {
    const source = await filled()
    await writeBackup(source.pool, input)
    const fresh = await opened(createBareDatabase())
    const newer = restoreBackup(fresh.pool, { file: input.file, migrations: [] })
    await expect(newer).rejects.toMatchObject({ code: 'schema_newer' })
    const onto = restoreBackup(source.pool, { file: input.file, migrations })
    await expect(onto).rejects.toMatchObject({ code: 'conflict' })
    await expect(writeBackup(source.pool, input)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('leave the database as it was when the file is cut off, changed, missing or something else', async () => {
    const source = await filled()
    await writeBackup(source.pool, input)
    const before = await fingerprint(source)
    const whole = await readFile(input.file)
    const lines = gunzipSync(whole).toString('utf8').split('\n')
    const files: [string, Buffer][] = [
      ['not gzip', Buffer.from('hello')],
      ['another gzip', gzipSync('{"a":1}\n')],
      ['without its end', gzipSync(lines.slice(0, -2).join('\n'))],
      ['a row less', gzipSync(lines.toSpliced(10, 1).join('\n'))],
      ['empty', Buffer.alloc(0)],
    ]
    for (const [name, bytes] of files) {
      await writeFile(join(folder, name), bytes)
      const restoring = restoreBackup(source.pool, { file: join(folder, name), migrations, isWipeAllowed: true })
      await expect(restoring).rejects.toMatchObject({ code: 'backup_invalid' })
    }
    await truncate(input.file, whole.length - 200)
    const restoring = restoreBackup(source.pool, { file: input.file, migrations, isWipeAllowed: true })
    await expect(restoring).rejects.toMatchObject({ code: 'backup_invalid' })
    const missing = restoreBackup(source.pool, { file: join(folder, 'none'), migrations, isWipeAllowed: true })
    await expect(missing).rejects.toMatchObject({ code: 'not_found' })
    expect(await fingerprint(source)).toEqual(before)
  })

  it('see one moment although rows change meanwhile, and the file is its owner\u2019s alone', async () => {
    const source = await filled()
    const done = new AbortController()
    const changing = (async () => {
      for (let n = 10_000; !done.signal.aborted; n++)
        await source.pool.query(`with a as (insert into thread values ($1)) insert into "Odd name" values ($1::text)`, [
          n,
        ])
    })()
    const counts = await writeBackup(source.pool, input)
    done.abort()
    await changing
    expect((counts.rows['thread'] ?? 0) - 50).toBe((counts.rows['Odd name'] ?? 0) - 3)
    expect((await stat(input.file)).mode & 0o777).toBe(0o600)
  })

  it('write into no file that somebody laid there before them', async () => {
    const trap = `${input.file}.part`
    await writeFile(trap, 'trap', { mode: 0o666 })
    await writeBackup((await filled()).pool, input)
    expect(await readFile(trap, 'utf8')).toBe('trap')
    expect((await stat(input.file)).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['b.gz', 'b.gz.part'])
  })

  it('make the same schema as the migrations do', async () => {
    const source = await opened(createTestDatabase())
    await writeBackup(source.pool, input)
    const target = await opened(createBareDatabase())
    await restoreBackup(target.pool, { file: input.file, migrations: readMigrations() })
    expect((await fingerprint(target))['keys']).toEqual((await fingerprint(source))['keys'])
  })
})
