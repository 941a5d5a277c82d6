import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createBareDatabase } from '../../test/database.ts'
import type { OpenDatabase } from './db.ts'
import { checkMigrations, migrate, readMigrations } from './migrate.ts'

let folder: string
let open: OpenDatabase
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-migrations-'))
  open = await createBareDatabase()
  await write('0001-one.sql', 'create table one (id integer primary key); insert into one values (1);')
})
afterEach(async () => {
  await open.close()
  await rm(folder, { recursive: true })
})

const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text)
const read = () => readMigrations(folder)

describe('migrations', () => {
  it('run once, in order, and later ones when they come', async () => {
    await write('0002-two.sql', 'alter table one add column note text')
    expect(await checkMigrations(open.pool, read())).toEqual({ applied: [], pending: ['0001-one.sql', '0002-two.sql'] })
    expect(await migrate(open.pool, read())).toEqual({ applied: ['0001-one.sql', '0002-two.sql'], pending: [] })
    expect(await migrate(open.pool, read())).toEqual({ applied: [], pending: [] })
    await write('0003-three.sql', 'create index one_note on one (note)')
    expect((await migrate(open.pool, read())).applied).toEqual(['0003-three.sql'])
    expect((await checkMigrations(open.pool, read())).pending).toEqual([])
  })

  it('run once when five processes start together', async () => {
    const others = await Promise.all(Array.from({ length: 5 }, () => migrate(open.pool, read())))
    expect(others.flatMap((state) => state.applied)).toEqual(['0001-one.sql'])
    expect((await open.pool.query('select count(*) as n from one')).rows).toEqual([{ n: 1 }])
  })

  it('that fail leave nothing of themselves behind, and can be run again', async () => {
    await write('0002-two.sql', 'insert into one values (2); select 1 / 0;')
    await expect(migrate(open.pool, read())).rejects.toThrow(/division by zero/)
    expect((await open.pool.query('select id from one')).rows).toEqual([{ id: 1 }])
    await write('0002-two.sql', 'insert into one values (2)')
    expect((await migrate(open.pool, read())).applied).toEqual(['0002-two.sql'])
  })

  it('refuse a database of a newer Weir', async () => {
    await write('0002-two.sql', 'create table two (id integer)')
    await migrate(open.pool, read())
    await rm(join(folder, '0002-two.sql'))
    await expect(migrate(open.pool, read())).rejects.toMatchObject({ code: 'schema_newer' })
    await expect(checkMigrations(open.pool, read())).rejects.toMatchObject({ code: 'schema_newer' })
  })

  it('refuse a database whose migrations were changed afterwards', async () => {
    await migrate(open.pool, read())
    await write('0001-one.sql', 'create table other (id integer)')
    await expect(migrate(open.pool, read())).rejects.toMatchObject({ code: 'schema_changed' })
  })

  it('have numbers of their own, one may be left out, and names of one form', async () => {
    await write('0003-three.sql', 'create table three (id integer)')
    expect((await migrate(open.pool, read())).applied).toEqual(['0001-one.sql', '0003-three.sql'])
    expect(await migrate(open.pool, read())).toEqual({ applied: [], pending: [] })
    await write('0003-tree.sql', '')
    expect(read).toThrow(/0003-tree.sql has no number of its own/)
    await rm(join(folder, '0003-tree.sql'))
    await write('notes.txt', '')
    expect(read).toThrow(/notes.txt/)
  })
})
