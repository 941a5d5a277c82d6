import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeSpread } from './review-spread.ts'

describe('of the work of people', () => {
  test.each([
    // Everybody has as much.
    [[5, 5, 5, 5], { gini: 0, topShare: 0.75, median: 5, p90: 5 }],
    // One of four has all: 1 - 1/4.
    [[0, 0, 0, 8], { gini: 0.75, topShare: 1, median: 0, p90: 8 }],
    // Differences of all pairs: 2 × (1 + 2 + 3 + 1 + 2 + 1) = 20; by 2 × 4² × 2.5 = 80.
    [[4, 2, 1, 3], { gini: 0.25, topShare: 0.9, median: 2.5, p90: 4 }],
  ])('%j', (amounts, wanted) => expect(judgeSpread(amounts)).toEqual(wanted))

  test.each([[[]], [[7, 1]], [[0, 0, 0]]])('%j says nothing', (amounts) =>
    expect(judgeSpread(amounts)).toEqual({ gini: null, topShare: null, median: null, p90: null }),
  )
})

const amounts = fc.array(fc.nat({ max: 1000 }), { minLength: 3, maxLength: 40 }).filter((some) => some.some(Boolean))

test('is what the differences of all pairs say, below one, and the same in any order and of any multiple', () => {
  fc.assert(
    fc.property(amounts, fc.integer({ min: 2, max: 9 }), (some, times) => {
      const { gini, topShare } = judgeSpread(some)
      const sum = some.reduce((all, amount) => all + amount, 0)
      const pairs = some.flatMap((a) => some.map((b) => Math.abs(a - b))).reduce((all, one) => all + one, 0)
      expect(gini).toBeCloseTo(pairs / (2 * some.length * sum), 9)
      expect(gini).toBeLessThan(1)
      expect(topShare ?? 0).toBeGreaterThanOrEqual(Math.min(1, 3 / some.length) - 1e-9)
      expect(judgeSpread(some.toReversed())).toEqual(judgeSpread(some))
      expect(judgeSpread(some.map((amount) => amount * times)).gini).toBeCloseTo(gini ?? Number.NaN, 9)
    }),
  )
})
