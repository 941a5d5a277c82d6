import { expect, test } from 'vitest'
import { toggleIn } from './use-selection.ts'

const rows = ['a', 'b', 'c', 'd']
const after = (ids: string[], from: string | undefined, to: string) => [...toggleIn(new Set(ids), { rows, from, to })]

test('a row is ticked and unticked alone', () => {
  expect(after(['a'], undefined, 'c')).toEqual(['a', 'c'])
  expect(after(['a', 'c'], undefined, 'a')).toEqual(['c'])
})

test('a range goes from the row ticked before, either way, and becomes as its end', () => {
  expect(after(['b'], 'b', 'd').toSorted()).toEqual(['b', 'c', 'd'])
  expect(after(['d'], 'd', 'b').toSorted()).toEqual(['b', 'c', 'd'])
  expect(after(['a', 'b', 'c'], 'a', 'c')).toEqual([])
})

test('a range from a row that is not shown any more is that one row', () => {
  expect(after([], 'gone', 'c')).toEqual(['c'])
})
