import { sql } from 'kysely'
import { isDue, latestNextAttempt } from '../sync/due.ts'

/** How long a connection still has to leave the remote in peace, in milliseconds; 0 for not at all. */
export function remainingPauseMs(pausedUntil: Date | null, now: Date): number {
  return pausedUntil === null || isDue(pausedUntil, now) ? 0 : pausedUntil.getTime() - now.getTime()
}

/** The same as a condition on the table `connection`: it may ask its remote, which is not known to be out of reach. */
export function isNotPaused(now: Date) {
  return sql<boolean>`((connection.paused_until is null or connection.paused_until <= ${now}::timestamptz
    or connection.paused_until > ${latestNextAttempt(now)}::timestamptz)
    and (connection.probe_at is null or connection.probe_at <= ${now}::timestamptz
    or connection.probe_at > ${latestNextAttempt(now)}::timestamptz))`
}
