import { sql } from 'kysely'

/** Nobody is asked to wait longer (`pauseSeconds`): what says more was written while a clock was far ahead. */
const longestPauseMs = 24 * 3600 * 1000

/** How long a connection still has to leave the remote in peace, in milliseconds; 0 for not at all. */
export function remainingPauseMs(pausedUntil: Date | null, now: Date): number {
  const ms = (pausedUntil?.getTime() ?? 0) - now.getTime()
  return ms > longestPauseMs ? 0 : Math.max(0, ms)
}

/** The same as a condition on the table `connection`: it may ask its remote. */
export function isNotPaused(now: Date) {
  const latest = new Date(now.getTime() + longestPauseMs)
  return sql<boolean>`(connection.paused_until is null or connection.paused_until <= ${now}::timestamptz
    or connection.paused_until > ${latest}::timestamptz)`
}
