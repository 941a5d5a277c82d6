import { expect, test } from 'vitest'
import { readCron } from './cron.ts'

test.each([
  ['0 30 * * * ? *', '2026-11-20T12:30:00Z', true],
  ['0 30 * * * ? *', '2026-11-20T12:31:00Z', false],
  ['0 0 6 ? * MON-FRI *', '2026-11-20T06:00:00Z', true],
  ['0 0 6 ? * MON-FRI *', '2026-11-21T06:00:00Z', false],
  ['0 0/15 8-18 1,20 NOV ? 2026', '2026-11-20T08:45:00Z', true],
  ['0 0/15 8-18 1,20 NOV ? 2026', '2026-11-20T08:50:00Z', false],
])('%s at %s: %s', (pattern, moment, expected) => {
  expect(readCron(pattern)?.(Date.parse(moment))).toBe(expected)
})

test.each(['0 0 * * *', '0 60 * * * ? *', '0 0 0 * * MOO *', '0 5-1 * * * ? *', '0 */0 * * * ? *', ''])(
  '%j is no pattern',
  (pattern) => {
    expect(readCron(pattern)).toBeUndefined()
  },
)
