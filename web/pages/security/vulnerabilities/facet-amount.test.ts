import { expect, test } from 'vitest'
import { facetAmount } from './facet-amount.ts'

test('a number beside a filter says no more than is known', () => {
  expect(facetAmount(12, true)).toBe('12')
  expect(facetAmount(0, true)).toBe('0')
  expect(facetAmount(1000, false)).toMatch(/^1.?000\+$/)
  expect(facetAmount(0, false)).toBe('–')
  expect(facetAmount(undefined, true)).toBe('–')
})
