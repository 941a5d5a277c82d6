import { openLocalDays } from '../sla/local-days.ts'

export const intervals = ['day', 'week', 'month'] as const
export type Interval = (typeof intervals)[number]

/** A half-open range: `from` belongs to it, `to` does not. */
export type TimeRange = { from: Date; to: Date }

const dayMs = 24 * 3600_000

/**
 * Parts a range by the days, the weeks (from Monday) or the months of a time zone. Their edges are the zone's midnights,
 * so that a day has 23 or 25 hours where clocks are changed; the first and the last bucket end where the range does.
 * Empty for a range that is. Throws a RangeError for an unknown zone.
 */
export function listBuckets(range: TimeRange, interval: Interval, timeZone: string): TimeRange[] {
  const { from, to } = range
  if (from >= to) return []
  const days = openLocalDays(timeZone)
  const edges = [from]
  let day = nextEdge(days.dayOf(from), interval)
  for (let edge = days.startOf(day); edge < to; edge = days.startOf(day)) {
    if (edge > from && edge.getTime() !== edges.at(-1)?.getTime()) edges.push(edge)
    day = nextEdge(day, interval)
  }
  return edges.map((edge, index) => ({ from: edge, to: edges[index + 1] ?? to }))
}

/**
 * The range of the same length that ends where this one begins: as many days of the zone where both ends are midnights
 * there, so that a week with a change of clocks is compared with a week; else as many seconds.
 */
export function precedingRange({ from, to }: TimeRange, timeZone: string): TimeRange {
  const days = openLocalDays(timeZone)
  const [first, end] = [days.dayOf(from), days.dayOf(to)]
  const areMidnights = days.startOf(first).getTime() === from.getTime() && days.startOf(end).getTime() === to.getTime()
  if (areMidnights) return { from: days.startOf(first - (end - first)), to: from }
  return { from: new Date(from.getTime() - (to.getTime() - from.getTime())), to: from }
}

/** The number of the first day (from 1970-01-01 as 0) of the next interval after a day. */
function nextEdge(day: number, interval: Interval): number {
  switch (interval) {
    case 'day':
      return day + 1
    case 'week':
      // 1970-01-01 was a Thursday: day 4 was a Monday.
      return day + 7 - ((((day - 4) % 7) + 7) % 7)
    case 'month': {
      const date = new Date(day * dayMs)
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / dayMs
    }
    default: {
      const unheard: never = interval
      return unheard
    }
  }
}
