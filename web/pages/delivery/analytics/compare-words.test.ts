import { expect, test } from 'vitest'
import { changeOf, compareFile } from './compare-words.ts'
import type { Metric } from './metric-words.ts'

const goal = (direction: 'lower' | 'higher' | 'none') => ({ goal: { direction, target: null } })
const was = (value: number | null, before: number | null) => ({ value, previous: { value: before, n: 3 } })

test.each([
  ['less of what should be less', 'lower', 50, 100, '↓ 50%', 'good'],
  ['more of what should be less', 'lower', 150, 100, '↑ 50%', 'bad'],
  ['more of what should be more', 'higher', 3, 2, '↑ 50%', 'good'],
  ['more of what has no direction', 'none', 3, 2, '↑ 50%', 'calm'],
  ['what hardly changed', 'lower', 1000, 1001, '=', 'calm'],
] as const)('%s', (_, direction, value, before, words, tone) => {
  expect(changeOf(goal(direction), was(value, before))).toMatchObject({ words, tone })
})

test.each([
  [null, 5],
  [5, null],
  [5, 0],
])('%s after %s cannot be compared', (value, before) => {
  expect(changeOf(goal('lower'), was(value, before))).toBeUndefined()
})

test('a file has every figure with its n and the one before; what is unknown stays empty', () => {
  const metric: Metric = {
    key: 'pickup_time',
    title: 'Pickup time',
    description: '',
    unit: 'seconds',
    shape: 'distribution',
    subject: 'pull_request',
    group: 'flow',
    has_business_hours: true,
    ...goal('lower'),
  }
  const figures = [{ key: 'pickup_time', n: 2, ...was(null, 60) }]
  expect(compareFile([metric], [{ id: 'a', name: 'Quay', within: null, figures }])).toEqual({
    columns: ['Name', 'Within', 'Pickup time (seconds)', 'Pickup time: n', 'Pickup time: before'],
    rows: [['Quay', null, null, 2, 60]],
  })
})
