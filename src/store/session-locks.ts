import type { Log } from '../lib/log.ts'
import { type LockSession, openLockSession } from './lock-session.ts'

/** `lost` is aborted when the session breaks: from then on somebody else may hold the lock, and nothing may be begun. */
type Work<Value> = (lost: AbortSignal) => Promise<Value>
type Outcome<Value> = { kind: 'ran'; value: Value } | { kind: 'busy' }

/**
 * Locks across all processes, held by one database session each: the moment a process dies, its locks are free.
 * They serialise work that talks to a remote, where a transaction must not stay open.
 */
export type SessionLocks = {
  /** Runs `work` under the lock, or answers `busy` at once when somebody holds it. */
  tryWith: <Value>(key: string, work: Work<Value>) => Promise<Outcome<Value>>
  /** Waits up to `waitMs` for the lock; `busy` when it did not come free, or the database did not answer by then. */
  withLock: <Value>(key: string, waitMs: number, work: Work<Value>) => Promise<Outcome<Value>>
  close: () => Promise<void>
}

export type SessionLocksOptions = {
  databaseUrl: string
  log: Log
  /** A connection that is silent for longer is lost; default 5 s. */
  answerWithinMs?: number
  /** Between looks at the connection while locks are held; default 10 s. */
  lookEveryMs?: number
}

const pollMs = 25

/** Locks over a connection of their own to `databaseUrl`, opened at the first use and again when it breaks. */
export function createSessionLocks(options: SessionLocksOptions): SessionLocks {
  const { acquire, release, close } = createHolder(options)
  const run = async <Value>(key: string, session: LockSession, work: Work<Value>): Promise<Outcome<Value>> => {
    try {
      return { kind: 'ran', value: await work(session.lost) }
    } finally {
      await release(key, session)
    }
  }
  /** For as long as somebody waits: a lock that comes later is given back. */
  const acquireWithin = async (key: string, ms: number): Promise<LockSession | undefined> => {
    const asked = acquire(key)
    const late = Symbol('late')
    let timer: NodeJS.Timeout | undefined
    const waited = new Promise<typeof late>((resolve) => {
      timer = setTimeout(() => resolve(late), ms)
    })
    const first = await Promise.race([asked, waited]).finally(() => clearTimeout(timer))
    if (first !== late) return first
    asked.then(
      (session) => session && release(key, session),
      (error: unknown) => options.log.warn({ err: error }, 'a lock was asked for in vain'),
    )
    return undefined
  }
  return {
    tryWith: async (key, work) => {
      const session = await acquire(key)
      return session === undefined ? { kind: 'busy' } : run(key, session, work)
    },
    withLock: async (key, waitMs, work) => {
      const until = performance.now() + waitMs
      for (;;) {
        const session = await acquireWithin(key, Math.max(until - performance.now(), pollMs))
        if (session !== undefined) return run(key, session, work)
        if (performance.now() > until) return { kind: 'busy' }
        await new Promise((resolve) => setTimeout(resolve, pollMs))
      }
    },
    close,
  }
}

/** What this process holds, and the session it holds it by. */
function createHolder({ databaseUrl, log, answerWithinMs = 5000, lookEveryMs = 10_000 }: SessionLocksOptions) {
  // Advisory locks are re-entrant within a session, so the process has to know what it holds itself.
  const held = new Set<string>()
  let session: Promise<LockSession> | undefined
  const limits = { answerWithinMs, lookEveryMs, isNeeded: () => held.size > 0 }
  const use = (): Promise<LockSession> => {
    if (session !== undefined) return session
    const onEnd = (): void => {
      if (session === opening) session = undefined
    }
    const opening = openLockSession({ databaseUrl, log, ...limits, onEnd }).catch((error: unknown) => {
      onEnd()
      throw error
    })
    session = opening
    return opening
  }
  return {
    acquire: async (key: string): Promise<LockSession | undefined> => {
      if (held.has(key)) return undefined
      held.add(key)
      let current: LockSession | undefined
      try {
        const asked = await use()
        if (await asked.tryLock(key)) current = asked
      } finally {
        if (current === undefined) held.delete(key)
      }
      return current
    },
    release: async (key: string, current: LockSession): Promise<void> => {
      await current.unlock(key)
      held.delete(key)
    },
    close: async (): Promise<void> => {
      const open = session
      session = undefined
      await (await open)?.close()
    },
  }
}
