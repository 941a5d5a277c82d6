import { hash, randomUUID } from 'node:crypto'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { Pool } from 'pg'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { startSilentProxy } from '../../../test/silent-proxy.ts'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { newId } from '../../lib/ids.ts'
import type { Db } from '../../store/db.ts'
import { type AcceptedDelivery, insertDeliveries } from '../../store/remotes/accepted-deliveries.ts'
import type { Database } from '../../store/schema.gen.ts'
import { createTimedPool } from '../../store/timed-pool.ts'
import { createCommitQueue } from './commit-deliveries.ts'

let world: SyncWorld
beforeAll(async () => {
  world = await createSyncWorld({ mode: '2026' })
})
afterEach(() => {
  vi.restoreAllMocks()
})
afterAll(() => world.close())

const make = (bodySha256: string = randomUUID(), body = Buffer.from('{}')): AcceptedDelivery => ({
  organizationId: world.ids.organizationId,
  id: newId(),
  webhookId: world.ids.webhookId,
  connectionId: world.ids.connectionId,
  remoteDeliveryId: hash('sha256', bodySha256),
  attempt: 1,
  eventKey: 'pullrequest:updated',
  body,
  bodySha256,
  receivedAt: new Date(),
})
const waitForLocks = (count: number) =>
  expect
    .poll(
      async () => {
        const { rows } = await sql<{ n: number }>`select count(*)::int as n from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(world.db)
        return rows[0]?.n
      },
      { timeout: 20_000, interval: 20 },
    )
    .toBe(count)
/** Holds the table as long as `meanwhile` runs: no commit ends. */
const whileLocked = (meanwhile: () => Promise<void>) =>
  world.db.transaction().execute(async (tx) => {
    await sql`lock table delivery in exclusive mode`.execute(tx)
    await meanwhile()
  })

test('connections that went silent cost those who wait on them, and nobody after', async () => {
  const proxy = await startSilentProxy(world.open.url)
  const pool = createTimedPool({ connectionString: proxy.url }, { statementMs: 300, connectMs: 5000, max: 2 })
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db: Db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  const commit = createCommitQueue(db)
  await Promise.all([1, 2].map(() => sql`select pg_sleep(0.05)`.execute(db)))
  proxy.silence()
  const lost = await Promise.allSettled([commit(make()), commit(make())])
  expect(lost.every((one) => one.status === 'rejected')).toBe(true)
  await expect(commit(make())).rejects.toThrow('timeout')
  expect(await commit(make())).toBe(true)
  await db.destroy()
  proxy.close()
})

test('what waited longer than anybody waits for its answer is not stored any more', async () => {
  const commit = createCommitQueue(world.db)
  const passed = vi.spyOn(performance, 'now')
  const [first, late] = [make(), make()]
  const outcomes: Promise<unknown>[] = []
  await whileLocked(async () => {
    outcomes.push(commit(first))
    await waitForLocks(1)
    outcomes.push(commit(late).catch((error: unknown) => String(error)))
    await new Promise((done) => setImmediate(done))
    const now = performance.now()
    passed.mockReturnValue(now + 7001)
  })
  expect(await Promise.all(outcomes)).toEqual([true, expect.stringContaining('7000 ms')])
  const rows = await world.db.selectFrom('delivery').select('id').where('id', '=', late.id).execute()
  expect(rows).toEqual([])
})

test('above 64 MB that wait, more is refused at once', async () => {
  const commit = createCommitQueue(world.db)
  const body = Buffer.alloc(512 * 1024, 97)
  const waiting: Promise<boolean>[] = []
  await whileLocked(async () => {
    for (let count = 0; count < 128; count++) waiting.push(commit(make(undefined, body)))
    await expect(commit(make())).rejects.toThrow('bytes')
  })
  expect((await Promise.all(waiting)).every(Boolean)).toBe(true)
  expect(await commit(make())).toBe(true)
})

test('deliveries that come together are stored in one order, whatever process stores them', async () => {
  const commit = createCommitQueue(world.db)
  const [a, m, z] = ['1 a', '1 m', '1 z'].map((sha) => make(sha))
  if (a === undefined || m === undefined || z === undefined) throw new Error('Three were made.')
  let stored: Promise<boolean[]> | undefined
  await world.db.transaction().execute(async (tx) => {
    await insertDeliveries(tx, [m])
    stored = Promise.all([z, m, a].map((one) => commit({ ...one, id: newId() })))
    await waitForLocks(1)
    // It waits for the middle one, and has not touched the last.
    await sql`set local lock_timeout = '300ms'`.execute(tx)
    expect((await insertDeliveries(tx, [z])).size).toBe(1)
  })
  expect(await stored).toEqual([false, false, true])
})

test('a commit that the database breaks off because of a circle of waiting is repeated', async () => {
  // It looks for a circle once, three seconds after it began to wait; a busy machine has made one by then.
  const pool = new Pool({ connectionString: world.open.url, options: '-c deadlock_timeout=3s' })
  const commit = createCommitQueue(new Kysely<Database>({ dialect: new PostgresDialect({ pool }) }))
  const [a, b] = [make('2 a'), make('2 b')]
  let stored: Promise<boolean[]> | undefined
  await world.db.transaction().execute(async (tx) => {
    // Later than the commit, which finds the circle and is broken off.
    await sql`set local deadlock_timeout = '20s'`.execute(tx)
    await insertDeliveries(tx, [b])
    stored = Promise.all([a, b].map((one) => commit({ ...one, id: newId() })))
    await waitForLocks(1)
    await insertDeliveries(tx, [a])
  })
  expect(await stored).toEqual([false, false])
  await pool.end()
})
