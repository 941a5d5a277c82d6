import { Client, DatabaseError } from 'pg'
import { AppError } from '../lib/app-error.ts'
import type { Log } from '../lib/log.ts'
import { keepAlive } from './keep-alive.ts'

/** One connection that holds locks. */
export type LockSession = {
  tryLock: (key: string) => Promise<boolean>
  unlock: (key: string) => Promise<void>
  /** Aborted when the connection breaks, or does not answer any more. */
  lost: AbortSignal
  close: () => Promise<void>
}

export type LockSessionOptions = {
  databaseUrl: string
  log: Log
  /** A statement that takes longer ends the session: these are answered from memory. */
  answerWithinMs: number
  /** Between looks whether the connection still answers, while `isNeeded`. */
  lookEveryMs: number
  isNeeded: () => boolean
  onEnd: () => void
}

/** The server as well notices within half a minute that we are gone; else it would keep our locks for hours. */
const noticeUs = `select set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false),
  set_config('tcp_keepalives_count', '3', false)`

/** Opens a session. Throws what `pg` throws when the server does not answer. */
export async function openLockSession(options: LockSessionOptions): Promise<LockSession> {
  const { databaseUrl, log, answerWithinMs, lookEveryMs, isNeeded, onEnd } = options
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'weir locks',
    ...keepAlive,
    connectionTimeoutMillis: answerWithinMs,
    query_timeout: answerWithinMs,
  })
  const lost = new AbortController()
  let looking: NodeJS.Timeout | undefined
  client.on('error', (error) => log.warn({ err: error }, 'the connection that holds locks broke'))
  client.on('end', () => {
    clearInterval(looking)
    onEnd()
    lost.abort(new AppError('unavailable', 'The database connection that guarded this work broke. It is tried again.'))
  })
  await client.connect()
  let turn: Promise<unknown> = Promise.resolve()
  // One statement after the other: a connection of PostgreSQL carries one at a time.
  const ask = async (statement: string, values: string[] = []): Promise<boolean> => {
    const answer = turn.then(() => client.query<{ ok: boolean }>(statement, values))
    turn = answer.catch(() => undefined)
    try {
      return (await answer).rows[0]?.ok === true
    } catch (error) {
      // No answer is no answer about the locks either: whoever holds one has to hear it.
      if (!(error instanceof DatabaseError)) void client.end()
      throw error
    }
  }
  await ask(noticeUs)
  const look = (): void => {
    if (isNeeded()) ask('select true as ok').catch((error: unknown) => log.warn({ err: error }, 'locks are lost'))
  }
  looking = setInterval(look, lookEveryMs).unref()
  return {
    tryLock: (key) => ask('select pg_try_advisory_lock(hashtextextended($1, 0)) as ok', [key]),
    unlock: async (key) => {
      // When the session is gone the lock is gone with it.
      await ask('select pg_advisory_unlock(hashtextextended($1, 0)) as ok', [key]).catch(() => false)
    },
    lost: lost.signal,
    close: async () => {
      clearInterval(looking)
      await client.end()
    },
  }
}
