import { hash } from 'node:crypto'
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import { DatabaseError, type Pool, type PoolClient } from 'pg'

/** Statements a connection keeps at most, so that texts that vary do not fill the server's memory. */
const keptAtMost = 300

/**
 * The same connections, on which every statement with parameters is prepared once and planned no more: for work that asks
 * the same few things all day. Not for questions whose best plan depends on what is asked for, as filters of lists do.
 */
export function createPreparingPool(pool: Pool): PostgresPool {
  const names = new Map<string, string>()
  const nameOf = (text: string): string | undefined => {
    const known = names.get(text)
    if (known !== undefined || names.size >= keptAtMost) return known
    const name = `weir ${hash('sha256', text, 'base64url').slice(0, 22)}`
    names.set(text, name)
    return name
  }
  const clients = new WeakMap<PoolClient, PostgresPoolClient>()
  return {
    connect: async () => {
      const client = await pool.connect()
      const known = clients.get(client) ?? prepareOn(client, nameOf)
      clients.set(client, known)
      return known
    },
    // The connections are not its own.
    end: async () => undefined,
    options: pool.options,
  }
}

/** A migration changed what a prepared statement answers, so that the connection is given up. */
const planNoLongerFits = '0A000'

function prepareOn(client: PoolClient, nameOf: (text: string) => string | undefined): PostgresPoolClient {
  let isOutdated = false
  const send = async (text: string, values: readonly unknown[], name?: string) => {
    const answer = await client.query({ text, values: [...values], ...(name !== undefined && { name }) })
    return { command: toCommand(answer.command), rowCount: answer.rowCount ?? 0, rows: answer.rows }
  }
  const ask = async (text: string, values: readonly unknown[]) => {
    try {
      return await send(text, values, values.length === 0 ? undefined : nameOf(text))
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.code !== planNoLongerFits) throw error
      isOutdated = true
      // Nothing was carried out. Inside a transaction, which is over by that, whoever began it has to begin again.
      return send(text, values).catch(() => Promise.reject(error))
    }
  }
  function query<Row>(text: string, values: readonly unknown[]): Promise<PostgresQueryResult<Row>>
  function query<Row>(cursor: PostgresCursor<Row>): PostgresCursor<Row>
  function query(text: unknown, values: readonly unknown[] = []): unknown {
    if (typeof text !== 'string') throw new TypeError('Cursors are not prepared.')
    return ask(text, values)
  }
  return { query, release: (destroy) => client.release(destroy === true || isOutdated) }
}

type Command = PostgresQueryResult<unknown>['command']
const commands: readonly Command[] = ['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COMMIT', 'ROLLBACK']

/** Those that Kysely tells apart; all others answer rows. */
function toCommand(tag: string): Command {
  return commands.find((command) => command === tag) ?? 'SELECT'
}
