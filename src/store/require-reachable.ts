import type { Pool } from 'pg'
import { AppError } from '../lib/app-error.ts'

/** What decides whether Weir can work on a server and database. `version` is PostgreSQL's `server_version_num`. */
export type DatabaseFacts = {
  version: number
  version_text: string
  encoding: string
  is_replica: boolean
  user: string
  database: string
  has_tables: boolean
  has_queue: boolean
  may_make_tables: boolean
  may_make_schemas: boolean
}

const oldestVersion = 150_000

const factsQuery = `
  select current_setting('server_version_num')::integer as version, current_setting('server_version') as version_text,
    current_setting('server_encoding') as encoding, pg_is_in_recovery() as is_replica,
    current_user::text as "user", current_database()::text as database,
    to_regclass('public.weir_migration') is not null as has_tables, to_regnamespace('pgboss') is not null as has_queue,
    coalesce(has_schema_privilege(to_regnamespace('public'), 'create'), false) as may_make_tables,
    has_database_privilege(current_database(), 'create') as may_make_schemas`

/** Throws `unavailable` with a reason an administrator can act on when the database cannot be reached or cannot serve Weir. */
export async function requireReachable(pool: Pool): Promise<void> {
  const facts = await readFacts(pool)
  const problem = facts === undefined ? undefined : findProblem(facts)
  if (problem !== undefined) throw new AppError('unavailable', problem)
}

async function readFacts(pool: Pool): Promise<DatabaseFacts | undefined> {
  try {
    const found = await pool.query<DatabaseFacts>(factsQuery)
    return found.rows[0]
  } catch (error) {
    throw new AppError(
      'unavailable',
      `The database cannot be reached (${reasonOf(error)}). Check DATABASE_URL, and that PostgreSQL runs and lets us in.`,
      { cause: error },
    )
  }
}

/** Why Weir cannot work on such a database, and what to do; undefined when it can. */
export function findProblem(facts: DatabaseFacts): string | undefined {
  const { version, version_text: text, encoding, is_replica: isReplica, user, database } = facts
  if (version < oldestVersion) return `The database server is PostgreSQL ${text}; Weir needs 15 or later.`
  if (encoding !== 'UTF8')
    return `The database ${database} is encoded in ${encoding}; Weir needs UTF8: CREATE DATABASE ${database} ENCODING 'UTF8' TEMPLATE template0.`
  if (isReplica) return 'The database server is a read-only replica. Let DATABASE_URL name the primary.'
  const grants = [
    ...(facts.has_tables || facts.may_make_tables ? [] : [`GRANT CREATE ON SCHEMA public TO "${user}"`]),
    ...(facts.has_queue || facts.may_make_schemas ? [] : [`GRANT CREATE ON DATABASE "${database}" TO "${user}"`]),
  ]
  if (grants.length === 0) return undefined
  return `The user ${user} may not make Weir's tables in the database ${database}. As an administrator run there: ${grants.join('; ')}.`
}

/** A host with several addresses fails once for each, together without a message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return reasonOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
