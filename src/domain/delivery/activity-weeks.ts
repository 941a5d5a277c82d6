import { leastValues, summarise } from './statistics.ts'

/** What a person did in a week from a Monday, such as 2027-01-04, by the clocks of their zone. */
export type PersonWeek = {
  personId: string
  week: string
  /** Different dates on which they did anything; 1 to 7. */
  days: number
  events: number
  /** Events outside their team's hours, those on free days among them. */
  outOfHours: number
  /** Events on days on which their team does not work: by the week or by a holiday. */
  onFreeDays: number
}

/** Null: of too few people, or of nothing. */
export type Activity = {
  people: number
  /** Person-weeks that are whole. */
  weeks: number | null
  events: number | null
  /** Median of active days of people in whole weeks in which they did anything. */
  daysAWeek: number | null
  /** Shares from 0 to 1. */
  outOfHours: number | null
  onFreeDays: number | null
}

/** Dates of the first and past the last day; a week is whole when it lies between them. */
export type Days = { from: string; to: string }

const dayMs = 24 * 3600_000

/**
 * What people did, as a whole. Of fewer than three people nothing but their number is told, so that no figure is one
 * person's. The order of weeks has no effect.
 */
export function summariseActivity(weeks: readonly PersonWeek[], { from, to }: Days): Activity {
  const people = new Set(weeks.map(({ personId }) => personId)).size
  const whole = weeks.filter(({ week }) => week >= from && nextWeek(week) <= to)
  const sum = (of: (week: PersonWeek) => number) => weeks.reduce((all, week) => all + of(week), 0)
  const events = sum((week) => week.events)
  if (people > 0 && people < leastValues)
    return { people, weeks: null, events: null, daysAWeek: null, outOfHours: null, onFreeDays: null }
  if (people === 0) return { people, weeks: 0, events: 0, daysAWeek: null, outOfHours: null, onFreeDays: null }
  return {
    people,
    weeks: whole.length,
    events,
    daysAWeek:
      whole.length < leastValues
        ? null
        : summarise(
            whole.map(({ days }) => days),
            'median',
          ),
    outOfHours: sum((week) => week.outOfHours) / events,
    onFreeDays: sum((week) => week.onFreeDays) / events,
  }
}

function nextWeek(monday: string): string {
  return new Date(Date.parse(`${monday}T00:00:00Z`) + 7 * dayMs).toISOString().slice(0, 10)
}
