import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import { startSilentProxy } from '../../test/silent-proxy.ts'
import type { OpenDatabase } from './db.ts'
import { createTimedPool } from './timed-pool.ts'

let open: OpenDatabase
beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(() => open.close())

const short = { statementMs: 150, connectMs: 5000, max: 1 }
const openPool = (connectionString: string) =>
  createTimedPool({ connectionString }, short).on('connect', (client) => client.on('error', () => undefined))

test('a statement that takes too long fails and its connection is destroyed, so that the next has another', async () => {
  const pool = openPool(open.url)
  const client = await pool.connect()
  const late = client.query('select pg_sleep(3)').finally(() => client.release())
  await expect(late).rejects.toThrow('timeout')
  const { rows } = await pool.query('select 1 as one')
  expect(rows).toEqual([{ one: 1 }])
  await pool.end()
})

test('connections that went silent are noticed, and the next statement has a new one', async () => {
  const proxy = await startSilentProxy(open.url)
  const pool = openPool(proxy.url)
  await pool.query('select 1')
  proxy.silence()
  const client = await pool.connect()
  await expect(client.query('select 1').finally(() => client.release())).rejects.toThrow('timeout')
  expect((await pool.query('select 2 as two')).rows).toEqual([{ two: 2 }])
  await pool.end()
  proxy.close()
})
