import { describe, expect, it, test } from 'vitest'
import { fromInput, goalWords, judgeBounds, toInput } from './goal-words.ts'

test('bounds are typed in hours, percent or pieces, and come back as they were', () => {
  expect(toInput(86_400, 'seconds')).toBe(24)
  expect(toInput(0.07, 'ratio')).toBe(7)
  for (const [bound, unit] of [
    [5400, 'seconds'],
    [0.285, 'ratio'],
    [400, 'lines'],
    [0.1, 'per_day'],
  ] as const)
    expect(fromInput(toInput(bound, unit), unit)).toBe(bound)
  expect([toInput(null, 'count'), fromInput('', 'count')]).toEqual(['', null])
})

test('a goal says which way is better', () => {
  expect(goalWords({ target: 86_400, amber: 172_800, direction: 'lower', unit: 'seconds' })).toBe(
    'At most 24 h, amber up to 2 days',
  )
  expect(goalWords({ target: 0.8, amber: 0.6, direction: 'higher', unit: 'ratio' })).toBe(
    'At least 80%, amber down to 60%',
  )
  expect(goalWords({ target: null, amber: null, direction: 'higher', unit: 'ratio' })).toBe('None')
})

describe('bounds that make no sense', () => {
  const lower = { direction: 'lower', unit: 'ratio' } as const
  it('are told at their field', () => {
    expect(judgeBounds({ target: 1.2, amber: null }, lower)).toHaveProperty('target')
    expect(judgeBounds({ target: 0.5, amber: 3 }, lower)).toHaveProperty('amber')
    expect(judgeBounds({ target: null, amber: 0.2 }, lower)).toHaveProperty('amber')
    expect(judgeBounds({ target: 0.2, amber: 0.1 }, lower)).toHaveProperty('amber')
    expect(judgeBounds({ target: 0.1, amber: 0.2 }, { ...lower, direction: 'higher' })).toHaveProperty('amber')
  })
  it('are not seen where there are none', () => {
    expect(judgeBounds({ target: 0.2, amber: 0.3 }, lower)).toEqual({})
    expect(judgeBounds({ target: 0.2, amber: 0.2 }, lower)).toEqual({})
    expect(judgeBounds({ target: null, amber: null }, lower)).toEqual({})
  })
})
