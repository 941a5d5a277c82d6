import type { Pool } from 'pg'
import { AppError } from '../lib/app-error.ts'

/**
 * Throws `database_in_use` while another process of Weir is connected to the database. Every connection of ours carries
 * a name that begins with `weir`; a pool with more than one open connection would see itself.
 */
export async function refuseRunning(pool: Pool): Promise<void> {
  const found = await pool.query<{ connections: number }>(
    `select count(*) as connections from pg_stat_activity
     where datname = current_database() and starts_with(application_name, 'weir') and pid <> pg_backend_pid()`,
  )
  if (found.rows[0]?.connections === 0) return
  throw new AppError(
    'database_in_use',
    'A Weir is running on this database. Stop it, its workers and commands, then try again.',
  )
}
