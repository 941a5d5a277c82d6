import { Client } from 'pg'
import type { Log } from '../lib/log.ts'

/**
 * Locks across all processes, held by one database session each: the moment a process dies, its locks are free.
 * They serialise work that talks to a remote, where a transaction must not stay open.
 */
export type SessionLocks = {
  /** Runs `work` under the lock, or answers `busy` at once when somebody holds it. */
  tryWith: <Value>(key: string, work: () => Promise<Value>) => Promise<{ kind: 'ran'; value: Value } | { kind: 'busy' }>
  /** Waits up to `waitMs` for the lock; `busy` when it did not come free. */
  withLock: <Value>(
    key: string,
    waitMs: number,
    work: () => Promise<Value>,
  ) => Promise<{ kind: 'ran'; value: Value } | { kind: 'busy' }>
  close: () => Promise<void>
}

const pollMs = 25

/** Locks over a connection of their own to `databaseUrl`, opened at the first use and again when it breaks. */
export function createSessionLocks({ databaseUrl, log }: { databaseUrl: string; log: Log }): SessionLocks {
  // Advisory locks are re-entrant within a session, so the process has to know what it holds itself.
  const held = new Set<string>()
  let client: Promise<Client> | undefined

  const open = async (): Promise<Client> => {
    const fresh = new Client({ connectionString: databaseUrl, application_name: 'weir locks', keepAlive: true })
    fresh.on('error', (error) => log.warn({ err: error }, 'the connection that holds locks broke'))
    fresh.on('end', () => {
      client = undefined
    })
    await fresh.connect()
    return fresh
  }
  const ask = async (statement: string, key: string): Promise<boolean> => {
    client ??= open().catch((error: unknown) => {
      client = undefined
      throw error
    })
    const answer = await (await client).query<{ ok: boolean }>(statement, [key])
    return answer.rows[0]?.ok === true
  }
  const tryWith: SessionLocks['tryWith'] = async (key, work) => {
    if (held.has(key)) return { kind: 'busy' }
    held.add(key)
    try {
      if (!(await ask('select pg_try_advisory_lock(hashtextextended($1, 0)) as ok', key))) return { kind: 'busy' }
      try {
        return { kind: 'ran', value: await work() }
      } finally {
        // When the session is gone the lock is gone with it.
        await ask('select pg_advisory_unlock(hashtextextended($1, 0)) as ok', key).catch(() => false)
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
      const open = client
      client = undefined
      await (await open)?.end()
    },
  }
}
