import { describe, expect, test } from 'vitest'
import { rangeOf } from '../analytics/analytics-search.ts'
import { toLinkView } from './to-link-view.ts'

const now = new Date('2026-05-06T12:00:00Z')

describe('a public link of a view', () => {
  test('carries its own range, repositories, branches, teams, labels and hours', () => {
    const range = { from: '2026-03-01', to: '2026-03-14' }
    const narrowed = { repository: ['shop'], branch: ['main'], team: ['quay'], label: ['Eager'] }
    const { from, to } = rangeOf(range, now)
    expect(toLinkView({ ...range, ...narrowed, group: 'flow', hours: 'business' }, now)).toMatchObject({
      group: 'flow',
      days: null,
      from: from.toISOString(),
      to: to.toISOString(),
      repository_ids: ['shop'],
      branches: ['main'],
      team_ids: ['quay'],
      labels: ['Eager'],
      hours: 'business',
    })
  })

  test('carries as many days up to today, the usual ones where the address names none or a range that is none', () => {
    const none = { from: null, to: null, repository_ids: [], branches: [], team_ids: [], labels: [], hours: 'all' }
    expect(toLinkView({ days: '180' }, now)).toMatchObject({ ...none, days: 180 })
    expect(toLinkView({}, now)).toMatchObject({ ...none, days: 90, group: 'dora' })
    expect(toLinkView({ from: '2026-03-14', to: '2026-03-01' }, now)).toMatchObject({ ...none, days: 90 })
  })
})
