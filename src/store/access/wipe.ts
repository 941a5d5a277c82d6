import { sql } from 'kysely'
import type { Db } from '../db.ts'

export async function hasRealOrganization(tx: Db): Promise<boolean> {
  const row = await tx
    .selectFrom('organization')
    .select('organization_id')
    .where('is_demo', '=', false)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Empties every table but the record of migrations, and the queue. */
export async function emptyEverything(tx: Db): Promise<void> {
  const tables = await sql<{ name: string }>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname = 'public' and tablename <> 'weir_migration' order by 1`.execute(tx)
  const names = tables.rows.map(({ name }) => name).join(', ')
  await sql`truncate ${sql.raw(names)}`.execute(tx)
  await sql`delete from pgboss.job`.execute(tx)
}
