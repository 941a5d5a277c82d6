import { expect, test } from 'vitest'
import { stepTo } from './use-list-keys.ts'

test('the first step leads to the first row, and none leaves the list', () => {
  expect(stepTo({ index: -1, last: 0, by: 1, length: 5 })).toBe(0)
  expect(stepTo({ index: 4, last: 4, by: 1, length: 5 })).toBe(4)
  expect(stepTo({ index: 0, last: 0, by: -1, length: 5 })).toBe(0)
})

test('a row that left the list has given its place to the next one', () => {
  expect(stepTo({ index: -1, last: 3, by: 1, length: 5 })).toBe(3)
  expect(stepTo({ index: -1, last: 3, by: -1, length: 5 })).toBe(2)
  expect(stepTo({ index: -1, last: 5, by: 1, length: 5 })).toBe(4)
})
