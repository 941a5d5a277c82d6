import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import { newId } from '../lib/ids.ts'
import { createLog } from '../lib/log.ts'
import type { OpenDatabase } from '../store/db.ts'
import { sweepLeftovers } from './sweep.ts'

let open: OpenDatabase
beforeAll(async () => {
  open = await createTestDatabase()
  const userId = newId()
  await open.db.insertInto('auth_user').values({ id: userId, name: 'Ada', email: 'ada@example.com' }).execute()
  const ended = { id: newId(), user_id: userId, token: 'ended', expires_at: new Date(Date.now() - 60_000) }
  const live = { id: newId(), user_id: userId, token: 'live', expires_at: new Date(Date.now() + 86_400_000) }
  await open.db.insertInto('auth_session').values([ended, live]).execute()
})
afterAll(() => open.close())

const tokens = async () =>
  (await open.db.selectFrom('auth_session').select('token').orderBy('token').execute()).map((row) => row.token)

test("nothing is deleted while our clock and the database's differ, and a warning says so", async () => {
  const said: string[] = []
  const log = createLog({ level: 'warn', destination: { write: (line) => void said.push(line) } })
  const sweep = (aheadMs: number) => sweepLeftovers({ db: open.db, clock: () => new Date(Date.now() + aheadMs), log })
  await sweep(400 * 86_400_000)
  await sweep(-400 * 86_400_000)
  expect(await tokens()).toEqual(['ended', 'live'])
  expect(said).toHaveLength(2)
  await sweep(60_000)
  expect(await tokens()).toEqual(['live'])
  expect(said).toHaveLength(2)
})
