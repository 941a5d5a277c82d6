import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeSorted, statistics, summarise } from './statistics.ts'

describe('of values', () => {
  test.each([
    ['median', [3, 1, 2], 2],
    ['median', [4, 1, 2, 3], 2.5],
    ['median', [7], 7],
    // The third of four is the first that three quarters are no larger than.
    ['p75', [1, 2, 3, 4], 3],
    ['p75', [1, 2, 3, 4, 5], 4],
    ['p90', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 9],
    ['p90', [1, 2, 3], 3],
    ['mean', [1, 2, 6], 3],
  ] as const)('%s of %j is %d', (statistic, values, wanted) => expect(summarise(values, statistic)).toBe(wanted))

  test.each(statistics)('the %s of none is none', (statistic) => expect(summarise([], statistic)).toBeNull())
})

test('a percentile is a value that occurred, with at least so many no larger and not so many smaller', () => {
  fc.assert(
    fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 60 }), (values) => {
      for (const [statistic, percent] of [
        ['p75', 75],
        ['p90', 90],
      ] as const) {
        const found = summarise(values, statistic) ?? Number.NaN
        expect(values).toContain(found)
        expect(values.filter((value) => value <= found).length * 100).toBeGreaterThanOrEqual(values.length * percent)
        expect(values.filter((value) => value < found).length * 100).toBeLessThan(values.length * percent)
      }
    }),
  )
})

test('the rank is the same whether hundredths are multiplied as whole numbers or as PostgreSQL does it', () => {
  const wrong = Array.from({ length: 1_000_000 }, (_, index) => index + 1).filter(
    (n) => Math.ceil(0.9 * n) !== Math.ceil((90 * n) / 100) || Math.ceil(0.75 * n) !== Math.ceil((75 * n) / 100),
  )
  expect(wrong).toEqual([])
})

test('two ascending lists are one, of the first as many as are wanted', () => {
  const list = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 20 }).map((all) => all.toSorted((a, b) => a - b))
  fc.assert(
    fc.property(list, list, fc.nat(20), (first, second, nat) => {
      const wanted = Math.min(nat, first.length)
      const merged = mergeSorted(first, second, wanted)
      const expected = [...first.slice(0, wanted), ...second].toSorted((a, b) => a - b)
      expect(expected.map((_, index) => merged.at(index))).toEqual(expected)
      expect(merged.length).toBe(expected.length)
    }),
  )
})
