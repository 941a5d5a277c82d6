import { describe, expect, it } from 'vitest'
import { questionOf, rangeOf, scopeOf, toAnalyticsSearch } from './analytics-search.ts'

const now = new Date('2026-05-20T15:30:00')

describe('the period of an address', () => {
  it('ends with today, so that it is the same until midnight', () => {
    const { from, to } = rangeOf({ days: '7' }, now)
    expect([from, to]).toEqual([new Date('2026-05-14T00:00:00'), new Date('2026-05-21T00:00:00')])
    expect(rangeOf({ days: '7' }, new Date('2026-05-20T00:00:01'))).toEqual({ from, to })
  })

  it('is 90 days where none stands there', () => {
    expect(rangeOf({}, now).from).toEqual(new Date('2026-02-20T00:00:00'))
  })

  it('is from one day to another, the last one included, and the usual one where they are the wrong way round', () => {
    const { from, to } = rangeOf({ from: '2026-05-01', to: '2026-05-01' }, now)
    expect([from, to]).toEqual([new Date('2026-05-01T00:00:00'), new Date('2026-05-02T00:00:00')])
    expect(rangeOf({ from: '2026-05-02', to: '2026-05-01' }, now)).toEqual(rangeOf({}, now))
  })

  it.each([
    ['7', 'day'],
    ['30', 'day'],
    ['90', 'week'],
    ['365', 'week'],
  ] as const)('of %s days is parted by the %s', (days, interval) => {
    expect(questionOf({ days }, now).interval).toBe(interval)
  })

  it('of years is parted by the month', () => {
    expect(questionOf({ from: '2023-01-01', to: '2026-01-01' }, now).interval).toBe('month')
  })
})

describe('an address', () => {
  it('that was typed wrong falls back to what is usual', () => {
    const typed = { days: '12', statistic: 'best', group: 'x', from: 'yesterday', to: '2026-13-45', repository: '' }
    expect(toAnalyticsSearch(typed)).toEqual({})
  })

  it('narrows the figures by what it names, and by nothing else', () => {
    expect(scopeOf({ branch: ['main'] }, now)).toMatchObject({ branch: ['main'] })
    expect(Object.keys(scopeOf({}, now))).toEqual(['from', 'to'])
  })
})
