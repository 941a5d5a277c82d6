import { describe, expect, test } from 'vitest'
import { findGoal, type GoalDirection, rateByGoal } from './rate-by-goal.ts'

describe('a value of a goal', () => {
  test.each<[string, number | null, GoalDirection, string | null]>([
    ['of 4 h at most, 8 h still tolerable: 4 is reached', 4, 'lower', 'green'],
    ['4.1 is tolerable', 4.1, 'lower', 'amber'],
    ['8 is tolerable', 8, 'lower', 'amber'],
    ['8.1 is missed', 8.1, 'lower', 'red'],
    ['no value is not rated', null, 'lower', null],
    ['nor one of a figure without a better side', 4, 'none', null],
  ])('%s', (_, value, direction, wanted) => {
    expect(rateByGoal(value, { target: 4, amber: 8 }, direction)).toBe(wanted)
  })
  test.each([
    [0.8, 'green'],
    [0.79, 'amber'],
    [0.6, 'amber'],
    [0.59, 'red'],
  ])('where more is better: %d is %s', (value, wanted) => {
    expect(rateByGoal(value, { target: 0.8, amber: 0.6 }, 'higher')).toBe(wanted)
  })
  test('without a second bound is reached or missed', () => {
    expect(rateByGoal(0.79, { target: 0.8, amber: null }, 'higher')).toBe('red')
  })
})

describe('the goal of a range', () => {
  const dated = [
    { validFrom: '2026-03-01', target: 10, amber: 20 },
    { validFrom: '2026-05-01', target: null, amber: null },
    { validFrom: '2026-04-01', target: 5, amber: null },
  ]
  const own = { target: 99, amber: null }
  test.each([
    ['before any was set is the figure’s own', '2026-03-01T00:00:00Z', own],
    ['is the one in force at its last moment', '2026-03-01T00:00:01Z', { target: 10, amber: 20 }],
    ['stays that of its time when another is set later', '2026-04-01T00:00:00Z', { target: 10, amber: 20 }],
    ['is the later one from its day on', '2026-04-02T00:00:00Z', { target: 5, amber: null }],
    ['is none once it was taken away', '2026-05-02T00:00:00Z', null],
  ])('%s', (_, to, wanted) => expect(findGoal(dated, { to: new Date(to) }, own)).toEqual(wanted))
})
