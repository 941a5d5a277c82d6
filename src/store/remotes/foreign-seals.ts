import type { Pool } from 'pg'

/**
 * How many credentials of live connections are sealed with none of these keys (their ids are in the records): more than
 * none after a restore without the key of that time. Spans organizations and names none.
 */
export async function countForeignSeals(pool: Pool, keyIds: readonly string[]): Promise<number> {
  const found = await pool.query<{ count: number }>(
    `select count(*) as count from connection
     where state <> 'disconnected' and starts_with(sealed_credential, 'v1.')
       and split_part(sealed_credential, '.', 2) <> all($1::text[])`,
    [keyIds],
  )
  return found.rows[0]?.count ?? 0
}
