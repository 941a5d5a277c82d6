import type { TimeRange } from '../delivery/time-buckets.ts'
import { openLocalDays } from '../sla/local-days.ts'

/**
 * When a member reads about the week: on `weekday` (Monday is 1) at `hour` (0 to 23) of the clocks of `timeZone`. `since`:
 * when it was turned on. `toldTo`: the end of the last week that was told.
 */
export type WeeklyRhythm = { weekday: number; hour: number; timeZone: string; since: Date; toldTo: Date | null }

/** A zone that is changed moves the ends of weeks by hours, not by days. */
const sameWeekMs = 3 * 24 * 3600_000

/**
 * The full week, from Monday to Monday, that is to be told now; undefined where none is. Each week is told once: late where
 * Weir stood still, never again when day, hour or zone are changed, and none whose hour was over when it was turned on.
 */
export function findWeek({ weekday, hour, timeZone, since, toldTo }: WeeklyRhythm, now: Date): TimeRange | undefined {
  const days = openLocalDays(timeZone)
  const today = days.dayOf(now)
  const latest = today - ((weekdayOf(today) - weekday + 7) % 7)
  const day = days.hourOf(latest, hour) <= now ? latest : latest - 7
  if (days.hourOf(day, hour) <= since) return undefined
  const week = weekBefore(day, days.startOf)
  const isTold = toldTo !== null && week.to.getTime() - toldTo.getTime() < sameWeekMs
  return isTold ? undefined : week
}

/** The last full week of a zone before a moment. */
export function findLastWeek(timeZone: string, now: Date): TimeRange {
  const days = openLocalDays(timeZone)
  return weekBefore(days.dayOf(now), days.startOf)
}

function weekBefore(day: number, startOf: (day: number) => Date): TimeRange {
  const monday = day - (weekdayOf(day) - 1)
  return { from: startOf(monday - 7), to: startOf(monday) }
}

/** Of a day since 1970-01-01, which was a Thursday. */
function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1
}
