/** Moments are whole seconds since 1970 in all of `generate/`. */

export interface WorkingHours {
  /** Minutes east of Greenwich. */
  offsetMinutes: number
  /** Local hour the day begins at; 19 is a night owl. */
  startHour: number
  hoursPerDay: number
  /** 0 is Sunday. */
  weekdays: readonly number[]
  /** Days (since 1970, local) away, first and last. */
  vacations: readonly (readonly [number, number])[]
}

const daySeconds = 86_400

/** Month and day on which nobody of the invented company works. */
const holidays = ['01-01', '01-06', '05-01', '10-03', '12-24', '12-25', '12-26', '12-31']
const holidayDays = new Set(
  Array.from({ length: 25 }, (_, year) =>
    holidays.map((day) => Date.parse(`${2010 + year}-${day}`) / 86_400_000),
  ).flat(),
)

function works(who: WorkingHours, day: number): boolean {
  // 1970-01-01 was a Thursday.
  return (
    who.weekdays.includes((day + 4) % 7) &&
    !holidayDays.has(day) &&
    !who.vacations.some(([first, last]) => day >= first && day <= last)
  )
}

/** Begin and end of the working day that a moment lies in or that comes next. */
function workingDay(who: WorkingHours, moment: number): { begin: number; end: number } {
  const offset = who.offsetMinutes * 60
  // A night owl's day may have begun yesterday.
  for (let day = Math.floor((moment + offset) / daySeconds) - 1; ; day += 1) {
    const begin = day * daySeconds - offset + who.startHour * 3600
    const end = begin + who.hoursPerDay * 3600
    if (moment < end && works(who, day)) return { begin, end }
  }
}

/** The moment itself when somebody works then, else when they begin to. */
export function nextWorkingMoment(who: WorkingHours, moment: number): number {
  return Math.max(moment, workingDay(who, moment).begin)
}

/** When somebody is through with something that takes this much of their working time. */
export function afterWork(who: WorkingHours, moment: number, seconds: number): number {
  let at = moment
  for (let left = Math.max(1, Math.round(seconds)); ; ) {
    const { begin, end } = workingDay(who, at)
    at = Math.max(at, begin)
    if (at + left <= end) return at + left
    left -= end - at
    at = end
  }
}
