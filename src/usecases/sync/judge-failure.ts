import * as z from 'zod'
import { backOffS } from '../../domain/back-off.ts'
import { type AppError, isAppError } from '../../lib/app-error.ts'

/** `waiting`: something has to change at the connection first. `queued`: time alone may help. `unmade`: nothing was tried. */
export type FailureVerdict =
  | { kind: 'later'; state: 'queued' | 'waiting'; code: string; sentence: string; seconds: number; unmade?: boolean }
  | { kind: 'failed'; code: string; sentence: string }

/** Attempts at something that fails for no known reason before a person is asked. */
const bugAttempts = 8
/** Seconds between looks at work whose connection cannot work; renewing the connection wakes it at once. */
const waitingS = 15
/** Seconds a remote can make one piece of work wait: a header of thirty years must not strand it. */
const longestPauseS = 24 * 3600
/** Seconds between tries of what our account is not allowed to do: rights change rarely. */
const forbiddenS = 600

/** What a failed attempt means, outbound and inbound alike: again after a pause, wait for the connection, or over. */
export function judgeFailure(error: unknown, attempts: number): FailureVerdict {
  const seconds = backOffS(attempts)
  if (!isAppError(error)) {
    const internal = { code: 'internal', sentence: 'Something went wrong inside Weir. The log has the details.' }
    if (attempts >= bugAttempts) return { kind: 'failed', ...internal }
    return { kind: 'later', state: 'queued', ...internal, seconds }
  }
  const base = { code: error.code, sentence: error.detail }
  switch (error.code) {
    case 'remote_unauthorized':
    case 'credential_rejected':
    // Disconnected: its work waits for the day it is connected again.
    case 'conflict':
      return { kind: 'later', state: 'waiting', ...base, seconds: waitingS }
    case 'scope_missing':
    case 'remote_forbidden':
      return { kind: 'later', state: 'waiting', ...base, seconds: forbiddenS }
    case 'remote_rate_limited':
      // Our own budget, or a pause the remote asked for before: it was not even asked.
      return {
        kind: 'later',
        state: 'queued',
        ...base,
        seconds: retryAfterS(error),
        ...(error.meta?.['untried'] === true && { unmade: true }),
      }
    case 'remote_unavailable': {
      const heldS = readHeldS(error)
      if (heldS === undefined) return { kind: 'later', state: 'queued', ...base, seconds }
      return { kind: 'later', state: 'waiting', ...base, seconds: heldS, unmade: true }
    }
    case 'remote_invalid_answer':
      if (attempts >= bugAttempts) return { kind: 'failed', ...base }
      return { kind: 'later', state: 'queued', ...base, seconds }
    default:
      return error.retryable ? { kind: 'later', state: 'queued', ...base, seconds } : { kind: 'failed', ...base }
  }
}

/** Seconds for which a connection that is out of reach holds its work; undefined when the remote was asked. */
function readHeldS(error: AppError): number | undefined {
  return z.number().positive().safeParse(error.meta?.['held_s']).data
}

function retryAfterS(error: AppError): number {
  const parsed = z.number().positive().safeParse(error.meta?.['retry_after_s'])
  return parsed.success ? Math.min(parsed.data, longestPauseS) : 60
}
