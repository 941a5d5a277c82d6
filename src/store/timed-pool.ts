import { type ClientConfig, Pool } from 'pg'

export type TimedPoolOptions = {
  /** How long a statement may take; what is asked later than that is not worth its answer. */
  statementMs: number
  connectMs: number
  /** Connections at most. */
  max: number
}

/**
 * A pool whose statements fail when they take longer than `statementMs`, and whose connections are destroyed then: an
 * answer that never came may still come, or the peer is gone without a word. For single statements that repeat well.
 */
export function createTimedPool(config: ClientConfig, { statementMs, connectMs, max }: TimedPoolOptions): Pool {
  const pool = new Pool({ ...config, max, query_timeout: statementMs, connectionTimeoutMillis: connectMs })
  // Before it decides whether to keep a connection, the pool asks whether it is ending. A statement that was refused may
  // not be over yet either: that costs a connection now and then.
  pool.on('release', (_error, client) => {
    if ('readyForQuery' in client && client.readyForQuery === false) void client.end()
  })
  return pool
}
