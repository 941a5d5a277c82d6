import { expect, test } from 'vitest'
import { matchesGlob, matchesPattern } from './glob.ts'

test.each([
  ['*', '', true],
  ['*', 'a/b', true],
  ['/2.0/*/comments', '/2.0/repositories/a/b/comments', true],
  ['/2.0/*/comments', '/2.0/comments', false],
  ['a.c', 'abc', false],
  ['release/*', 'release/1', true],
  ['*fix*', 'hotfix/2', true],
  ['*fix', 'hotfix/2', false],
  ['', 'a', false],
])('the pattern %j and %j', (pattern, text, expected) => {
  expect(matchesPattern(pattern, text)).toBe(expected)
})

test.each([
  ['feature/*', 'feature/a', true],
  ['feature/*', 'feature/a/b', false],
  ['feature/**', 'feature/a/b', true],
  ['{main,release/*}', 'release/1', true],
  ['{main,release/*}', 'master', false],
  ['v{1,2}.*', 'v2.7', true],
  ['v{1,2}.*', 'v3.7', false],
])('the glob %j and %j', (pattern, path, expected) => {
  expect(matchesGlob(pattern, path)).toBe(expected)
})

test('a pattern made to backtrack takes no time', () => {
  const startedMs = performance.now()
  expect(matchesPattern('*a*a*a*a*a*a*a*ab', 'a'.repeat(5000))).toBe(false)
  expect(matchesGlob('{a,b}'.repeat(20), 'a'.repeat(20))).toBe(true)
  expect(performance.now() - startedMs).toBeLessThan(2000)
})
