import { Tooltip } from '@mantine/core'
import { useEffect, useState } from 'react'

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'long' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

/** `3 minutes ago`, `in 2 days`; less than a minute is `now`. */
export function formatRelative(at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1000
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit)
  }
  return relative.format(0, 'second')
}

export function formatDay(at: string): string {
  return day.format(new Date(at))
}

const tickMs = 30_000

function useNow(): Date {
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
