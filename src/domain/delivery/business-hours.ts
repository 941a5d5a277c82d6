import { findCalendarFault, openWorkingDays, type Weekday } from '../sla/working-days.ts'

/** When a team works on a day of the week, in minutes since midnight by what clocks show; up to 1440. */
export type DayHours = { weekday: Weekday; fromMinute: number; toMinute: number }

/** When a team works: the hours of each working day in its zone, and days off like 2027-12-24. */
export type BusinessHours = { timeZone: string; hours: readonly DayHours[]; holidays: readonly string[] }

/** The hours of one day, in milliseconds since 1970. */
type OpenHours = { fromMs: number; toMs: number }

/** Measures how many seconds of a span lie in business hours. Null for a span that ends before it begins. */
export type BusinessClock = (from: Date, to: Date) => number | null

/**
 * Opens a clock that only runs in a team's hours: on its working days, without its holidays, by what clocks in its zone
 * show, so that an hour that is left out or comes twice when they are changed counts as it passed. Costly: open it once
 * for many spans. Throws an Error for a zone or a holiday that is none, a week without hours, or hours that end before they
 * begin.
 */
export function openBusinessClock({ timeZone, hours, holidays }: BusinessHours): BusinessClock {
  const calendar = { timeZone, holidays, workingDays: hours.map(({ weekday }) => weekday) }
  const fault = findCalendarFault(calendar)
  if (fault !== undefined) throw new Error(fault)
  if (hours.some(({ fromMinute, toMinute }) => fromMinute < 0 || fromMinute >= toMinute || toMinute > 1440))
    throw new Error('Business hours begin before they end, within one day.')
  const days = openWorkingDays(calendar)
  const week = new Map<number, DayHours>(hours.map((one) => [one.weekday, one]))
  const openOn = (day: number): OpenHours | null => {
    // 1970-01-01 was a Thursday.
    const open = days.isWorking(day) ? week.get(((((day + 3) % 7) + 7) % 7) + 1) : undefined
    if (open === undefined) return null
    const end = open.toMinute === 1440 ? days.startOf(day + 1) : days.hourOf(day, open.toMinute / 60)
    return { fromMs: days.hourOf(day, open.fromMinute / 60).getTime(), toMs: end.getTime() }
  }
  // Many spans share their days, and asking the zone for the hours of one is what costs.
  const known = new Map<number, OpenHours | null>()
  const secondsOn = (day: number, from: Date, to: Date): number => {
    const open = known.has(day) ? known.get(day) : openOn(day)
    known.set(day, open ?? null)
    if (open === null || open === undefined) return 0
    return Math.max(0, Math.min(open.toMs, to.getTime()) - Math.max(open.fromMs, from.getTime())) / 1000
  }
  return (from, to) => {
    if (to < from) return null
    let seconds = 0
    const last = days.dayOf(to)
    for (let day = days.dayOf(from); day <= last; day += 1) seconds += secondsOn(day, from, to)
    return seconds
  }
}
