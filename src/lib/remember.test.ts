import { expect, it } from 'vitest'
import { createRemember } from './remember.ts'

const fail = async (): Promise<number> => {
  throw new Error('away')
}

it('asks once within the time, shares an answer under way, and asks again later or after a failure', async () => {
  let nowMs = 0
  let asked = 0
  const remember = createRemember({ clock: () => new Date(nowMs), ttlMs: 1000, limit: 10 })
  const ask = async (): Promise<number> => ++asked
  expect(await Promise.all([remember('a', ask), remember('a', ask)])).toEqual([1, 1])
  nowMs = 999
  expect(await remember('a', ask)).toBe(1)
  expect(await remember('b', ask)).toBe(2)
  nowMs = 1000
  expect(await remember('a', ask)).toBe(3)
  await expect(remember('c', fail)).rejects.toThrow('away')
  expect(await remember('c', ask)).toBe(4)
})
