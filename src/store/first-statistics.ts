import { sql } from 'kysely'
import type { Db } from './db.ts'

/** As many rows as PostgreSQL waits for with its own statistics. */
const rowsAtLeast = 50

/**
 * Takes statistics of tables that have rows and none yet. PostgreSQL does so by itself, a minute after they were filled: a
 * first reading fills them in seconds, and a statement that begins then is planned as if each held one row. Answers the
 * names of those tables.
 */
export async function takeFirstStatistics(db: Db): Promise<string[]> {
  const found = await sql<{ name: string }>`
    select s.relname as name from pg_stat_user_tables s
    where s.schemaname = current_schema() and s.n_live_tup >= ${rowsAtLeast}
      and not exists (select from pg_stats c where c.schemaname = s.schemaname and c.tablename = s.relname)
    order by 1`.execute(db)
  for (const { name } of found.rows) await sql`analyze ${sql.table(name)}`.execute(db)
  return found.rows.map(({ name }) => name)
}
