import { expect, test } from 'vitest'
import { readSecret } from './read-secret.ts'

test.each([
  ['anchor-chain-42', 'anchor-chain-42'],
  ['REDACTED', null],
  ['REDACTED-9', null],
  ['anch...', null],
  ['***', null],
  ['anch******', null],
  [' ', null],
  [undefined, null],
  [7, null],
])('%j', (value, secret) => {
  expect(readSecret(value)).toBe(secret)
})
