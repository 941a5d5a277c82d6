import { expect, test } from 'vitest'
import { formatHour, formatRelative } from './time-ago.tsx'

const now = new Date('2026-06-01T12:00:00Z')

test.each([
  ['2026-06-01T11:59:30Z', 'now'],
  ['2026-06-01T11:59:00Z', '1 minute ago'],
  ['2026-06-01T10:01:00Z', '2 hours ago'],
  ['2026-06-01T10:31:00Z', '1 hour ago'],
  ['2026-06-01T11:00:20Z', '1 hour ago'],
  ['2026-06-01T09:35:00Z', '2 hours ago'],
  ['2026-05-31T12:20:00Z', 'yesterday'],
  ['2026-05-25T06:00:00Z', 'last week'],
  ['2026-05-04T12:00:00Z', '4 weeks ago'],
  ['2026-04-30T12:00:00Z', 'last month'],
  ['2025-06-20T12:00:00Z', '11 months ago'],
  ['2026-05-31T12:00:00Z', 'yesterday'],
  ['2026-06-05T12:00:00Z', 'in 4 days'],
  ['2025-05-01T12:00:00Z', 'last year'],
])('%s is shown as %s', (at, words) => {
  expect(formatRelative(new Date(at), now)).toBe(words)
})

test('an hour of another day names the day', () => {
  const morning = new Date(2026, 5, 1, 9, 0)
  const today = formatHour(new Date(2026, 5, 1, 17, 40), morning)
  expect(today).toMatch(/0?5:40|17:40/)
  expect(formatHour(new Date(2026, 5, 2, 17, 40), morning)).toBe(`${today} on Tuesday`)
  expect(formatHour(new Date(2026, 5, 20, 17, 40), morning)).toMatch(/ on .*2026$/)
})
