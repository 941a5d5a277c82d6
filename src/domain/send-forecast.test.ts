import { describe, expect, test } from 'vitest'
import { windowMs } from './request-budget.ts'
import { forecastSends, type WaitingSends } from './send-forecast.ts'

const now = new Date('2026-03-02T08:00:00Z')
const minutes = (count: number) => new Date(now.getTime() + count * 60_000)
const none = { person: 0, status: 0, bulk: 0 }
const forecast = (waiting: Partial<WaitingSends>) =>
  forecastSends({ requests: none, windows: [], eventsPerHour: 0, now, ...waiting })

describe('when everything will have been sent', () => {
  test('at once where nothing waits', () => {
    expect(forecast({})).toEqual(now)
  })

  test('within the minutes it takes to ask, where the hour has room for all of it', () => {
    // 300 requests at five a second.
    expect(forecast({ requests: { ...none, bulk: 300 } })).toEqual(minutes(1))
  })

  test('an hour and a window later for each share of background work that is over', () => {
    // 700 now, 700 when they are forgotten 65 minutes later, and the last 100 (20 s) 65 minutes after that.
    expect(forecast({ requests: { ...none, bulk: 1500 } })).toEqual(new Date(minutes(130).getTime() + 20_000))
  })

  test('what is spent already is waited for', () => {
    const windows = [{ start: minutes(-30), spent: 1000 }]
    // The window of half an hour ago counts for 65 minutes from its beginning.
    expect(forecast({ windows, requests: { ...none, person: 5 } })).toEqual(new Date(minutes(35).getTime() + 1000))
  })

  test('people have requests left where background work has none', () => {
    const windows = [{ start: minutes(-30), spent: 700 }]
    expect(forecast({ windows, requests: { ...none, person: 10 } })).toEqual(new Date(now.getTime() + 2000))
    expect(forecast({ windows, requests: { ...none, bulk: 10 } })?.getTime()).toBeGreaterThanOrEqual(
      minutes(35).getTime(),
    )
  })

  test('what webhooks take of each hour takes longer', () => {
    const requests = { ...none, bulk: 3000 }
    const alone = forecast({ requests })?.getTime() ?? 0
    const busy = forecast({ requests, eventsPerHour: 350 })?.getTime() ?? 0
    expect(busy - now.getTime()).toBeGreaterThan(1.5 * (alone - now.getTime()))
  })

  test('not before the pause the remote wished for', () => {
    expect(forecast({ requests: { ...none, bulk: 5 }, notBefore: minutes(20) })).toEqual(
      new Date(minutes(20).getTime() + 1000),
    )
  })

  test('not known where it is more than thirty days away', () => {
    expect(forecast({ requests: { ...none, bulk: 1_000_000 } })).toBeNull()
  })

  test('the time does not depend on where in a window one asks', () => {
    const requests = { ...none, bulk: 5000 }
    const early = forecast({ requests })?.getTime() ?? 0
    const late = forecast({ requests, now: new Date(now.getTime() + windowMs - 1000) })?.getTime() ?? 0
    expect(Math.abs(late - early)).toBeLessThan(2 * windowMs)
  })
})
