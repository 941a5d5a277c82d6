import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openBusinessClock } from './business-hours.ts'
import {
  measureBusinessDeployPhases,
  measureBusinessPhases,
  measureDeployPhases,
  measurePhases,
} from './measure-phases.ts'

/** Nine to five in Berlin from Monday to Friday, without Easter Monday of 2027; clocks go forward on Sunday the 28th. */
const clock = openBusinessClock({
  timeZone: 'Europe/Berlin',
  hours: ([1, 2, 3, 4, 5] as const).map((weekday) => ({ weekday, fromMinute: 540, toMinute: 1020 })),
  holidays: ['2027-03-29'],
})
const at = (text: string) => Date.parse(text) / 1000
const none = { firstCommitAt: null, readyAt: null, firstReviewAt: null, firstApprovalAt: null, lastApprovalAt: null }

describe('phases in team hours', () => {
  test('leave out the night, the weekend, the holiday and the hour that clocks skip', () => {
    const moments = {
      ...none,
      firstCommitAt: at('2027-03-25T15:00:00Z'), // Thursday 16:00
      openedAt: at('2027-03-26T09:00:00Z'), // Friday 10:00
      readyAt: at('2027-03-26T09:00:00Z'),
      firstReviewAt: at('2027-03-30T08:00:00Z'), // Tuesday 10:00, in summer time
      firstApprovalAt: at('2027-03-30T20:00:00Z'), // after hours
      mergedAt: at('2027-03-31T06:30:00Z'), // 08:30, before hours
      closedAt: null,
    }
    const { hasNegativeSpan: _, ...phases } = measurePhases(moments, null)
    expect(measureBusinessPhases(moments, phases, clock)).toEqual({
      coding: 2 * 3600,
      draft: null,
      pickup: 8 * 3600,
      review: 7 * 3600,
      mergeWait: 0,
      cycle: 15 * 3600,
    })
    const deployed = { ...moments, deployedAt: at('2027-03-31T08:00:00Z') } // 10:00
    const plain = measureDeployPhases(deployed)
    expect(measureBusinessDeployPhases(deployed, plain, clock)).toEqual({ deploy: 3600, lead: 18 * 3600 })
  })

  test('are unknown where the plain ones are, never longer, and add up as those do', () => {
    const second = fc.integer({ min: at('2027-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') })
    const seconds = fc.array(fc.option(second), { minLength: 5, maxLength: 5 })
    fc.assert(
      fc.property(second, seconds, (openedAt, [firstCommitAt, readyAt, firstReviewAt, firstApprovalAt, mergedAt]) => {
        const moments = {
          ...none,
          openedAt,
          firstCommitAt: firstCommitAt ?? null,
          readyAt: readyAt ?? null,
          firstReviewAt: firstReviewAt ?? null,
          firstApprovalAt: firstApprovalAt ?? null,
          mergedAt: mergedAt ?? null,
          closedAt: null,
        }
        const { hasNegativeSpan, ...phases } = measurePhases(moments, true)
        const business = measureBusinessPhases(moments, phases, clock)
        for (const key of ['coding', 'draft', 'pickup', 'review', 'mergeWait', 'cycle'] as const) {
          expect(business[key] === null).toBe(phases[key] === null)
          expect(business[key] ?? 0).toBeLessThanOrEqual(phases[key] ?? 0)
        }
        const { pickup, review, mergeWait, cycle } = business
        const isWhole = !hasNegativeSpan && cycle !== null && pickup !== null && review !== null && mergeWait !== null
        if (isWhole) expect(pickup + review + mergeWait).toBe(cycle)
      }),
      { numRuns: 300 },
    )
  })
})
