import { expect, it } from 'vitest'
import { isOutage, probePauseS } from './outage.ts'

it('is an outage after five failures that lasted half a minute, not after five at once', () => {
  expect(isOutage(5, 30_000)).toBe(true)
  expect(isOutage(5, 29_999)).toBe(false)
  expect(isOutage(4, 3_600_000)).toBe(false)
})

it('probes every half a minute at first, then ever more seldom, at least every quarter of an hour', () => {
  expect([5, 6, 7, 8, 9, 10, 11, 500].map(probePauseS)).toEqual([30, 60, 120, 240, 480, 900, 900, 900])
})
