import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type PersonWeek, summariseActivity } from './activity-weeks.ts'

const week = (personId: string, monday: string, days: number, more: Partial<PersonWeek> = {}): PersonWeek => {
  return { personId, week: monday, days, events: days * 2, outOfHours: 0, onFreeDays: 0, ...more }
}
const march = { from: '2026-03-02', to: '2026-03-30' }

test('days a week are the median of whole weeks; shares are of all that was done', () => {
  const weeks = [
    week('ada', '2026-03-02', 5, { outOfHours: 2 }),
    week('ada', '2026-03-09', 4),
    week('ben', '2026-03-02', 2, { outOfHours: 3, onFreeDays: 3 }),
    week('cleo', '2026-03-16', 3),
    // Begins before the first day, ends after the last: counted in shares alone.
    week('ada', '2026-02-23', 1),
    week('ben', '2026-03-30', 1),
  ]
  expect(summariseActivity(weeks, march)).toEqual({
    people: 3,
    weeks: 4,
    events: 32,
    daysAWeek: 3.5,
    outOfHours: 5 / 32,
    onFreeDays: 3 / 32,
  })
})

test('of two people nothing is told but that they are two', () => {
  const weeks = [week('ada', '2026-03-02', 5), week('ben', '2026-03-02', 4), week('ben', '2026-03-09', 4)]
  expect(summariseActivity(weeks, march)).toEqual({
    people: 2,
    weeks: null,
    events: null,
    daysAWeek: null,
    outOfHours: null,
    onFreeDays: null,
  })
  expect(summariseActivity([], march)).toMatchObject({ people: 0, events: 0, daysAWeek: null })
})

const anyWeek = fc
  .record({
    personId: fc.constantFrom('a', 'b', 'c', 'd'),
    week: fc.constantFrom('2026-02-23', '2026-03-02', '2026-03-09', '2026-03-23', '2026-03-30'),
    days: fc.integer({ min: 1, max: 7 }),
    free: fc.nat({ max: 5 }),
    late: fc.nat({ max: 5 }),
    usual: fc.nat({ max: 5 }),
  })
  .map(({ free, late, usual, ...one }): PersonWeek => {
    return { ...one, events: 1 + free + late + usual, outOfHours: free + late, onFreeDays: free }
  })
test('free days are never more than what is out of hours, and that never more than all; no order has an effect', () => {
  fc.assert(
    fc.property(fc.array(anyWeek), (weeks) => {
      const { daysAWeek, outOfHours, onFreeDays } = summariseActivity(weeks, march)
      expect(onFreeDays ?? 0).toBeLessThanOrEqual(outOfHours ?? 0)
      expect(outOfHours ?? 0).toBeLessThan(1)
      if (daysAWeek !== null) expect(daysAWeek >= 1 && daysAWeek <= 7).toBe(true)
      expect(summariseActivity(weeks.toReversed(), march)).toEqual(summariseActivity(weeks, march))
    }),
  )
})
