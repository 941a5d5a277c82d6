import { expect, test } from 'vitest'
import { readMoment } from './read-moment.ts'

const now = Date.UTC(2026, 10, 21, 10, 30)

function read(text: string, timeZone = 'Etc/UTC'): string {
  return new Date(readMoment({ kind: 'text', text }, 'updated', { now, timeZone })).toISOString()
}

test.each([
  ['-5m', '2026-11-21T10:25:00.000Z'],
  ['-1d', '2026-11-20T10:30:00.000Z'],
  ['2w', '2026-12-05T10:30:00.000Z'],
  ['-1d 2h', '2026-11-20T08:30:00.000Z'],
  ['2026-11-20', '2026-11-20T00:00:00.000Z'],
  ['2026/11/20 09:05', '2026-11-20T09:05:00.000Z'],
])('%s', (text, expected) => {
  expect(read(text)).toBe(expected)
})

test.each([
  ['Asia/Tokyo', '2026-07-01 09:00', '2026-07-01T00:00:00.000Z'],
  ['Europe/Amsterdam', '2026-07-01 12:00', '2026-07-01T10:00:00.000Z'],
  ['Europe/Amsterdam', '2026-12-01 12:00', '2026-12-01T11:00:00.000Z'],
  // The hour after the clocks went back, and the one before.
  ['Europe/Amsterdam', '2026-10-25 04:00', '2026-10-25T03:00:00.000Z'],
  ['Europe/Amsterdam', '2026-10-25 01:00', '2026-10-24T23:00:00.000Z'],
  ['America/St_Johns', '2026-12-01 12:00', '2026-12-01T15:30:00.000Z'],
])('in %s %s', (timeZone, text, expected) => {
  expect(read(text, timeZone)).toBe(expected)
})

test('a day starts where the caller lives', () => {
  const at = (name: string, args: string[] = []) =>
    new Date(readMoment({ kind: 'call', name, args }, 'updated', { now, timeZone: 'Asia/Tokyo' })).toISOString()
  expect(at('startOfDay')).toBe('2026-11-20T15:00:00.000Z')
  expect(at('startOfDay', ['-1'])).toBe('2026-11-19T15:00:00.000Z')
  expect(at('now')).toBe('2026-11-21T10:30:00.000Z')
})

test.each(['yesterday', '2026-11', '10:00', '-5x', ''])('%j is no moment', (text) => {
  expect(() => read(text)).toThrow(`Date value '${text}' for field 'updated' is invalid.`)
})
