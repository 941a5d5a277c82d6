import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createTestDatabase } from '../../test/database.ts'
import { startSilentProxy } from '../../test/silent-proxy.ts'
import { createLog } from '../lib/log.ts'
import type { OpenDatabase } from './db.ts'
import { createSessionLocks, type SessionLocks } from './session-locks.ts'

let open: OpenDatabase
let one: SessionLocks
let other: SessionLocks
beforeAll(async () => {
  open = await createTestDatabase()
  const log = createLog({ level: 'silent' })
  one = createSessionLocks({ databaseUrl: open.url, log })
  other = createSessionLocks({ databaseUrl: open.url, log })
})
afterAll(async () => {
  await one.close()
  await other.close()
  await open.close()
})

const hold = (locks: SessionLocks, key: string) => {
  let release = (): void => undefined
  const held = new Promise<AbortSignal>((begun) => {
    void locks.tryWith(key, (lost) => {
      begun(lost)
      return new Promise<void>((resolve) => {
        release = resolve
      })
    })
  })
  return { held, release: () => release() }
}

test('nobody else gets a lock that is held, in this process or another', async () => {
  const { held, release } = hold(one, 'a')
  await held
  expect(await one.tryWith('a', async () => 1)).toEqual({ kind: 'busy' })
  expect(await other.tryWith('a', async () => 1)).toEqual({ kind: 'busy' })
  expect(await other.tryWith('b', async () => 1)).toEqual({ kind: 'ran', value: 1 })
  release()
  expect(await other.withLock('a', 2000, async () => 2)).toEqual({ kind: 'ran', value: 2 })
})

test('whoever waits gets it when it comes free, or hears that it did not', async () => {
  const { held, release } = hold(one, 'c')
  await held
  expect(await other.withLock('c', 60, async () => 1)).toEqual({ kind: 'busy' })
  const waiting = other.withLock('c', 5000, async () => 'mine')
  release()
  expect(await waiting).toEqual({ kind: 'ran', value: 'mine' })
})

test('work that fails gives the lock back', async () => {
  await expect(one.tryWith('d', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await other.tryWith('d', async () => 1)).toEqual({ kind: 'ran', value: 1 })
})

test('many at once share the connection without a word of complaint', async () => {
  const warnings: Error[] = []
  const listen = (warning: Error): void => void warnings.push(warning)
  process.on('warning', listen)
  const work = Array.from({ length: 50 }, (_, n) => one.tryWith(`many ${n}`, async () => n))
  const outcomes = await Promise.all(work)
  await new Promise((resolve) => setTimeout(resolve, 20))
  process.off('warning', listen)
  expect(outcomes.every((outcome) => outcome.kind === 'ran')).toBe(true)
  expect(warnings).toEqual([])
})

test('a session that dies frees its locks, tells who held them, and the next use opens another', async () => {
  const { held, release } = hold(one, 'e')
  const lost = await held
  expect(lost.aborted).toBe(false)
  const admin = new pg.Client({ connectionString: open.url })
  await admin.connect()
  await admin.query(
    `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'
     and database = (select oid from pg_database where datname = current_database())`,
  )
  await admin.end()
  expect(await other.withLock('e', 2000, async () => 'taken over')).toEqual({ kind: 'ran', value: 'taken over' })
  await vi.waitFor(() => expect(lost.aborted).toBe(true), 15_000)
  expect(lost.reason).toMatchObject({ code: 'unavailable', retryable: true })
  release()
  expect(await one.withLock('f', 2000, async () => 'works again')).toEqual({ kind: 'ran', value: 'works again' })
})

describe('a connection that goes silent without breaking', () => {
  const createSilenced = async (limits: { answerWithinMs: number; lookEveryMs: number }) => {
    const proxy = await startSilentProxy(open.url)
    const locks = createSessionLocks({ databaseUrl: proxy.url, log: createLog({ level: 'silent' }), ...limits })
    const { held, release } = hold(locks, 'silent')
    const lost = await held
    proxy.silence()
    const close = async () => {
      release()
      await locks.close()
      proxy.close()
    }
    return { locks, lost, close }
  }

  test('is noticed while locks are held, told to their holders, and replaced', async () => {
    const { locks, lost, close } = await createSilenced({ answerWithinMs: 150, lookEveryMs: 100 })
    await vi.waitFor(() => expect(lost.aborted).toBe(true), 15_000)
    expect(await locks.tryWith('silent 2', async () => 'works again')).toEqual({ kind: 'ran', value: 'works again' })
    await close()
  })

  test('is noticed by whoever asks for a lock', async () => {
    const { locks, lost, close } = await createSilenced({ answerWithinMs: 150, lookEveryMs: 60_000 })
    await expect(locks.tryWith('silent 3', async () => 1)).rejects.toThrow('timeout')
    await vi.waitFor(() => expect(lost.aborted).toBe(true), 15_000)
    await close()
  })

  test('keeps nobody longer than they wanted to wait', async () => {
    const { locks, close } = await createSilenced({ answerWithinMs: 1000, lookEveryMs: 60_000 })
    const begun = performance.now()
    expect(await locks.withLock('silent 4', 100, async () => 1)).toEqual({ kind: 'busy' })
    expect(performance.now() - begun).toBeLessThan(800)
    await close()
  })
})
