import { isTimeZone, type LocalDays, openLocalDays } from './local-days.ts'

/** Days of the week as ISO 8601 numbers them: Monday is 1, Sunday 7. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

/** When an organization works. `holidays` are dates like 2027-12-24, in the zone. */
export type WorkingCalendar = {
  timeZone: string
  workingDays: readonly Weekday[]
  holidays: readonly string[]
}

/** The days of a calendar's zone, and which of them count. */
export type WorkingDays = LocalDays & { isWorking: (day: number) => boolean }

const dayMs = 24 * 3600_000

/** What is wrong with a calendar, in a sentence; undefined for one that can be opened. */
export function findCalendarFault({ timeZone, workingDays, holidays }: WorkingCalendar): string | undefined {
  if (!isTimeZone(timeZone)) return `There is no time zone “${timeZone}”. Zones have names such as Europe/Berlin.`
  if (workingDays.length === 0) return 'A week without a working day has no deadlines.'
  const strange = holidays.find((holiday) => readDay(holiday) === undefined)
  return strange === undefined ? undefined : `“${strange}” is no date. Dates are written like 2027-12-24.`
}

/** Opens a calendar, once for many questions. Throws an Error for one `findCalendarFault` finds a fault in. */
export function openWorkingDays(calendar: WorkingCalendar): WorkingDays {
  const fault = findCalendarFault(calendar)
  if (fault !== undefined) throw new Error(fault)
  const holidays = new Set(calendar.holidays.map(readDay))
  const week = new Set<number>(calendar.workingDays)
  return {
    ...openLocalDays(calendar.timeZone),
    // 1970-01-01 was a Thursday.
    isWorking: (day) => week.has(((((day + 3) % 7) + 7) % 7) + 1) && !holidays.has(day),
  }
}

/** The number of a day written as a date; undefined for what is none, as 2027-02-30 is. */
function readDay(date: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return undefined
  const atMs = Date.parse(`${date}T00:00:00Z`)
  return Number.isNaN(atMs) || new Date(atMs).toISOString().slice(0, 10) !== date ? undefined : atMs / dayMs
}
