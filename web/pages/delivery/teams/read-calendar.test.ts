import { expect, test } from 'vitest'
import { readHolidays, readMinutes, toClock } from './read-calendar.ts'

test('a time of day is read as it is shown, and the end of a day is its midnight', () => {
  expect([0, 545, 1439, 1440].map(toClock)).toEqual(['00:00', '09:05', '23:59', '00:00'])
  expect(readMinutes('09:05')).toBe(545)
})

test('holidays are lines of a date and a name, however they are parted', () => {
  expect(readHolidays('2027-12-24 Christmas Eve\n\n 2027-01-01;New Year\n2027-06-10')).toEqual([
    { day: '2027-12-24', name: 'Christmas Eve' },
    { day: '2027-01-01', name: 'New Year' },
    { day: '2027-06-10', name: 'Holiday' },
  ])
})
