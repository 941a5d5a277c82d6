import type { Pool } from 'pg'
import { AppError } from '../lib/app-error.ts'

/** Throws `unavailable` with the server's or the network's own reason when no connection can be made. */
export async function requireReachable(pool: Pool): Promise<void> {
  try {
    const client = await pool.connect()
    client.release()
  } catch (error) {
    throw new AppError(
      'unavailable',
      `The database cannot be reached (${reasonOf(error)}). Check DATABASE_URL, and that PostgreSQL runs and lets us in.`,
      { cause: error },
    )
  }
}

/** A host with several addresses fails once for each, together without a message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return reasonOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
