import { expect, test } from 'vitest'
import { type ItemFields, mergeFields, wishesMore } from './item-fields.ts'

const base: ItemFields = { title: '[high] A', priority: 'High', dueOn: '2027-01-01', labels: ['security'] }
const kept = { sent: base, seen: { ...base, labels: ['security', 'team-a'] } }
const merge = (wished: Partial<ItemFields>, shown: Partial<ItemFields> = {}) =>
  mergeFields({ ...base, ...wished }, kept, { ...kept.seen, ...shown })

test('what changed here alone goes out, and is what both sides have then', () => {
  const { change, conflicts, kept: after } = merge({ title: '[low] A', priority: 'Low', dueOn: null })
  expect(change).toEqual({ title: '[low] A', priority: 'Low', dueOn: null })
  expect(conflicts).toEqual([])
  expect(after.seen).toMatchObject({ title: '[low] A', priority: 'Low', dueOn: null })
})

test('what people changed there alone stays, and stays theirs when ours changes later', () => {
  const { change, kept: after } = merge({}, { title: 'Their words', priority: 'Lowest', labels: ['team-a'] })
  expect(change).toEqual({})
  const shown = { ...base, title: 'Their words', priority: 'Lowest' }
  const later = mergeFields({ ...base, title: '[critical] A', priority: 'Highest' }, after, shown)
  expect(later.change).toEqual({})
  expect(later.conflicts.map(({ field }) => field)).toEqual(['title', 'priority'])
  // Set back by them, it is ours again.
  expect(mergeFields({ ...base, priority: 'Low' }, later.kept, base).change).toEqual({ priority: 'Low' })
})

test('changed on both sides, title and priority are theirs, and the due date is ours', () => {
  const { change, conflicts } = merge(
    { title: '[low] A', priority: 'Low', dueOn: '2027-02-02' },
    { title: 'Their words', priority: 'Highest', dueOn: '2027-03-03' },
  )
  expect(change).toEqual({ dueOn: '2027-02-02' })
  expect(conflicts).toEqual([
    { field: 'title', theirs: 'Their words', stands: 'theirs' },
    { field: 'priority', theirs: 'Highest', stands: 'theirs' },
    { field: 'dueOn', theirs: '2027-03-03', stands: 'ours' },
  ])
})

test('changed on both sides to the same value, nothing is sent and nothing is a conflict', () => {
  expect(merge({ priority: 'Low' }, { priority: 'Low' })).toMatchObject({ change: {}, conflicts: [] })
})

test('of labels only those we put there are put and taken away', () => {
  expect(merge({ labels: ['weir'] }).change).toEqual({ addLabels: ['weir'], removeLabels: ['security'] })
  expect(merge({ labels: ['team-a'] }, { labels: ['team-a'] }).change).toEqual({})
})

test('a priority that was never carried there is nobody’s change', () => {
  const shown = { ...base, priority: 'Medium' }
  const unknown = { sent: base, seen: { ...base, priority: null } }
  expect(mergeFields({ ...base, priority: 'Low' }, unknown, shown)).toMatchObject({
    change: { priority: 'Low' },
    conflicts: [],
  })
})

test('a wish is compared with the last one, whatever order its labels have', () => {
  expect(wishesMore({ ...base, labels: ['security'] }, base)).toBe(false)
  expect(wishesMore({ ...base, dueOn: null }, base)).toBe(true)
  expect(wishesMore({ ...base, labels: [] }, base)).toBe(true)
})
