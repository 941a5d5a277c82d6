import { type Insertable, sql } from 'kysely'
import type { DatedGoal } from '../../domain/delivery/rate-by-goal.ts'
import type { Db } from '../db.ts'
import type { MetricGoalTable } from '../schema.gen.ts'

export type StoredGoal = DatedGoal & { key: string; memberName: string }

/** Goals of one figure, or of all, latest first. */
export async function listGoals(
  db: Db,
  { organizationId, key }: { organizationId: string; key?: string },
): Promise<StoredGoal[]> {
  const found = await sql<StoredGoal>`
    select metric_key as key, valid_from::text as "validFrom", target, amber, member_name as "memberName"
    from metric_goal where organization_id = ${organizationId}::uuid
      ${key === undefined ? sql`` : sql`and metric_key = ${key}`} order by metric_key, valid_from desc`.execute(db)
  return found.rows
}

/** Sets a goal from a day on; the one of the same day is replaced, and no other. */
export async function putGoal(tx: Db, row: Insertable<MetricGoalTable>): Promise<void> {
  const { target, amber, member_name, set_at } = row
  await tx
    .insertInto('metric_goal')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'metric_key', 'valid_from'])
        .doUpdateSet({ target: target ?? null, amber: amber ?? null, member_name, set_at }),
    )
    .execute()
}
