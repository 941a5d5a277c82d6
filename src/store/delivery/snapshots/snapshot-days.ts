import { sql } from 'kysely'
import type { Db } from '../../db.ts'

type Key = { organizationId: string }

/** Days before the last complete one that are kept. What is older is neither taken nor taken anew. */
export const snapshotDays = 400
/** The last days are looked at again each day: some figures need a day to be complete, such as who was reviewed within one. */
const settlingDays = 3

/** Organizations whose day is over and was not taken. `today` like 2026-05-20, in UTC. */
export async function listOrganizationsToSnapshot(db: Db, today: string): Promise<string[]> {
  const found = await sql<{ id: string }>`
    select o.organization_id as id from organization o
    left join metric_snapshot_state s on s.organization_id = o.organization_id
    where s.taken_at is null or s.taken_at < ${today}::date::timestamp at time zone 'UTC' order by 1`.execute(db)
  return found.rows.map(({ id }) => id)
}

/** False while another process takes the days of this organization. */
export async function lockSnapshots(tx: Db, { organizationId }: Key): Promise<boolean> {
  const key = `weir snapshots ${organizationId}`
  const found = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${key}, 0)) as mine`.execute(tx)
  return found.rows[0]?.mine === true
}

/** Marks the days that are over and were not taken, and those that may not have been complete: the first time all that are kept. */
export async function markEndedDays(tx: Db, { organizationId, today }: Key & { today: string }): Promise<void> {
  await sql`
    with former as (select taken_through from metric_snapshot_state where organization_id = ${organizationId}::uuid),
    day as (
      select generate_series(
        greatest(least(coalesce((select taken_through from former) + 1, '-infinity'), ${today}::date - ${settlingDays}::int),
          ${today}::date - ${snapshotDays}::int), ${today}::date - 1, interval '1 day')::date as day)
    insert into snapshot_day_to_take (organization_id, day) select ${organizationId}::uuid, day from day`.execute(tx)
  await sql`
    insert into metric_snapshot_state (organization_id, taken_through, taken_at)
    values (${organizationId}::uuid, ${today}::date - 1, 'epoch')
    on conflict (organization_id) do update set taken_through = excluded.taken_through`.execute(tx)
}

/** Takes the oldest marked days within a month of each other, ascending; empty for none. */
export async function takeMarkedDays(tx: Db, { organizationId, today }: Key & { today: string }): Promise<string[]> {
  const found = await sql<{ day: string }>`
    with oldest as (select min(day) as day from snapshot_day_to_take where organization_id = ${organizationId}::uuid),
    taken as (delete from snapshot_day_to_take m using oldest o
      where m.organization_id = ${organizationId}::uuid and m.day < o.day + 31 returning m.day)
    select distinct day::text as day from taken
    where day between ${today}::date - ${snapshotDays}::int and ${today}::date - 1 order by 1`.execute(tx)
  return found.rows.map(({ day }) => day)
}

export async function hasMarkedDays(tx: Db, { organizationId }: Key): Promise<boolean> {
  const row = await tx
    .selectFrom('snapshot_day_to_take')
    .select('id')
    .where('organization_id', '=', organizationId)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Every marked day was taken. */
export async function noteTaken(tx: Db, { organizationId, now }: Key & { now: Date }): Promise<void> {
  await tx
    .updateTable('metric_snapshot_state')
    .set({ taken_at: now })
    .where('organization_id', '=', organizationId)
    .execute()
}
