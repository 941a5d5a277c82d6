import { sql } from 'kysely'
import type { Db } from '../src/store/db.ts'
import type { ListData } from './list-data.ts'

const open = sql`status in ('created', 'identified', 'in_progress', 'awaiting_validation')`

/** What the page asked for before counts were kept: a page in order, how many there are, and each facet, all by scans. */
export async function countPlainly(db: Db, { organizationId }: ListData): Promise<void> {
  const mine = sql`organization_id = ${organizationId}::uuid and merged_into is null`
  await sql`select id from vulnerability where ${mine} and ${open}
    order by array_position(array['critical', 'high', 'medium', 'low', 'notification'], severity), id limit 51`.execute(
    db,
  )
  await Promise.all([
    sql`select count(*) from vulnerability where ${mine} and ${open}`.execute(db),
    sql`select severity, count(*) from vulnerability where ${mine} and ${open} group by 1`.execute(db),
    sql`select status, count(*) from vulnerability where ${mine} group by 1`.execute(db),
    sql`select scanner, count(*) from vulnerability where ${mine} and ${open} group by 1`.execute(db),
  ])
}
