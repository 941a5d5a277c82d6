import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redact, redactSecrets, withoutCode } from './redact.ts'

const digits = '0123456789'.repeat(7)
const letters = 'Ab3dEf6hIj9lMn2pQr5tUv8xYz1aBc4e'

describe('what looks like a secret does not leave', () => {
  test.each([
    ['AKIAABCDEFGHIJKLMNOP', 'ABCDEFGHIJKLMNOP'],
    ['ghp_' + letters, letters],
    ['github_pat_' + letters, letters],
    ['glpat-' + letters, letters],
    ['ATATT3x' + letters, letters],
    ['ATBB' + letters, letters],
    ['xoxb-' + digits, digits],
    ['https://hooks.slack.com/services/T0/B0/' + letters, letters],
    ['sk_live_' + letters, letters],
    ['AIza' + letters, letters],
    ['npm_' + letters, letters],
    ['SG.' + letters + '.' + letters, letters],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.' + letters, letters],
    ['postgres://weir:tide-and-ebb@db/harbour', 'tide-and-ebb'],
    ['https://tide-and-ebb@git.example/harbour.git', 'tide-and-ebb'],
    ['https://x.example/a?b=1&access_token=tideandebb', 'tideandebb'],
    ['Authorization: Bearer ' + letters, letters],
    ['password = tideandebb', 'tideandebb'],
    ['apiKey: x, api_key="tideandebb"', 'tideandebb'],
    ['DB_PASSWORD=tideandebb', 'tideandebb'],
    ['AWS_SECRET_ACCESS_KEY=tide/and+ebb/of+the+harbour', 'harbour'],
    ['dbPassword = "tideandebb"', 'tideandebb'],
    ['{"user": "mara", "password": "tide and ebb"}', 'tide and ebb'],
    ["{ clientSecret: 'tideandebb' }", 'tideandebb'],
    ['\n  password: tide-and-ebb\n', 'tide-and-ebb'],
    ['\nspring.datasource.password: tideandebb7\n', 'tideandebb7'],
    ['Authorization: Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----', 'MIIEow'],
  ])('%s', (text, secret) => {
    const safe = redactSecrets(`Before ${text} after`)
    expect(safe).not.toContain(secret)
    expect(safe).toContain('Before ')
    expect(redactSecrets(safe)).toBe(safe)
  })

  test.each([
    ['The query is put together with + from a request parameter.'],
    ['src/routes/orders15.js:15 on feature/login-2026'],
    ['https://weir.example/vulnerabilities/018f0000-0000-7000-8000-000000000001'],
    ['Possible secret: an AWS key in the settings'],
    ['Missing token validation; token == null is not looked for'],
    ['Write to mara@harbour.example'],
    ['Hardcoded password: see "CWE-798" in src/config15.js:15'],
    ['A token: what it may do is not looked at'],
    ['Token: missing'],
    ['Authorization: Bearer authentication is not asked for'],
  ])('%s stays as it is', (text) => {
    expect(redactSecrets(text)).toBe(text)
  })

  test.each([
    'eyJ',
    'eyJa.',
    'AKIA',
    'ghp_a',
    '://a',
    'bearer ',
    'token=',
    '-----BEGIN A-----',
    'xoxb-',
    '?key=a',
    'secret',
    'password: "a',
    'password:\n',
    '- token: ',
    'Authorization: Basic a',
  ])('256 kB of %j are read in no time', (piece) => {
    const text = piece.repeat(Math.ceil(262_144 / piece.length))
    const start = performance.now()
    redactSecrets(text)
    withoutCode(text, null)
    expect(performance.now() - start).toBeLessThan(1000)
  })
})

const code = { isSecret: false, sendsCode: false, snippet: 'const q = "select " + id\n  run(q)\n}' }

describe('code that may not leave', () => {
  test.each([
    ['Found `run(q)` here', 'Found … here'],
    ['Look:\n```js\nrun(q)\n```\nThere', 'Look:\n…\nThere'],
    ['It reads const q = "select " + id today', 'It reads … today'],
    ['It runs run(q) then', 'It runs … then'],
    ['A brace } stays', 'A brace } stays'],
  ])('%j becomes %j', (text, left) => {
    expect(redact(text, code)).toBe(left)
    expect(redact(text, { ...code, sendsCode: true })).toBe(text)
  })

  test('no line of what was read is left, wherever it stands', () => {
    const line = fc.string({ minLength: 6, unit: 'grapheme-ascii' }).filter((text) => text.trim().length >= 6)
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), fc.string(), fc.string(), (lines, before, after) => {
        const snippet = lines.join('\n')
        for (const one of lines)
          expect(redact(`${before} ${one} ${after}`, { ...code, snippet })).not.toContain(one.trim())
      }),
    )
  })
})

test('of a secret whatever reads like one is masked, also without a known form', () => {
  const text = 'Password "anchor-chain" in the settings'
  expect(redact(text, { isSecret: true, sendsCode: true, snippet: null })).not.toContain('anchor-chain')
  expect(redact(text, { isSecret: false, sendsCode: true, snippet: null })).toBe(text)
})
