import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/database.ts'
import { newId } from '../../lib/ids.ts'
import type { OpenDatabase } from '../db.ts'
import { deleteLeftovers } from './leftovers.ts'

let database: OpenDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(async () => database.close())

const now = new Date('2026-11-20T12:00:00Z')
const hours = (count: number): Date => new Date(now.getTime() + count * 3600_000)

test('ended sessions and answers older than a day are forgotten, all others stay', async () => {
  const { db } = database
  const userId = newId()
  await db.insertInto('auth_user').values({ id: userId, name: 'Ada', email: 'ada@example.com' }).execute()
  const sessions = [-1, 1].map((left) => ({ id: newId(), user_id: userId, token: `t${left}`, expires_at: hours(left) }))
  await db.insertInto('auth_session').values(sessions).execute()
  const organizationId = newId()
  await db.insertInto('organization').values({ organization_id: organizationId, name: 'Harbour' }).execute()
  const keys = [-25, -23].map((age) => ({
    organization_id: organizationId,
    principal_id: userId,
    key: `k${age}`,
    request_hash: 'h',
    created_at: hours(age),
  }))
  await db.insertInto('idempotency_key').values(keys).execute()

  await deleteLeftovers(db, now)

  expect(await db.selectFrom('auth_session').select('token').execute()).toEqual([{ token: 't1' }])
  expect(await db.selectFrom('idempotency_key').select('key').execute()).toEqual([{ key: 'k-23' }])
})
