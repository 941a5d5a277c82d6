import { expect, test } from 'vitest'
import { orderOf } from './list-orders.ts'

test.each([
  ['severity', 'severity', 'descending', 'worst first'],
  ['severity', '-severity', 'ascending', 'worst last'],
  ['epss', '-epss', 'descending', 'most likely exploited first'],
  ['opened_at', '-opened_at', 'descending', 'newest first'],
  ['updated_at', 'updated_at', 'ascending', 'longest unchanged first'],
  ['due_at', 'due_at', 'ascending', 'nearest deadline first'],
  ['title', 'title', 'ascending', 'A to Z'],
  ['asset', '-asset', 'descending', 'Z to A'],
  ['status', '-status', 'descending', 'most worked on first'],
] as const)('%s sorted by %s is %s: %s', (column, sort, sorted, words) => {
  expect(orderOf(column, sort)?.current).toEqual({ sort, sorted, words })
})

test('a header asks for the useful order first, then for the other one, then for the first again', () => {
  expect(orderOf('severity', 'title')).toMatchObject({ current: undefined, next: { words: 'worst first' } })
  expect(orderOf('severity', 'severity')?.next.words).toBe('worst last')
  expect(orderOf('severity', '-severity')?.next.words).toBe('worst first')
  expect(orderOf('tags', 'severity')).toBeUndefined()
})
