import { backOffS } from '../back-off.ts'

/** Attempts after which an event is given up and the next one has its turn: some six hours. */
export const mostAttempts = 16

/** A webhook that has failed for as long, without one success, is disabled, in milliseconds. */
const disabledAfterMs = 3 * 24 * 3600_000
const longestWaitS = 24 * 3600

/** What became of one attempt: the status that was answered, or null where nothing was, and how long to wait at least. */
export type Attempt = {
  status: number | null
  retryAfterS: number | undefined
  /** This one counted. */
  attempts: number
  failingSince: Date | null
  now: Date
  /** From 0 to 1: spreads attempts that failed together. */
  chance: number
}

/** What follows from an attempt. `disable` says why in a sentence. */
export type AttemptVerdict =
  | { kind: 'delivered' }
  | { kind: 'again'; at: Date; disable: string | null }
  /** Given up; the next event is tried after the same pause. */
  | { kind: 'failed'; at: Date; disable: string | null }

/** Judges an attempt: 2xx is delivered, 410 disables at once, anything else is tried again, later each time. */
export function judgeAttempt(attempt: Attempt): AttemptVerdict {
  const { status, attempts, failingSince, now } = attempt
  if (status !== null && status >= 200 && status < 300) return { kind: 'delivered' }
  const waitS = Math.max(backOffS(attempts) * (0.75 + attempt.chance / 2), attempt.retryAfterS ?? 0)
  const at = new Date(now.getTime() + Math.min(waitS, longestWaitS) * 1000)
  const isLong = failingSince !== null && now.getTime() - failingSince.getTime() >= disabledAfterMs
  const disable =
    status === 410
      ? 'The receiver answered 410: it wants no more of these.'
      : isLong
        ? 'Nothing could be delivered for three days.'
        : null
  return { kind: attempts >= mostAttempts ? 'failed' : 'again', at, disable }
}
