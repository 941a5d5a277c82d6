import { Tooltip } from '@mantine/core'
import { useEffect, useState } from 'react'

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'long' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const hour = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' })
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'long' })

/** Units with their length in seconds, and how many of them make the next one. */
const steps: readonly [Intl.RelativeTimeFormatUnit, number, number][] = [
  ['minute', 60, 60],
  ['hour', 3600, 24],
  ['day', 86_400, 7],
  ['week', 604_800, 4.3],
  ['month', 2_628_000, 12],
  ['year', 31_536_000, Infinity],
]

/** `3 minutes ago`, `in 2 days`, rounded to the nearest; less than a minute is `now`. */
export function formatRelative(at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1000
  if (Math.abs(seconds) < 60) return relative.format(0, 'second')
  for (const [unit, size, limit] of steps) {
    const amount = Math.round(seconds / size)
    if (Math.abs(amount) < limit) return relative.format(amount, unit)
  }
  return formatDay(at.toISOString())
}

export function formatDay(at: string): string {
  return day.format(new Date(at))
}

/** `17:40`, with the day where it is not today: `17:40 on Tuesday`, `17:40 on 3 Mar 2026`. */
export function formatHour(at: Date, now: Date): string {
  if (at.toDateString() === now.toDateString()) return hour.format(at)
  const days = (at.getTime() - now.getTime()) / 86_400_000
  return `${hour.format(at)} on ${days < 6 ? weekday.format(at) : day.format(at)}`
}

const tickMs = 30_000

/** The present, looked at again twice a minute. */
export function useNow(): Date {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), tickMs)
    return () => clearInterval(timer)
  }, [])
  return now
}

/** Relative time; the exact one with its zone on hover, focus and for screen readers. */
export function TimeAgo({ at }: { readonly at: string }) {
  const now = useNow()
  const date = new Date(at)
  return (
    <Tooltip label={exact.format(date)}>
      {/* Focusable, so that the exact time is not only for those with a mouse. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the exact time shows on focus, too */}
      <time dateTime={at} tabIndex={0} className="nowrap">
        {formatRelative(date, now)}
      </time>
    </Tooltip>
  )
}
