import { openWorkingDays, type WorkingCalendar } from './working-days.ts'

/** Around the clock, or by working days: then a deadline is the end of one. */
export type SlaCalendar = { kind: 'elapsed' } | ({ kind: 'working_days' } & WorkingCalendar)

/** A half-open range of time in which a clock stands still. */
export type Pause = { from: Date; to: Date }

export type SlaTerm = { createdAt: Date; days: number; pauses: readonly Pause[] }

/** Both are the first moments of what comes then: at `dueAt` it is late. */
export type Deadline = { approachesAt: Date; dueAt: Date }

export type SlaClock = (term: SlaTerm) => Deadline

const dayMs = 24 * 3600_000
/** From this share of the time on a deadline approaches. */
const approachingShare = 0.75

/** Opens the clock of a calendar, once for many deadlines. Throws an Error for a calendar with a fault. */
export function openSlaClock(calendar: SlaCalendar): SlaClock {
  return calendar.kind === 'elapsed' ? elapsed : byWorkingDays(calendar)
}

/**
 * Every day is 24 hours. A pause that begins before the deadline moves it by the pause's length; one that begins at it or
 * later comes too late.
 */
function elapsed({ createdAt, days, pauses }: SlaTerm): Deadline {
  const stops = mergePauses(pauses, createdAt)
  const after = (lengthMs: number) => {
    let atMs = createdAt.getTime() + lengthMs
    for (const { from, to } of stops) {
      if (from.getTime() >= atMs) break
      atMs += to.getTime() - from.getTime()
    }
    return new Date(atMs)
  }
  return { approachesAt: after(days * dayMs * approachingShare), dueAt: after(days * dayMs) }
}

/**
 * The day of creation does not count, nor does a working day that ends in a pause: a pause moves the deadline by as many
 * working days as ended in it. Of the share that approaches whole days are counted, so that the call comes early.
 */
function byWorkingDays(calendar: WorkingCalendar): SlaClock {
  const { dayOf, startOf, isWorking } = openWorkingDays(calendar)
  const endOf = (day: number) => startOf(day + 1)
  // Without a pause all that were created on one day have the same deadlines: a walk over very many meets few of them.
  const known = new Map<string, Deadline>()
  const remember = (key: string, deadline: Deadline) => {
    if (known.size < 100_000) known.set(key, deadline)
    return deadline
  }
  const clock: SlaClock = ({ createdAt, days, pauses }) => {
    const stops = mergePauses(pauses, createdAt)
    const isPaused = (at: Date) => stops.some(({ from, to }) => from < at && at <= to)
    const after = (count: number) => {
      let day = dayOf(createdAt)
      for (let left = count; left > 0; ) {
        day += 1
        if (isWorking(day) && !isPaused(endOf(day))) left -= 1
      }
      return endOf(day)
    }
    return { approachesAt: after(Math.floor(days * approachingShare)), dueAt: after(days) }
  }
  return (term) => {
    if (term.pauses.length > 0) return clock(term)
    const key = `${dayOf(term.createdAt)} ${term.days}`
    return known.get(key) ?? remember(key, clock(term))
  }
}

/** Pauses in order, those that touch as one, without what lies before creation. */
function mergePauses(pauses: readonly Pause[], createdAt: Date): Pause[] {
  const merged: Pause[] = []
  for (const pause of pauses.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    const from = pause.from < createdAt ? createdAt : pause.from
    if (pause.to <= from) continue
    const last = merged.at(-1)
    if (last === undefined || last.to < from) merged.push({ from, to: pause.to })
    else if (last.to < pause.to) last.to = pause.to
  }
  return merged
}
