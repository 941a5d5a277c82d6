import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openSlaClock, type Pause, type SlaCalendar } from './sla-clock.ts'
import { openWorkingDays, type WorkingCalendar } from './working-days.ts'

const dayMs = 86_400_000
const at = (text: string) => new Date(`${text}Z`)
const pause = (from: string, to: string): Pause => ({ from: at(from), to: at(to) })
const office: WorkingCalendar = { timeZone: 'Europe/Berlin', workingDays: [1, 2, 3, 4, 5], holidays: ['2027-03-26'] }

const elapsed = openSlaClock({ kind: 'elapsed' })
const working = openSlaClock({ kind: 'working_days', ...office })
const text = ({ approachesAt, dueAt }: { approachesAt: Date; dueAt: Date }) =>
  [approachesAt, dueAt].map((date) => date.toISOString().slice(0, 16))

describe('around the clock', () => {
  const createdAt = at('2027-03-01T10:00')
  test.each<[string, number, Pause[], string[]]>([
    ['four days', 4, [], ['2027-03-04T10:00', '2027-03-05T10:00']],
    ['a day', 1, [], ['2027-03-02T04:00', '2027-03-02T10:00']],
    ['a pause', 4, [pause('2027-03-02T00:00', '2027-03-02T06:30')], ['2027-03-04T16:30', '2027-03-05T16:30']],
    ['a pause late', 4, [pause('2027-03-04T22:00', '2027-03-05T22:00')], ['2027-03-04T10:00', '2027-03-06T10:00']],
    ['a pause too late', 4, [pause('2027-03-05T10:00', '2027-03-09T10:00')], ['2027-03-04T10:00', '2027-03-05T10:00']],
    ['a pause before', 4, [pause('2027-02-01T00:00', '2027-03-01T11:00')], ['2027-03-04T11:00', '2027-03-05T11:00']],
    [
      'pauses that overlap count once',
      4,
      [pause('2027-03-02T05:00', '2027-03-02T08:00'), pause('2027-03-02T04:00', '2027-03-02T06:00')],
      ['2027-03-04T14:00', '2027-03-05T14:00'],
    ],
    [
      'one pause moves the deadline into the next',
      1,
      [pause('2027-03-02T08:00', '2027-03-02T12:00'), pause('2027-03-02T13:00', '2027-03-02T23:00')],
      ['2027-03-02T04:00', '2027-03-03T00:00'],
    ],
  ])('%s', (_, days, pauses, wanted) => expect(text(elapsed({ createdAt, days, pauses }))).toEqual(wanted))
})

describe('by working days', () => {
  test.each<[string, string, number, Pause[], string[]]>([
    // Monday morning: Tuesday is the first day, and it ends at 23:00 UTC.
    ['a day', '2027-03-01T10:00', 1, [], ['2027-03-01T23:00', '2027-03-02T23:00']],
    ['over a weekend', '2027-03-05T10:00', 1, [], ['2027-03-05T23:00', '2027-03-08T23:00']],
    ['found on a Saturday', '2027-03-06T10:00', 1, [], ['2027-03-06T23:00', '2027-03-08T23:00']],
    ['found on a Sunday in UTC, a Monday there', '2027-03-07T23:30', 1, [], ['2027-03-08T23:00', '2027-03-09T23:00']],
    // Monday the 22nd to Thursday the 25th, Friday is a holiday, Monday; on Sunday summer time begins.
    ['over a holiday and a change of clocks', '2027-03-19T10:00', 5, [], ['2027-03-24T23:00', '2027-03-29T22:00']],
    [
      'a pause over three ends of days, of which one is a Friday',
      '2027-03-01T10:00',
      5,
      [pause('2027-03-05T09:00', '2027-03-08T09:00')],
      ['2027-03-04T23:00', '2027-03-09T23:00'],
    ],
    [
      'a pause within a day',
      '2027-03-01T10:00',
      5,
      [pause('2027-03-03T09:00', '2027-03-03T17:00')],
      ['2027-03-04T23:00', '2027-03-08T23:00'],
    ],
    [
      'a pause that lasts to the end of the day',
      '2027-03-01T10:00',
      1,
      [pause('2027-03-02T22:00', '2027-03-02T23:00')],
      ['2027-03-01T23:00', '2027-03-03T23:00'],
    ],
    [
      'a pause too late',
      '2027-03-01T10:00',
      1,
      [pause('2027-03-02T23:00', '2027-03-09T10:00')],
      ['2027-03-01T23:00', '2027-03-02T23:00'],
    ],
  ])('%s', (_, createdAt, days, pauses, wanted) =>
    expect(text(working({ createdAt: at(createdAt), days, pauses }))).toEqual(wanted),
  )
})

const calendars: SlaCalendar[] = [
  { kind: 'elapsed' },
  { kind: 'working_days', ...office },
  { kind: 'working_days', timeZone: 'America/New_York', workingDays: [7, 1, 2, 3], holidays: [] },
  { kind: 'working_days', timeZone: 'Africa/Cairo', workingDays: [5], holidays: ['2027-01-01', '2028-04-28'] },
]
const clock = fc.constantFrom(...calendars.map(openSlaClock))
const moment = fc.date({ min: new Date('2026-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
const days = fc.integer({ min: 1, max: 90 })
const pauses = fc.array(
  fc
    .record({ from: moment, lengthMs: fc.integer({ min: 0, max: 40 * dayMs }) })
    .map(({ from, lengthMs }) => ({ from, to: new Date(from.getTime() + lengthMs) })),
  { maxLength: 5 },
)

describe('a deadline', () => {
  test('is never before creation, and approaches no later than it is due', () => {
    fc.assert(
      fc.property(clock, moment, days, pauses, (clock, createdAt, days, pauses) => {
        const { approachesAt, dueAt } = clock({ createdAt, days, pauses })
        expect(createdAt < approachesAt && approachesAt <= dueAt).toBe(true)
      }),
    )
  })

  test('never moves nearer by more days, a later creation, or a pause more', () => {
    fc.assert(
      fc.property(clock, moment, days, pauses, pauses, (clock, createdAt, days, pauses, more) => {
        const { dueAt } = clock({ createdAt, days, pauses })
        expect(clock({ createdAt, days: days + 1, pauses }).dueAt > dueAt).toBe(true)
        expect(clock({ createdAt, days, pauses: [...pauses, ...more] }).dueAt >= dueAt).toBe(true)
        const later = new Date(createdAt.getTime() + 1000)
        expect(clock({ createdAt: later, days, pauses }).dueAt >= dueAt).toBe(true)
      }),
    )
  })

  test('does not depend on the order of pauses, or on one that is cut in two', () => {
    fc.assert(
      fc.property(clock, moment, days, pauses, (clock, createdAt, days, pauses) => {
        const cut = pauses.flatMap(({ from, to }) => {
          const middle = new Date(Math.floor((from.getTime() + to.getTime()) / 2))
          return middle > from && middle < to
            ? [
                { from: middle, to },
                { from, to: middle },
              ]
            : [{ from, to }]
        })
        expect(clock({ createdAt, days, pauses: cut.toReversed() })).toEqual(clock({ createdAt, days, pauses }))
      }),
    )
  })

  test('around the clock is moved by exactly the length of a pause that begins before it', () => {
    const inside = fc.record({ begin: fc.double({ min: 0, max: 0.999, noNaN: true }), lengthMs: fc.nat(90 * dayMs) })
    fc.assert(
      fc.property(moment, days, inside, (createdAt, days, { begin, lengthMs }) => {
        const plain = elapsed({ createdAt, days, pauses: [] }).dueAt.getTime()
        expect(plain).toBe(createdAt.getTime() + days * dayMs)
        const fromMs = createdAt.getTime() + Math.floor(begin * days * dayMs)
        const pauses = [{ from: new Date(fromMs), to: new Date(fromMs + lengthMs) }]
        expect(elapsed({ createdAt, days, pauses }).dueAt.getTime()).toBe(plain + lengthMs)
        const late = [{ from: new Date(plain), to: new Date(plain + lengthMs) }]
        expect(elapsed({ createdAt, days, pauses: late }).dueAt.getTime()).toBe(plain)
      }),
    )
  })

  test('by working days has as many of them before it as days, and those that ended in a pause', () => {
    const calendar = openWorkingDays(office)
    fc.assert(
      fc.property(moment, days, pauses, (createdAt, days, pauses) => {
        const { dueAt } = working({ createdAt, days, pauses })
        const lastDay = calendar.dayOf(new Date(dueAt.getTime() - 1))
        expect(dueAt).toEqual(calendar.startOf(lastDay + 1))
        expect(calendar.isWorking(lastDay)).toBe(true)
        let [counted, paused] = [0, 0]
        for (let day = calendar.dayOf(createdAt) + 1; day <= lastDay; day += 1) {
          const last = new Date(calendar.startOf(day + 1).getTime() - 1)
          if (!calendar.isWorking(day)) continue
          if (pauses.some(({ from, to }) => from <= last && last < to)) paused += 1
          else counted += 1
        }
        expect(counted).toBe(days)
        const plain = working({ createdAt, days, pauses: [] }).dueAt
        let moved = 0
        for (let day = calendar.dayOf(plain); day <= lastDay; day += 1) if (calendar.isWorking(day)) moved += 1
        expect(moved).toBe(paused)
      }),
    )
  })
})
