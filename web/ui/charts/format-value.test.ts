import { describe, expect, it } from 'vitest'
import { axisTicks, formatValue } from './format-value.ts'

describe('a figure in words', () => {
  it.each([
    [null, 'seconds', '–'],
    [0, 'seconds', '0 min'],
    [90, 'seconds', '1.5 min'],
    [3600, 'seconds', '1 h'],
    [27.26 * 3600, 'seconds', '27.3 h'],
    [3 * 86_400, 'seconds', '3 days'],
    [-7200, 'seconds', '-2 h'],
    [0, 'ratio', '0%'],
    [0.4567, 'ratio', '45.7%'],
    [1234.5, 'lines', '1,235 lines'],
    [0.3, 'per_day', '0.3 a day'],
    [2, 'per_week', '2 a week'],
    [7, 'count', '7'],
  ] as const)('%s %s is %s', (value, unit, words) => {
    expect(formatValue(value, unit)).toBe(words)
  })
})

describe('the lines of an axis', () => {
  it('begin at nothing and end at or above the highest value, with round hours for durations', () => {
    expect(axisTicks(30 * 3600, 'seconds')).toEqual([0, 8, 16, 24, 32].map((hours) => hours * 3600))
    expect(axisTicks(0.31, 'ratio')).toEqual([0, 0.1, 0.2, 0.3, 0.4])
    expect(axisTicks(4, 'count')).toEqual([0, 1, 2, 3, 4])
    expect(axisTicks(1, 'ratio')).toEqual([0, 0.5, 1])
  })

  it('are one step where there is nothing to show', () => {
    expect(axisTicks(0, 'count')).toEqual([0])
  })

  it('are few however high the value', () => {
    for (const top of [1, 59, 3601, 1e6, 3e8, 7e9]) expect(axisTicks(top, 'seconds').length).toBeLessThanOrEqual(6)
  })
})
