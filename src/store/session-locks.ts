import { Client } from 'pg'
import { AppError } from '../lib/app-error.ts'
import type { Log } from '../lib/log.ts'

/** `lost` is aborted when the session breaks: from then on somebody else may hold the lock, and nothing may be begun. */
type Work<Value> = (lost: AbortSignal) => Promise<Value>
type Outcome<Value> = { kind: 'ran'; value: Value } | { kind: 'busy' }
type Session = {
  /** Runs a statement that answers `ok`. */
  ask: (statement: string, key: string) => Promise<boolean>
  lost: AbortSignal
  close: () => Promise<void>
}

/**
 * Locks across all processes, held by one database session each: the moment a process dies, its locks are free.
 * They serialise work that talks to a remote, where a transaction must not stay open.
 */
export type SessionLocks = {
  /** Runs `work` under the lock, or answers `busy` at once when somebody holds it. */
  tryWith: <Value>(key: string, work: Work<Value>) => Promise<Outcome<Value>>
  /** Waits up to `waitMs` for the lock; `busy` when it did not come free. */
  withLock: <Value>(key: string, waitMs: number, work: Work<Value>) => Promise<Outcome<Value>>
  close: () => Promise<void>
}

const pollMs = 25

/** Locks over a connection of their own to `databaseUrl`, opened at the first use and again when it breaks. */
export function createSessionLocks({ databaseUrl, log }: { databaseUrl: string; log: Log }): SessionLocks {
  // Advisory locks are re-entrant within a session, so the process has to know what it holds itself.
  const held = new Set<string>()
  let session: Promise<Session> | undefined
  const forget = (): void => {
    session = undefined
  }
  const use = (): Promise<Session> => {
    session ??= openSession(databaseUrl, log, forget).catch((error: unknown) => {
      forget()
      throw error
    })
    return session
  }
  const tryWith: SessionLocks['tryWith'] = async (key, work) => {
    if (held.has(key)) return { kind: 'busy' }
    held.add(key)
    try {
      const current = await use()
      if (!(await current.ask('select pg_try_advisory_lock(hashtextextended($1, 0)) as ok', key)))
        return { kind: 'busy' }
      try {
        return { kind: 'ran', value: await work(current.lost) }
      } finally {
        // When the session is gone the lock is gone with it.
        await current.ask('select pg_advisory_unlock(hashtextextended($1, 0)) as ok', key).catch(() => false)
      }
    } finally {
      held.delete(key)
    }
  }
  return {
    tryWith,
    withLock: async (key, waitMs, work) => {
      const until = performance.now() + waitMs
      for (;;) {
        const outcome = await tryWith(key, work)
        if (outcome.kind === 'ran' || performance.now() > until) return outcome
        await new Promise((resolve) => setTimeout(resolve, pollMs))
      }
    },
    close: async () => {
      const open = session
      forget()
      await (await open)?.close()
    },
  }
}

async function openSession(databaseUrl: string, log: Log, onEnd: () => void): Promise<Session> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'weir locks', keepAlive: true })
  const lost = new AbortController()
  client.on('error', (error) => log.warn({ err: error }, 'the connection that holds locks broke'))
  client.on('end', () => {
    onEnd()
    lost.abort(new AppError('unavailable', 'The database connection that guarded this work broke. It is tried again.'))
  })
  await client.connect()
  let turn: Promise<unknown> = Promise.resolve()
  return {
    // One statement after the other: a connection of PostgreSQL carries one at a time.
    ask: async (statement, key) => {
      const answer = turn.then(() => client.query<{ ok: boolean }>(statement, [key]))
      turn = answer.catch(() => undefined)
      return (await answer).rows[0]?.ok === true
    },
    lost: lost.signal,
    close: () => client.end(),
  }
}
