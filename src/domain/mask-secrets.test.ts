import fc from 'fast-check'
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
  ['token Correcthorse', 'orrecthorse'],
  ['token hunterhunter', 'nterhunter'],
  ['token hunterhunter is used here', 'nterhunter'],
  ['Bearer qwertyuiopasdfghjkl', 'ertyuiop'],
  ['a bearer token hunterhunter', 'nterhunter'],
  ['Authorization: Bearer s3cretpw', 'cretpw'],
  ['Authorization: Basic dXNlcjpwYXNz', 'Nlcjpw'],
  ['Authorization: token qwertyuiop', 'ertyuiop'],
  [String.raw`{\"user\":\"bob\",\"password\":\"hunter2-xy\"}`, 'nter2-xy'],
  [String.raw`"{\"user\":\"bob\",\"password\":\"hunter2-xy\"}"`, 'nter2-xy'],
  [String.raw`{\\\"password\\\":\\\"pw1\\\"}`, 'pw1'],
  ['password hunter2secret', 'nter2'],
  ['mysql --password hunterhunter', 'nterhunter'],
  ['<password>hunterhunter</password>', 'nterhunter'],
  ['<db.password>pw1</db.password>', 'pw1'],
  ['pass = {hunterhunter}', 'nterhunter'],
  ['PASSWORD => hunterhunter', 'nterhunter'],
  ["pw='x1'", 'x1'],
  ['password: "abc"', 'abc'],
  ['SECRET=ab c', 'ab'],
  ['postgres://weir:secretpw@db/x', 'secretpw'],
  ['"a" plus some text "hunterhunter"', 'nterhunter'],
  ["The function's default 'hunterhunter'", 'nterhunter'],
  ["key = b'hunterhunter'", 'nterhunter'],
])('a secret is masked in %s', (text, secret) => {
  expect(maskSecrets(text)).not.toContain(secret)
  expect(maskSecrets(maskSecrets(text))).toBe(maskSecrets(text))
})

test.each([
  ['JWT token detected'],
  ['Use of basic authentication over plain HTTP'],
  ['Missing token validation in the login handler'],
  ['A bearer token of a person'],
  ["The developer's password isn't rotated"],
  ['Hard-coded password found in the source'],
  ['A secret detected by its name. Pass through of a token was logged.'],
  ['Bypass of the second check'],
])('prose stays readable: %s', (text) => {
  expect(maskSecrets(text)).toBe(text)
})

test('the scheme of a header stays, what follows it goes', () => {
  expect(maskSecrets('Authorization: Bearer s3cretpw')).toBe('Authorization: Bearer s3••••••')
})

test('an emoji is never cut in half', () => {
  expect(maskSecrets('password = "x😀yyyyyy"')).toBe('password = "x••••••"')
})

test('masked twice is masked once, whatever the text', () => {
  const pieces = [
    '"',
    "'",
    '`',
    '\\',
    '\\"',
    '\n',
    ' ',
    '=',
    ':',
    '>',
    '{',
    '}',
    '•',
    '••••••',
    '-----BEGIN A-----',
    '-----END A-----',
  ]
  const words = [
    'password',
    'token',
    'Bearer',
    'pw',
    'secret',
    'basic',
    'detected',
    'hunter2',
    'hunterhunter',
    'a',
    'AKIAIOSFODNN7EXAMPLE',
    '😀',
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces, ...words), { maxLength: 25 }), (parts) => {
      const once = maskSecrets(parts.join(''))
      expect(maskSecrets(once)).toBe(once)
    }),
    { numRuns: 2000 },
  )
})

test.each([
  '\\"',
  "\\'",
  '\\',
  '"',
  "'",
  '`',
  '"a',
  "'a ",
  " 'a",
  "b'",
  '"\n',
  '\\"abcd',
  '-----BEGIN A-----',
  '-----BEGIN ',
  '-----',
  '-----END ',
  '=',
  '= ',
  ':',
  ' ',
  '\t',
  'password',
  'password ',
  'password\t',
  'passw',
  'pw',
  'pw=',
  'pass{',
  'token ',
  'bearer ',
  ':bearer ',
  '=token\n',
  'secret\\',
  'pwd ',
  'pass\n',
  'passw ',
  'a',
  'a1',
  '.',
  '•',
  'a•',
])('256 kB of %j are masked in no time', (piece) => {
  const text = piece.repeat(Math.ceil(262_144 / piece.length))
  for (const before of ['', '"', "'", '\\"', 'password', 'token ', '=', '-----BEGIN A-----']) {
    const start = performance.now()
    maskSecrets(before + text)
    expect(performance.now() - start).toBeLessThan(1000)
  }
})
