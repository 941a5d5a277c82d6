import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { intervals, listBuckets, precedingRange } from './time-buckets.ts'

const range = (from: string, to: string) => ({ from: new Date(from), to: new Date(to) })
const edges = (buckets: ReturnType<typeof listBuckets>) => buckets.map(({ from }) => from.toISOString().slice(0, 16))

describe('a range in parts', () => {
  test('of weeks begins them on Mondays, less at its edges', () => {
    // The first of March 2027 is a Monday.
    expect(edges(listBuckets(range('2027-02-24T12:00:00Z', '2027-03-10T00:00:00Z'), 'week', 'UTC'))).toEqual([
      '2027-02-24T12:00',
      '2027-03-01T00:00',
      '2027-03-08T00:00',
    ])
  })
  test('of days has one of 23 hours where clocks go forward', () => {
    const days = listBuckets(range('2027-03-26T23:00:00Z', '2027-03-29T22:00:00Z'), 'day', 'Europe/Berlin')
    expect(days.map(({ from, to }) => (to.getTime() - from.getTime()) / 3600_000)).toEqual([24, 23, 24])
  })
  test('of months knows how long they are', () => {
    expect(edges(listBuckets(range('2027-12-31T23:00:00Z', '2028-03-15T00:00:00Z'), 'month', 'Europe/Berlin'))).toEqual(
      ['2027-12-31T23:00', '2028-01-31T23:00', '2028-02-29T23:00'],
    )
  })
  test('is nothing where it is empty', () => {
    expect(listBuckets(range('2027-03-01T00:00:00Z', '2027-03-01T00:00:00Z'), 'day', 'UTC')).toEqual([])
  })
  test('is whole: every moment of it lies in one part, in any zone', () => {
    const moment = fc.date({ min: new Date('2024-01-01'), max: new Date('2025-01-01'), noInvalidDate: true })
    const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia')
    fc.assert(
      fc.property(moment, moment, fc.constantFrom(...intervals), zone, (one, other, interval, timeZone) => {
        const [from, to] = one < other ? [one, other] : [other, one]
        const buckets = listBuckets({ from, to }, interval, timeZone)
        if (from.getTime() === to.getTime()) return
        expect([buckets[0]?.from, buckets.at(-1)?.to]).toEqual([from, to])
        for (const [index, bucket] of buckets.entries()) {
          expect(bucket.from < bucket.to).toBe(true)
          expect(buckets[index + 1]?.from ?? to).toEqual(bucket.to)
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('the range before', () => {
  test('is as many days long, not hours, over a change of clocks', () => {
    const week = range('2027-03-28T22:00:00Z', '2027-04-04T22:00:00Z')
    expect(precedingRange(week, 'Europe/Berlin')).toEqual(range('2027-03-21T23:00:00Z', '2027-03-28T22:00:00Z'))
  })
  test('is as many seconds long where it does not begin at midnight', () => {
    const some = range('2027-03-29T10:00:00Z', '2027-03-29T14:00:00Z')
    expect(precedingRange(some, 'Europe/Berlin')).toEqual(range('2027-03-29T06:00:00Z', '2027-03-29T10:00:00Z'))
  })
})
