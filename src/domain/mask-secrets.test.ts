import { expect, test } from 'vitest'
import { maskSecrets } from './mask-secrets.ts'

test.each([
  ['const password = "hunter2-is-long"', 'hunter2-is-long'],
  ['AWS_KEY=AKIAIOSFODNN7EXAMPLE', 'AKIAIOSFODNN7EXAMPLE'],
  ['Authorization: Bearer abcdef1234567890', 'abcdef1234567890'],
  ['curl -u x with basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
  ['a token correct-horse-battery', 'correct-horse-battery'],
  ['password: letmein', 'letmein'],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----', 'MIIEow'],
  ["token: 'ghp_0123456789abcdefghij'", 'ghp_0123456789abcdefghij'],
])('a secret is masked in %s', (text, secret) => {
  expect(maskSecrets(text)).not.toContain(secret)
  expect(maskSecrets(maskSecrets(text))).toBe(maskSecrets(text))
})

test.each([
  ['JWT token detected'],
  ['Use of basic authentication over plain HTTP'],
  ['Missing token validation in the login handler'],
  ['A bearer token of a person'],
])('prose stays readable: %s', (text) => {
  expect(maskSecrets(text)).toBe(text)
})
