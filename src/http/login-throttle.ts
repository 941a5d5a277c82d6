import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'

/** Slows guessing down: after some failures the next try has to wait, longer each time, and a success wipes the slate. */
export type LoginThrottle = {
  /** Throws `rate_limited` with the seconds to wait. An unknown account is treated as a known one. */
  check: (account: string) => void
  recordFailure: (account: string) => void
  recordSuccess: (account: string) => void
}

type Slate = { failures: number; lastAt: number }

const freeFailures = 5
const firstWaitMs = 5_000
const longestWaitMs = 15 * 60_000
const forgottenAfterMs = 60 * 60_000
/** Above this many accounts the oldest slates go; each costs an attacker five tries. */
const mostSlates = 50_000

export function createLoginThrottle(clock: Clock): LoginThrottle {
  const slates = new Map<string, Slate>()
  return {
    check: (account) => {
      const slate = slates.get(account.toLowerCase())
      if (slate === undefined) return
      const waitMs = slate.lastAt + waitAfter(slate.failures) - clock().getTime()
      if (waitMs <= 0) return
      const seconds = Math.ceil(waitMs / 1000)
      throw new AppError('rate_limited', `Too many failed logins. Try again in ${seconds} s.`, {
        meta: { retry_after_s: seconds },
      })
    },
    recordFailure: (account) => {
      const key = account.toLowerCase()
      const now = clock().getTime()
      const before = slates.get(key)
      const failures = before === undefined || now - before.lastAt > forgottenAfterMs ? 1 : before.failures + 1
      slates.delete(key)
      slates.set(key, { failures, lastAt: now })
      const [oldest] = slates.keys()
      if (slates.size > mostSlates && oldest !== undefined) slates.delete(oldest)
    },
    recordSuccess: (account) => void slates.delete(account.toLowerCase()),
  }
}

function waitAfter(failures: number): number {
  if (failures < freeFailures) return 0
  return Math.min(firstWaitMs * 2 ** (failures - freeFailures), longestWaitMs)
}
