import { describe, expect, test } from 'vitest'
import { findCalendarFault, openWorkingDays, type WorkingCalendar } from './working-days.ts'

const office: WorkingCalendar = { timeZone: 'Europe/Berlin', workingDays: [1, 2, 3, 4, 5], holidays: ['2027-05-06'] }

test.each([
  ['2027-05-03T08:00:00Z', 'Monday', true],
  ['2027-05-06T08:00:00Z', 'a holiday', false],
  ['2027-05-07T21:59:59Z', 'Friday', true],
  ['2027-05-07T22:00:00Z', 'Saturday there, Friday in UTC', false],
  ['2027-05-09T21:59:59Z', 'Sunday', false],
  ['2027-05-09T22:00:00Z', 'Monday there, Sunday in UTC', true],
])('%s is %s', (at, _, wanted) => {
  const days = openWorkingDays(office)
  expect(days.isWorking(days.dayOf(new Date(at)))).toBe(wanted)
})

describe('a calendar', () => {
  test.each<[string, Partial<WorkingCalendar>, RegExp]>([
    ['in no zone', { timeZone: 'Quay' }, /no time zone “Quay”/],
    ['without work', { workingDays: [] }, /without a working day/],
    ['with a date that is none', { holidays: ['2027-12-24', '2027-02-30'] }, /“2027-02-30” is no date/],
    ['with a date in another spelling', { holidays: ['24.12.2027'] }, /“24.12.2027” is no date/],
  ])('%s has a fault', (_, more, wanted) => {
    expect(findCalendarFault({ ...office, ...more })).toMatch(wanted)
    expect(() => openWorkingDays({ ...office, ...more })).toThrow(wanted)
  })

  test('without a fault has none', () => expect(findCalendarFault(office)).toBeUndefined())
})
