import { describe, expect, it } from 'vitest'
import { isRepair, matchesPattern } from './is-repair.ts'

describe('a pull request that repairs', () => {
  const rules = { branchPatterns: ['hotfix/*', '*-urgent'] }

  it.each([
    ['Fix the till', 'hotfix/till', true],
    ['Fix the till', 'HOTFIX/till', true],
    ['Fix the till', 'till-urgent', true],
    ['Revert "New till"', 'revert-12', true],
    ['revert: new till', null, true],
    ['Reverting is easier now', 'feature/undo', false],
    ['Prevent doubles', 'feature/hotfix/till', false],
    ['Fix the till', null, false],
  ])('%s from %s: %s', (title, sourceBranch, expected) => {
    expect(isRepair({ title, sourceBranch }, rules)).toBe(expected)
  })
})

describe('a pattern with stars', () => {
  it.each([
    ['main', 'main', true],
    ['main', 'mai', false],
    ['release/1.2', 'release/*', true],
    ['release/', 'release/*', true],
    ['a-b-c', 'a*b*c', true],
    ['a-c-b', 'a*b*c', false],
    ['ab', 'ab*b', false],
    ['', '*', true],
    ['x', '', false],
    ['v1.0.0', 'v*.*.*', true],
    ['v1.0', 'v*.*.*', false],
  ])('%j fits %j: %s', (name, pattern, expected) => {
    expect(matchesPattern(name, pattern)).toBe(expected)
  })

  it('answers for names and patterns of any length', () => {
    expect(matchesPattern('a'.repeat(20_000), `${'a*'.repeat(500)}b`)).toBe(false)
  })
})
