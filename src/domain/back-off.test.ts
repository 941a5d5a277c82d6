import { expect, test } from 'vitest'
import { backOffS } from './back-off.ts'

test.each([
  [0, 5],
  [1, 5],
  [2, 10],
  [3, 20],
  [10, 2560],
  [11, 3600],
  [12, 3600],
  [10_000, 3600],
])('after %i attempts the pause is %i seconds', (attempts, expected) => {
  expect(backOffS(attempts)).toBe(expected)
})
