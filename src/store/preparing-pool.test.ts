import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import type { OpenDatabase } from './db.ts'

let open: OpenDatabase
beforeAll(async () => {
  open = await createTestDatabase({ poolSize: 1 })
  await sql`create table told (id integer, word text)`.execute(open.db)
})
afterAll(() => open.close())

const tell = (id: number) =>
  sql`insert into told (id, word) values (${id}::int, 'once') returning *`.execute(open.preparedDb)
const listPrepared = async () => {
  const { rows } = await open.pool.query<{ statement: string }>('select statement from pg_prepared_statements')
  return rows.map((row) => row.statement)
}

test('a statement is prepared once on a connection, however often it is asked', async () => {
  for (const id of [1, 2, 3]) expect((await tell(id)).rows).toEqual([{ id, word: 'once' }])
  const found = await sql<{ count: number }>`select count(*) as count from told where id > ${1}::int`.execute(
    open.preparedDb,
  )
  expect(found.rows).toEqual([{ count: 2 }])
  expect(await listPrepared()).toHaveLength(2)
})

test('transactions hold, and count what they changed', async () => {
  const change = async (fails: boolean) =>
    open.preparedDb.transaction().execute(async (tx) => {
      const done = await sql`update told set word = ${'twice'} where id < ${3}::int`.execute(tx)
      if (fails) throw new Error('no')
      return done.numAffectedRows
    })
  await expect(change(true)).rejects.toThrow('no')
  const left = await sql`select from told where word = ${'twice'}`.execute(open.preparedDb)
  expect(left.rows).toHaveLength(0)
  expect(await change(false)).toBe(2n)
})

test('a statement that does not fit any more after a migration is sent anew, with the new columns', async () => {
  await tell(4)
  await sql`alter table told add column more text`.execute(open.db)
  expect((await tell(5)).rows).toEqual([{ id: 5, word: 'once', more: null }])
  expect(await listPrepared()).toHaveLength(0)
})

test('a transaction it meets is over, and the next one works', async () => {
  const tellTwice = async () =>
    open.preparedDb.transaction().execute(async (tx) => {
      await sql`insert into told (id) values (${6}::int)`.execute(tx)
      return (await sql`select * from told where id = ${6}::int`.execute(tx)).rows.length
    })
  expect(await tellTwice()).toBe(1)
  await sql`alter table told add column most text`.execute(open.db)
  await expect(tellTwice()).rejects.toThrow('cached plan must not change result type')
  expect(await tellTwice()).toBe(2)
})

test('texts that vary without end do not fill the memory of the server', async () => {
  for (let number = 0; number < 320; number++)
    await sql`select ${sql.raw(String(number))} + ${1}::int`.execute(open.preparedDb)
  expect((await listPrepared()).length).toBeLessThanOrEqual(300)
})
