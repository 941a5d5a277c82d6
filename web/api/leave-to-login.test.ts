import { expect, test } from 'vitest'
import { toLocalPath } from './leave-to-login.ts'

test.each([
  ['/vulnerabilities?q=a', '/vulnerabilities?q=a'],
  ['//evil.example', '/'],
  ['https://evil.example/', '/'],
  ['/\\evil.example', '/'],
  ['javascript:alert(1)', '/'],
  [undefined, '/'],
])('after login %s leads to %s', (given, expected) => {
  expect(toLocalPath(given)).toBe(expected)
})
