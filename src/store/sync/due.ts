/** Nothing is put off by more than a day. What lies further ahead was written by a clock that was wrong. */
const putOffAtMostMs = 25 * 3_600_000

/** The latest time work may wait for; whatever waits for a later one is due. */
export function latestNextAttempt(now: Date): Date {
  return new Date(now.getTime() + putOffAtMostMs)
}

/** Whether an attempt set for `at` may be made; null is at once. */
export function isDue(at: Date | null, now: Date): boolean {
  return at === null || at <= now || at > latestNextAttempt(now)
}
