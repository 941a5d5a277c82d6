import { expect, test } from 'vitest'
import { createGate, createGates } from './gate.ts'

test('no more than its places work at once, in the order they came, and a failure frees its place', async () => {
  const gate = createGate(2)
  let inside = 0
  let most = 0
  const begun: number[] = []
  const work = async (index: number): Promise<number> => {
    begun.push(index)
    inside += 1
    most = Math.max(most, inside)
    await new Promise((resolve) => setTimeout(resolve, 2))
    inside -= 1
    if (index % 3 === 0) throw new Error('no')
    return index
  }
  const numbers = Array.from({ length: 12 }, (_, index) => index)
  const done = await Promise.allSettled(numbers.map((index) => gate(() => work(index))))
  expect(most).toBe(2)
  expect(begun).toEqual(numbers)
  expect(done.filter((one) => one.status === 'rejected')).toHaveLength(4)
  expect(await gate(async () => 'free again')).toBe('free again')
})

test('who waits for one key does not wait for another', async () => {
  const gateOf = createGates(1)
  const entered: string[] = []
  let leave = (): void => undefined
  const slow = gateOf('slow')(() => {
    entered.push('slow')
    return new Promise<void>((resolve) => {
      leave = resolve
    })
  })
  const behind = gateOf('slow')(async () => void entered.push('behind'))
  await gateOf('other')(async () => void entered.push('other'))
  expect(entered).toEqual(['slow', 'other'])
  leave()
  await Promise.all([slow, behind])
  expect(entered).toEqual(['slow', 'other', 'behind'])
})
