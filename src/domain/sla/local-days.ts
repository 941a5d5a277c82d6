/**
 * The days of one time zone, numbered from 1970-01-01 as 0. A day is the half-open range between its start and the next
 * one: 23 or 25 hours where clocks are changed, and empty where a zone skipped it.
 */
export type LocalDays = {
  dayOf: (at: Date) => number
  startOf: (day: number) => Date
  /** The first moment of a day at which the clocks show the hour or, where they leave it out, more. */
  hourOf: (day: number, hour: number) => Date
}

const dayMs = 24 * 3600_000

/** Whether the text names a time zone of the IANA database, such as `Europe/Berlin`. */
export function isTimeZone(text: string): boolean {
  try {
    // An offset such as +02:00 is accepted too, but knows no summer time: it would be wrong for half a year.
    return !/^[+-]/.test(text) && Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** Opens the days of a zone. Throws a RangeError for a name `isTimeZone` refuses. Costly: open it once for many questions. */
export function openLocalDays(timeZone: string): LocalDays {
  const wallClock = openWallClock(timeZone)
  const starts = new Map<number, number>()
  const dayAt = (atMs: number) => Math.floor(wallClock(atMs) / dayMs)
  const offset = (atMs: number) => wallClock(atMs) - atMs
  const findMoment = (shown: number) => {
    // Clocks change once at most around a moment: it is right by the offset of the day before or of the day after. Where it
    // is left out, the one before points to the moment of the change, and that is where it would have been.
    const [first, second] = [shown - offset(shown - dayMs), shown - offset(shown + dayMs)].toSorted((a, b) => a - b)
    return first !== undefined && wallClock(first) >= shown ? first : (second ?? shown)
  }
  const findStart = (day: number) => findMoment(day * dayMs)
  const startAt = (day: number) => {
    const start = starts.get(day) ?? findStart(day)
    starts.set(day, start)
    return start
  }
  return {
    // By the starts of days, which are few and remembered: asking the zone for each of very many moments is what costs.
    dayOf: (at) => {
      const atMs = at.getTime()
      const near = Math.floor(atMs / dayMs)
      const found = [near, near - 1, near + 1].find((day) => startAt(day) <= atMs && atMs < startAt(day + 1))
      return found ?? dayAt(atMs)
    },
    startOf: (day) => new Date(startAt(day)),
    hourOf: (day, hour) => new Date(findMoment(day * dayMs + hour * 3600_000)),
  }
}

/** What the clocks of a zone show, as the milliseconds at which UTC would show the same. */
function openWallClock(timeZone: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (atMs) => {
    const shown = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]))
    const read = (type: Intl.DateTimeFormatPartTypes) => shown.get(type) ?? 0
    return (
      Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second')) +
      (((atMs % 1000) + 1000) % 1000)
    )
  }
}
