import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import type { OpenDatabase } from './db.ts'

let open: OpenDatabase
const statements: string[] = []
beforeAll(async () => {
  open = await createTestDatabase({ onStatement: (text) => statements.push(text) })
})
afterAll(() => open.close())

/** What a restart of the server does to its clients. */
async function breakConnections(): Promise<void> {
  const others = 'datname = current_database() and pid <> pg_backend_pid()'
  await open.pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${others}`)
  await open.pool.query('select pg_terminate_backend(pg_backend_pid())').catch(() => undefined)
}

describe('the database', () => {
  it('reads whole numbers as numbers, dates as written, moments as Date and json parsed', async () => {
    const found = await sql<Record<string, unknown>>`
      select 9007199254740991::bigint as large, count(*) as count, date '2026-03-29' as day, 1.50::numeric as exact,
        timestamptz '2026-03-29 02:30:00+01' as moment, '{"a":[1]}'::jsonb as facts`.execute(open.db)
    expect(found.rows[0]).toEqual({
      large: 9_007_199_254_740_991,
      count: 1,
      day: '2026-03-29',
      exact: '1.50',
      moment: new Date('2026-03-29T01:30:00Z'),
      facts: { a: [1] },
    })
  })

  it('refuses a whole number that would be rounded', async () => {
    await expect(sql`select 9007199254740993::bigint`.execute(open.db)).rejects.toThrow(/beyond/)
  })

  it('tells each statement to whoever counts them', async () => {
    statements.length = 0
    await open.db.selectFrom('organization').select('name').execute()
    expect(statements).toEqual(['select "name" from "organization"'])
  })

  it('goes on after all its connections broke', async () => {
    await Promise.all([1, 2, 3].map(() => open.pool.query('select pg_sleep(0.01)')))
    await breakConnections()
    await vi.waitFor(async () => expect((await open.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]), 15_000)
  })
})

describe('a transaction', () => {
  it('whose connection breaks while it waits fails alone, and the process lives', async () => {
    const waiting = open.db.transaction().execute(async (tx) => {
      await sql`select 1`.execute(tx)
      await breakConnections()
      await sleep(200)
      await sql`select 1`.execute(tx)
    })
    await expect(waiting).rejects.toThrow(/terminat|not queryable/)
    expect((await sql`select 1 as one`.execute(open.db)).rows).toEqual([{ one: 1 }])
  })
})

describe('listening', () => {
  it('hears what is said on its channel after the commit, and nothing else', async () => {
    const heard: (string | undefined)[] = []
    const stop = await open.listen('Live Events', (payload) => heard.push(payload))
    await open.db.transaction().execute(async (tx) => {
      await sql`select pg_notify('Live Events', 'one'), pg_notify('other', 'x')`.execute(tx)
      await open.db.selectFrom('organization').select('name').execute()
      expect(heard).toEqual([])
    })
    await vi.waitFor(() => expect(heard).toEqual(['one']), 15_000)
    await stop()
    await open.pool.query(`select pg_notify('Live Events', 'two')`)
    expect(heard).toEqual(['one'])
  })

  it('comes back when its connection breaks and says that it may have missed something', async () => {
    const heard: (string | undefined)[] = []
    const stop = await open.listen('weir_live', (payload) => heard.push(payload))
    await breakConnections()
    await vi.waitFor(() => expect(heard).toEqual([undefined]), 15_000)
    await open.pool.query(`select pg_notify('weir_live', 'after')`)
    await vi.waitFor(() => expect(heard).toEqual([undefined, 'after']), 15_000)
    await stop()
  })

  it('serves several listeners of one channel', async () => {
    const first = vi.fn<(payload: string | undefined) => void>()
    const second = vi.fn<(payload: string | undefined) => void>()
    const stops = await Promise.all([open.listen('shared', first), open.listen('shared', second)])
    await stops[0]()
    await open.pool.query(`select pg_notify('shared', 'x')`)
    await vi.waitFor(() => expect(second).toHaveBeenCalledWith('x'), 15_000)
    expect(first).not.toHaveBeenCalled()
    await stops[1]()
  })
})
