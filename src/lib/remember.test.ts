import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { createRemember } from './remember.ts'

const world = (limit = 10) => {
  const time = { ms: 0 }
  const remember = createRemember({ clock: () => new Date(time.ms), ttlMs: 1000, limit })
  let asked = 0
  const ask = async (): Promise<number> => {
    asked += 1
    return asked
  }
  return { time, remember, ask }
}

test('an answer is kept until its time is over', async () => {
  const { time, remember, ask } = world()
  expect([await remember('k', ask), await remember('k', ask)]).toEqual([1, 1])
  time.ms = 1001
  expect(await remember('k', ask)).toBe(2)
})

test('two who ask at once share one question', async () => {
  const { remember, ask } = world()
  expect(await Promise.all([remember('k', ask), remember('k', ask)])).toEqual([1, 1])
})

test('a failure is not remembered', async () => {
  const { remember, ask } = world()
  await expect(remember('k', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await remember('k', ask)).toBe(1)
})

test('the oldest is forgotten when there are too many', async () => {
  const { remember, ask } = world(2)
  for (const key of ['a', 'b', 'c']) await remember(key, ask)
  expect(await remember('c', ask)).toBe(3)
  expect(await remember('a', ask)).toBe(4)
})

test('answers whose time is over are let go, however few there are', async () => {
  const { time, remember } = world()
  const released = new WeakRef(await remember('large', async () => ({ size: 'large' })))
  time.ms = 1001
  await remember('other', async () => 'small')
  // Only a cache that still held it would keep it from the collector.
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  await new Promise((resolve) => setImmediate(resolve))
  collect()
  expect(released.deref()).toBeUndefined()
})
