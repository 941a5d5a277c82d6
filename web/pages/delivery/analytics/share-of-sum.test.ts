import { expect, test } from 'vitest'
import { shareOfSum } from './share-of-sum.ts'

test('parts share their sum; what is not known has no share, and nothing cannot be shared', () => {
  expect(shareOfSum([60, 20, 15, 5])).toEqual([0.6, 0.2, 0.15, 0.05])
  expect(shareOfSum([3, null, 1])).toEqual([0.75, null, 0.25])
  expect(shareOfSum([0, 0])).toEqual([null, null])
})
