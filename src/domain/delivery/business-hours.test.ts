import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type BusinessHours, openBusinessClock } from './business-hours.ts'

const nineToFive: BusinessHours = {
  timeZone: 'Europe/Berlin',
  hours: ([1, 2, 3, 4, 5] as const).map((weekday) => ({ weekday, fromMinute: 540, toMinute: 1020 })),
  holidays: ['2027-03-29'],
}
const clock = openBusinessClock(nineToFive)
const hours = (from: string, to: string) => (clock(new Date(from), new Date(to)) ?? Number.NaN) / 3600

describe('hours between nine and five in Berlin', () => {
  test.each([
    ['within a day', '2027-03-01T09:00:00Z', '2027-03-01T11:30:00Z', 2.5],
    ['from the evening to the next noon', '2027-03-01T18:00:00Z', '2027-03-02T11:00:00Z', 3],
    ['over a weekend', '2027-03-05T15:00:00Z', '2027-03-08T09:00:00Z', 2],
    ['on a weekend alone', '2027-03-06T08:00:00Z', '2027-03-07T20:00:00Z', 0],
    // Clocks go forward on Sunday the 28th; Monday the 29th is a holiday. Nine is 08:00 UTC before and 07:00 UTC after.
    ['over a change of clocks and a holiday', '2027-03-26T08:00:00Z', '2027-03-30T15:00:00Z', 16],
    ['of no time', '2027-03-01T09:00:00Z', '2027-03-01T09:00:00Z', 0],
  ])('%s', (_, from, to, wanted) => expect(hours(from, to)).toBe(wanted))

  test('are none of a span that ends before it begins', () => {
    expect(clock(new Date('2027-03-02T09:00:00Z'), new Date('2027-03-01T09:00:00Z'))).toBeNull()
  })
})

describe('a team that works all night', () => {
  const night = openBusinessClock({
    timeZone: 'Europe/Berlin',
    hours: ([1, 2, 3, 4, 5, 6, 7] as const).map((weekday) => ({ weekday, fromMinute: 0, toMinute: 1440 })),
    holidays: [],
  })
  test('loses an hour on the day clocks go forward and wins one when they go back', () => {
    const day = (from: string, to: string) => (night(new Date(from), new Date(to)) ?? 0) / 3600
    expect(day('2027-03-27T23:00:00Z', '2027-03-28T22:00:00Z')).toBe(23)
    expect(day('2027-10-30T22:00:00Z', '2027-10-31T23:00:00Z')).toBe(25)
  })
  test('and every span adds up of its parts, as long as it is', () => {
    const moment = fc.date({ min: new Date('2027-01-01'), max: new Date('2028-01-01'), noInvalidDate: true })
    fc.assert(
      fc.property(fc.tuple(moment, moment, moment), (moments) => {
        const [from, middle, to] = moments.toSorted((a, b) => a.getTime() - b.getTime())
        if (from === undefined || middle === undefined || to === undefined) return
        for (const measure of [night, clock])
          expect((measure(from, middle) ?? 0) + (measure(middle, to) ?? 0)).toBeCloseTo(measure(from, to) ?? 0, 6)
        expect(night(from, to)).toBeCloseTo((to.getTime() - from.getTime()) / 1000, 6)
      }),
      { numRuns: 50 },
    )
  })
})

test.each<[string, Partial<BusinessHours>, string]>([
  ['a zone that is none', { timeZone: 'Europe/Quay' }, 'no time zone'],
  ['a week without hours', { hours: [] }, 'without a working day'],
  [
    'hours that end before they begin',
    { hours: [{ weekday: 1 as const, fromMinute: 600, toMinute: 540 }] },
    'begin before they end',
  ],
  ['a date that is none', { holidays: ['2027-02-30'] }, 'is no date'],
])('%s is refused', (_, more, words) => {
  expect(() => openBusinessClock({ ...nineToFive, ...more })).toThrow(words)
})
