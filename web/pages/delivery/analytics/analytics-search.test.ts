import { describe, expect, it } from 'vitest'
import { getActivity } from '../../../../contract/delivery/activity.ts'
import { getAgreements, listBrokenAgreements } from '../../../../contract/delivery/agreements.ts'
import { compareDelivery } from '../../../../contract/delivery/compare.ts'
import { getInvestment, listInvestmentRows } from '../../../../contract/delivery/investment.ts'
import { getReviewMatrix } from '../../../../contract/delivery/review-matrix.ts'
import {
  narrowTo,
  narrowToPeople,
  narrowToPullRequests,
  questionOf,
  rangeOf,
  scopeOf,
  toAnalyticsSearch,
  widerThan,
} from './analytics-search.ts'

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

  it('keeps how figures are looked at: teams, labels, hours and what stands side by side', () => {
    const typed = {
      team: 'a',
      label: ['One', 'Two'],
      hours: 'business',
      by: 'team',
      sort: 'rri',
      direction: 'descending',
    }
    expect(toAnalyticsSearch(typed)).toEqual({ ...typed, team: ['a'] })
    expect(toAnalyticsSearch({ hours: 'night', by: 'moon', direction: 'up' })).toEqual({})
    expect(scopeOf(toAnalyticsSearch(typed), now)).toMatchObject({
      team: ['a'],
      label: ['One', 'Two'],
      hours: 'business',
    })
  })
})

describe('what a figure is asked for', () => {
  const search = { branch: ['main'], label: ['One'], team: ['a'], hours: 'business' } as const
  it.each([
    ['a duration of pull requests', 'pull_request', true, ['branch', 'label', 'team', 'hours']],
    ['a number of pull requests', 'pull_request', false, ['branch', 'label', 'team']],
    ['deployments', 'deployment', false, ['team']],
    ['pipelines', 'pipeline', false, ['branch', 'team']],
  ] as const)('leaves out what %s do not have', (_, subject, has_business_hours, kept) => {
    const own = { branch: [...search.branch], label: [...search.label], team: [...search.team], hours: search.hours }
    const { from: _from, to: _to, ...asked } = scopeOf(narrowTo(own, { subject, has_business_hours }), now)
    expect(Object.keys(asked).toSorted()).toEqual(kept.toSorted())
  })
})

describe('a figure on a page that is narrowed', () => {
  const narrowed = { branch: ['main'], label: ['Eager'], severity: ['high' as const], hours: 'business' as const }
  it.each([
    ['pull_request', 'seconds', true, ['all severities']],
    ['pull_request', 'count', false, ['all severities']],
    ['pull_request', 'seconds', false, ['all severities', 'all hours']],
    ['pipeline', 'ratio', false, ['all labels', 'all severities']],
    ['deployment', 'per_day', false, ['all branches', 'all labels', 'all severities']],
    ['vulnerability', 'seconds', false, ['all branches', 'all labels', 'all hours']],
  ] as const)('of a %s in %s says what it is of all the same', (subject, unit, has_business_hours, words) => {
    expect(widerThan(narrowed, { subject, unit, has_business_hours })).toEqual(words)
    expect(widerThan({ team: ['quay'], branch: [] }, { subject, unit, has_business_hours })).toEqual([])
  })
})

describe('a tab that is opened with every filter set', () => {
  const team = '00000000-0000-7000-8000-000000000001'
  const all = {
    repository: [team],
    branch: ['main'],
    label: ['One'],
    team: [team],
    severity: ['high' as const],
    hours: 'business' as const,
  }
  it.each([
    ['who reviews whom', getReviewMatrix, narrowToPullRequests, ['branch', 'label', 'team']],
    ['where work goes', getInvestment, narrowToPullRequests, ['branch', 'label', 'team']],
    ['its pull requests', listInvestmentRows, narrowToPullRequests, ['branch', 'label', 'team']],
    ['agreements', getAgreements, narrowToPullRequests, ['branch', 'label', 'team']],
    ['what broke them', listBrokenAgreements, narrowToPullRequests, ['branch', 'label', 'team']],
    ['working days', getActivity, narrowToPeople, ['team']],
    ['side by side', compareDelivery, (search: typeof all) => search, ['branch', 'label', 'team', 'severity', 'hours']],
  ] as const)('asks of %s what the server takes', (_, route, narrowed, kept) => {
    const scope = scopeOf(narrowed(all), now)
    expect(route.query?.safeParse(scope)).toMatchObject({ success: true })
    expect(Object.keys(scope).toSorted()).toEqual(['from', 'to', 'repository', ...kept].toSorted())
  })
})
