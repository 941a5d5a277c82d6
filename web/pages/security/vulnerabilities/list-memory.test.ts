import { expect, test } from 'vitest'
import { placeIn, recallList, rememberList } from './list-memory.ts'

function storage(): Storage {
  const entries = new Map<string, string>()
  return {
    length: 0,
    clear: () => entries.clear(),
    key: () => null,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
  }
}

test('the list is recalled with its filters and the order of its rows', () => {
  const kept = storage()
  const list = { search: { severity: ['high' as const], q: 'a & b' }, ids: ['a', 'b'] }
  rememberList(kept, list)
  expect(recallList(kept)).toEqual(list)
})

test.each([undefined, 'not json', 'null', '{"search":1,"ids":[]}', '[]'])('%s is no list', (text) => {
  const kept = storage()
  if (text !== undefined) kept.setItem('weir:list', text)
  expect(recallList(kept)).toEqual({ search: {}, ids: [] })
})

test('the ends of the list have one neighbour, and a stranger to it has no place', () => {
  const list = { search: {}, ids: ['a', 'b', 'c'] }
  expect(placeIn(list, 'a')).toEqual({ position: 1, total: 3, previous: undefined, next: 'b' })
  expect(placeIn(list, 'b')).toMatchObject({ position: 2, previous: 'a', next: 'c' })
  expect(placeIn(list, 'c')).toEqual({ position: 3, total: 3, previous: 'b', next: undefined })
  expect(placeIn(list, 'd')).toBeUndefined()
})
