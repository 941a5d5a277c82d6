import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Clock, latestTime, NoSuchTimeError } from './clock.ts'

const start = Date.UTC(2026, 10, 20, 12)
const dayMs = 86_400_000
const never = new AbortController().signal

let clock: Clock
let heard: string[]
beforeEach(() => {
  clock = new Clock(() => start)
  heard = []
})

/** Says when it was woken, and then waits again as often as asked. */
async function waitFor(name: string, ms: number, again = 0): Promise<void> {
  await clock.wait(ms, never)
  heard.push(`${name} ${clock.now() - start}`)
  if (again > 0) await waitFor(name, ms, again - 1)
}

describe('moved by hand', () => {
  test('wakes in order of time, those of one moment in the order they came', async () => {
    await clock.advance(0)
    void waitFor('late', 30)
    void waitFor('one', 10, 3)
    void waitFor('other', 10)
    await clock.advance(30)
    expect(heard).toEqual(['one 10', 'other 10', 'one 20', 'late 30', 'one 30'])
    await clock.advance(9)
    expect(heard).toHaveLength(5)
  })

  test('those who move it at once move it one after the other', async () => {
    await clock.set(start)
    clock.settleBy(async () => await new Promise((resolve) => setImmediate(() => setImmediate(resolve))))
    void waitFor('first', 60)
    void waitFor('second', 150)
    const moves = [clock.advance(100), clock.advance(100), clock.set(start + 500), clock.advance(1), clock.run()]
    await Promise.all(moves)
    expect(heard).toEqual(['first 60', 'second 150'])
    expect([clock.now() - start, clock.isByHand()]).toEqual([501, false])
  })

  test('does not move on before what it woke is at rest', async () => {
    await clock.set(start)
    let work = Promise.resolve()
    clock.settleBy(async () => await work)
    const step = async () => {
      await clock.wait(5, never)
      const turns = async () => {
        for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
        void waitFor('the next step', 5)
      }
      work = turns()
    }
    void step()
    await clock.advance(100)
    expect(heard).toEqual(['the next step 10'])
  })

  test('set back, whoever waits has as long to wait, and who keeps times elsewhere is told', async () => {
    await clock.set(start)
    const told: number[] = []
    clock.onSetBack((by) => told.push(by))
    void waitFor('x', 1000)
    await clock.set(start - 5 * dayMs)
    expect([clock.waiting().next, told, clock.setBacks()]).toEqual([start - 5 * dayMs + 1000, [-5 * dayMs], 1])
    await clock.advance(999)
    expect(heard).toEqual([])
    await clock.advance(1)
    expect(heard).toHaveLength(1)
  })

  test.each([1e18, Number.POSITIVE_INFINITY, Number.NaN])('does not go %d on, and stays as it was', async (ms) => {
    await expect(clock.advance(ms)).rejects.toThrow(NoSuchTimeError)
    await expect(clock.set(start + ms)).rejects.toThrow('1970-01-01 to the end of 2099')
    expect([clock.isByHand(), clock.now()]).toEqual([false, start])
    await clock.set(latestTime)
    await expect(clock.advance(1)).rejects.toThrow(NoSuchTimeError)
    expect(clock.now()).toBe(latestTime)
  })
})

describe('running by itself', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  test('a wait of months takes months', async () => {
    void waitFor('soon', 1000)
    void waitFor('late', 60 * dayMs)
    await vi.advanceTimersByTimeAsync(999)
    expect(heard).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(heard).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(60 * dayMs - 1001)
    expect(heard).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(heard).toHaveLength(2)
  })

  test('a wait that began by hand goes on where it was', async () => {
    await clock.set(start)
    void waitFor('x', 40 * dayMs)
    await clock.advance(30 * dayMs)
    await clock.run()
    await vi.advanceTimersByTimeAsync(10 * dayMs - 1)
    expect(heard).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(heard).toHaveLength(1)
  })
})
