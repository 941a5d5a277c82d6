import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isTimeZone, openLocalDays } from './local-days.ts'

const dayNumber = (date: string) => Date.parse(`${date}T00:00:00Z`) / 86_400_000

describe('a day begins', () => {
  test.each([
    ['UTC', '2027-03-01', '2027-03-01T00:00:00.000Z'],
    ['Europe/Berlin', '2027-01-15', '2027-01-14T23:00:00.000Z'],
    ['Europe/Berlin', '2027-07-15', '2027-07-14T22:00:00.000Z'],
    // Clocks go forward at 02:00 of the 28th of March and back at 03:00 of the 31st of October.
    ['Europe/Berlin', '2027-03-28', '2027-03-27T23:00:00.000Z'],
    ['Europe/Berlin', '2027-03-29', '2027-03-28T22:00:00.000Z'],
    ['Europe/Berlin', '2027-10-31', '2027-10-30T22:00:00.000Z'],
    ['Europe/Berlin', '2027-11-01', '2027-10-31T23:00:00.000Z'],
    ['America/New_York', '2027-03-14', '2027-03-14T05:00:00.000Z'],
    ['Asia/Kolkata', '2027-06-01', '2027-05-31T18:30:00.000Z'],
    ['Pacific/Kiritimati', '2027-06-01', '2027-05-31T10:00:00.000Z'],
    ['Australia/Lord_Howe', '2027-04-05', '2027-04-04T13:30:00.000Z'],
    // At midnight clocks went on to 01:00: the day began there.
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z'],
    // At midnight clocks went back to 23:00: the day before had that hour twice.
    ['America/Sao_Paulo', '2018-02-18', '2018-02-18T03:00:00.000Z'],
    // The 30th was left out.
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00.000Z'],
    ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00.000Z'],
  ])('in %s, %s, at %s', (timeZone, date, wanted) => {
    expect(openLocalDays(timeZone).startOf(dayNumber(date)).toISOString()).toBe(wanted)
  })
})

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Santiago',
  'America/St_Johns',
  'Asia/Beirut',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'Pacific/Chatham',
  'Pacific/Apia',
  'Etc/GMT+12',
]

test('every moment lies in its day and in no other', () => {
  const opened = zones.map((timeZone) => ({ timeZone, days: openLocalDays(timeZone) }))
  const moment = fc.date({ min: new Date('2012-01-01'), max: new Date('2060-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(fc.constantFrom(...opened), moment, ({ timeZone, days }, at) => {
      const day = days.dayOf(at)
      expect(days.startOf(day) <= at && at < days.startOf(day + 1)).toBe(true)
      const shown = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at)
      expect(day).toBe(dayNumber(shown))
      expect(days.dayOf(days.startOf(day))).toBe(day)
      expect(days.dayOf(new Date(days.startOf(day).getTime() - 1))).toBe(day - 1)
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Europe/Quay', false],
  ['+02:00', false],
  ['', false],
])('"%s" as a time zone: %s', (text, wanted) => expect(isTimeZone(text)).toBe(wanted))
