import { DatabaseError } from 'pg'

/** The unique constraint or index that a row would break, by its name; undefined for any other failure. SQLSTATE 23505. */
export function violatedConstraint(error: unknown): string | undefined {
  return error instanceof DatabaseError && error.code === '23505' ? error.constraint : undefined
}
