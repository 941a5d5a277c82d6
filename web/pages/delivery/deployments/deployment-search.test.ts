import { describe, expect, test } from 'vitest'
import { rangeOf } from '../analytics/analytics-search.ts'
import { toDeploymentFilter, toDeploymentSearch } from './deployment-search.ts'

const now = new Date('2026-05-06T12:00:00Z')

describe('the deployments an address asks for', () => {
  test('are of its teams and repositories, and of the days Analytics would show', () => {
    const search = toDeploymentSearch({ team: 'quay', repository: ['shop', 'till'], days: '180', back: 'settings' })
    const from = rangeOf({ days: '180' }, now).from.toISOString()
    expect(toDeploymentFilter(search, now)).toEqual({ team: ['quay'], repository: ['shop', 'till'], from })
  })

  test('are of a range of its own, both days included', () => {
    const range = { from: '2026-03-01', to: '2026-03-14' }
    const { from, to } = rangeOf(range, now)
    expect(toDeploymentFilter(toDeploymentSearch(range), now)).toEqual({
      from: from.toISOString(),
      to: to.toISOString(),
    })
    expect(to.getTime() - from.getTime()).toBe(14 * 86_400_000)
  })

  test('are of the usual days where a range ends before it begins or is no range, and of all days where asked', () => {
    const usual = { from: rangeOf({}, now).from.toISOString() }
    expect(toDeploymentFilter(toDeploymentSearch({ from: '2026-03-14', to: '2026-03-01' }), now)).toEqual(usual)
    expect(toDeploymentFilter(toDeploymentSearch({ from: 'spring', days: 'ever' }), now)).toEqual(usual)
    expect(toDeploymentFilter({ days: 'all' }, now)).toEqual({})
  })
})
