import { badRequest } from '../jira-error.ts'
import type { Value } from './parse-jql.ts'

const unitMs: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** Milliseconds a time zone is ahead of UTC at a moment. */
function offsetMs(timeZone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at)
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT'
  const found = /([+-])(\d\d):(\d\d)/.exec(name)
  if (found === null) return 0
  const minutes = Number(found[2]) * 60 + Number(found[3])
  return (found[1] === '-' ? -minutes : minutes) * 60_000
}

/** The moment a wall clock in a time zone shows these numbers. */
function fromWallClock(utcNumbers: number, timeZone: string): number {
  return utcNumbers - offsetMs(timeZone, utcNumbers - offsetMs(timeZone, utcNumbers))
}

function relative(text: string, from: number): number | undefined {
  if (!/^[+-]?\d+[mhdw](?:\s+\d+[mhdw])*$/.test(text)) return undefined
  const sign = text.startsWith('-') ? -1 : 1
  let sum = 0
  for (const [, count, unit] of text.matchAll(/(\d+)([mhdw])/g)) sum += Number(count) * (unitMs[unit ?? ''] ?? 0)
  return from + sign * sum
}

function absolute(text: string, timeZone: string): number | undefined {
  const found = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?: (\d{1,2}):(\d{2}))?$/.exec(text)
  if (found === null) return undefined
  const [year, month, day, hour, minute] = found.slice(1).map((part) => Number(part ?? 0))
  const numbers = Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0)
  return fromWallClock(numbers, timeZone)
}

interface Clock {
  now: number
  /** Of the caller: what dates without a zone mean. */
  timeZone: string
}

function startOfDay({ now, timeZone }: Clock): number {
  const local = now + offsetMs(timeZone, now)
  return fromWallClock(Math.floor(local / 86_400_000) * 86_400_000, timeZone)
}

/** A date value of JQL in milliseconds: relative (`-5m`), absolute to the minute, or a function. Throws Jira's 400. */
export function readMoment(value: Value, field: string, clock: Clock): number {
  if (value.kind === 'call') {
    const shift = value.args[0]
    const start = { now: clock.now, startofday: startOfDay(clock), endofday: startOfDay(clock) + 86_399_999 }[
      value.name.toLowerCase()
    ]
    if (start === undefined) throw badRequest(`Unable to find JQL function '${value.name}()'.`)
    if (shift === undefined) return start
    const moved = relative(/[mhdw]$/.test(shift) ? shift : `${shift}d`, start)
    if (moved !== undefined) return moved
  } else if (value.kind === 'text') {
    const moment = relative(value.text, clock.now) ?? absolute(value.text, clock.timeZone)
    if (moment !== undefined) return moment
  }
  const text = value.kind === 'text' ? value.text : value.kind
  throw badRequest(
    `Date value '${text}' for field '${field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.`,
  )
}
