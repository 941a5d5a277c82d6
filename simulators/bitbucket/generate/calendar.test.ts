import { expect, test } from 'vitest'
import { afterWork, nextWorkingMoment, type WorkingHours } from './calendar.ts'

const usual: WorkingHours = {
  offsetMinutes: 60,
  startHour: 9,
  hoursPerDay: 8,
  weekdays: [1, 2, 3, 4, 5],
  vacations: [],
}
const at = (text: string) => Date.parse(text) / 1000
const show = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 16)

test.each([
  ['in the middle of a working day: at once', usual, '2026-11-18T10:30Z', '2026-11-18T10:30'],
  ['before the day begins, in their own time zone', usual, '2026-11-18T05:00Z', '2026-11-18T08:00'],
  ['on a Saturday: on Monday', usual, '2026-11-21T10:00Z', '2026-11-23T08:00'],
  ['on a holiday: the day after', usual, '2026-12-24T10:00Z', '2026-12-28T08:00'],
  [
    'on vacation: when it is over',
    { ...usual, vacations: [[at('2026-11-16Z') / 86_400, at('2026-11-20Z') / 86_400]] },
    '2026-11-18T10:00Z',
    '2026-11-23T08:00',
  ],
  ['a night owl whose day began yesterday', { ...usual, startHour: 19 }, '2026-11-19T01:00Z', '2026-11-19T01:00'],
  ['across the ocean', { ...usual, offsetMinutes: -300 }, '2026-11-18T10:30Z', '2026-11-18T14:00'],
] satisfies [string, WorkingHours, string, string][])('%s', (_what, who, moment, expected) => {
  expect(show(nextWorkingMoment(who, at(moment)))).toBe(expected)
})

test('work that does not fit into a day goes on the next working day', () => {
  // Friday 15:00 local to 17:00, then three of five hours are left for Monday.
  expect(show(afterWork(usual, at('2026-11-20T14:00Z'), 5 * 3600))).toBe('2026-11-23T11:00')
})
