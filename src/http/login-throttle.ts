import { AppError } from '../lib/app-error.ts'
import type { Clock } from '../lib/clock.ts'

/** Slows guessing down: after some failures the next try has to wait, longer each time, and a success wipes the slate. */
export type LoginThrottle = {
  /** Throws `rate_limited` with the seconds to wait. An unknown account is treated as a known one. */
  check: (account: string) => void
  recordFailure: (account: string) => void
  recordSuccess: (account: string) => void
  /**
   * One try from check to record. Tries of an account that are under way count as failures until they end, or a crowd
   * sent in one moment would pass before the first is judged. `isWrong` tells a wrong password from other trouble.
   */
  attempt: <Value>(of: Attempt, work: () => Promise<Value>) => Promise<Value>
}

type Attempt = { account: string; isWrong: (error: unknown) => boolean }

type Slate = { failures: number; lastAt: number }

const freeFailures = 5
const firstWaitMs = 5_000
const longestWaitMs = 15 * 60_000
const forgottenAfterMs = 60 * 60_000
/** Above this many accounts the oldest slates go; each costs an attacker five tries. */
const mostSlates = 50_000

export function createLoginThrottle(clock: Clock): LoginThrottle {
  const slates = new Map<string, Slate>()
  const underWay = new Map<string, number>()
  const throttle: Omit<LoginThrottle, 'attempt'> = {
    check: (account) => {
      const slate = slates.get(account.toLowerCase())
      if (slate === undefined) return
      const waitMs = slate.lastAt + waitAfter(slate.failures) - clock().getTime()
      if (waitMs > 0) throw tooMany(Math.ceil(waitMs / 1000))
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
  const attempt: LoginThrottle['attempt'] = async ({ account, isWrong }, work) => {
    throttle.check(account)
    const key = account.toLowerCase()
    const others = underWay.get(key) ?? 0
    const allowed = Math.max(1, freeFailures - (slates.get(key)?.failures ?? 0))
    if (others >= allowed) throw tooMany(1)
    underWay.set(key, others + 1)
    try {
      const value = await work()
      throttle.recordSuccess(account)
      return value
    } catch (error) {
      if (isWrong(error)) throttle.recordFailure(account)
      throw error
    } finally {
      const left = (underWay.get(key) ?? 1) - 1
      if (left <= 0) underWay.delete(key)
      else underWay.set(key, left)
    }
  }
  return { ...throttle, attempt }
}

function tooMany(seconds: number): AppError {
  return new AppError('rate_limited', `Too many failed logins. Try again in ${seconds} s.`, {
    meta: { retry_after_s: seconds },
  })
}

function waitAfter(failures: number): number {
  if (failures < freeFailures) return 0
  return Math.min(firstWaitMs * 2 ** (failures - freeFailures), longestWaitMs)
}
