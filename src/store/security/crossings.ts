import { sql } from 'kysely'
import type { AcceptanceAnnounced } from '../../domain/sla/judge-acceptance.ts'
import type { Announced } from '../../domain/sla/list-crossings.ts'
import type { Db } from '../db.ts'

/** A vulnerability whose deadline came near or went by, and nobody has been told yet. */
export type CrossedRow = {
  id: string
  days: number
  dueAt: Date
  approachesAt: Date
  announced: Announced
  isBreached: boolean
  isPaused: boolean
  /** Who is called for it; null where nobody is assigned who still works here. */
  assigneeId: string | null
}

type Take = { organizationId: string; now: Date; limit: number }

/** Organizations that have service levels. */
export async function listTimedOrganizations(db: Db): Promise<{ organizationId: string; settings: unknown }[]> {
  return db
    .selectFrom('organization_settings')
    .select(['organization_id as organizationId', 'sla as settings'])
    .where('sla', 'is not', null)
    .orderBy('organization_id')
    .execute()
}

/** Keeps other workers from announcing for the same organization; false when one is at it. */
export async function lockAnnouncements(tx: Db, organizationId: string): Promise<boolean> {
  const found = await sql<{ free: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${`weir announcements ${organizationId}`}, 0)) as free`.execute(
    tx,
  )
  return found.rows[0]?.free === true
}

const living = sql`join asset a on a.organization_id = v.organization_id and a.id = v.asset_id and a.archived_at is null
  left join member m on m.organization_id = v.organization_id and m.id = v.assignee_member_id and m.disabled_at is null`

/** Deadlines that crossed a line since the last look, of assets that are not archived; locked. */
export async function takeCrossed(tx: Db, { organizationId, now, limit }: Take): Promise<CrossedRow[]> {
  const clock = sql`coalesce(v.sla_paused_at, ${now}::timestamptz)`
  const found = await sql<CrossedRow>`
    select v.id, v.sla_days as days, v.due_at as "dueAt", v.approaches_at as "approachesAt", v.sla_announced as announced,
      ${clock} >= v.due_at as "isBreached", v.sla_paused_at is not null as "isPaused", m.id as "assigneeId"
    from vulnerability v ${living}
    where v.organization_id = ${organizationId}::uuid and v.merged_into is null
      and v.sla_announced <> 'breached' and v.status not in ('fixed', 'false_positive', 'suppressed')
      and v.approaches_at <= ${now} and ${clock} >= case v.sla_announced when 'none' then v.approaches_at else v.due_at end
    order by v.id limit ${limit} for update of v skip locked`.execute(tx)
  return found.rows
}

export async function markCrossed(
  tx: Db,
  input: { organizationId: string; ids: readonly string[]; announced: Announced },
): Promise<void> {
  if (input.ids.length === 0) return
  await sql`update vulnerability set sla_announced = ${input.announced}
    where organization_id = ${input.organizationId}::uuid and id = any(${[...input.ids]}::uuid[])`.execute(tx)
}

/** A vulnerability whose accepted risk is to be looked at again soon, or should have been. */
export type AcceptedRow = {
  id: string
  acceptedUntil: string
  announced: AcceptanceAnnounced
  assigneeId: string | null
  /** Who accepted it last. */
  acceptedBy: string | null
}

/** Organizations where an acceptance ends until a day; `until` is a calendar date. */
export async function listAcceptingOrganizations(
  db: Db,
  until: string,
): Promise<{ organizationId: string; settings: unknown }[]> {
  const found = await sql<{ organizationId: string; settings: unknown }>`
    select o.organization_id as "organizationId", s.sla as settings from organization o
    left join organization_settings s on s.organization_id = o.organization_id
    where exists (select from vulnerability v where v.organization_id = o.organization_id and v.status = 'risk_accepted'
      and v.accepted_until <= ${until}::date)
    order by 1`.execute(db)
  return found.rows
}

/** Acceptances of which something is to be told on `today`, or that have ended; locked. */
export async function takeAccepted(
  tx: Db,
  input: { organizationId: string; today: string; reminderDays: number; limit: number },
): Promise<AcceptedRow[]> {
  const { organizationId, today, reminderDays, limit } = input
  const found = await sql<AcceptedRow>`
    select v.id, v.accepted_until as "acceptedUntil", v.acceptance_announced as announced, m.id as "assigneeId",
      (select e.actor_id from vulnerability_event e where e.organization_id = v.organization_id and e.vulnerability_id = v.id
        and e.after ->> 'status' = 'risk_accepted' and e.actor_kind = 'member'
        order by e.created_at desc, e.id desc limit 1) as "acceptedBy"
    from vulnerability v
    left join member m on m.organization_id = v.organization_id and m.id = v.assignee_member_id and m.disabled_at is null
    where v.organization_id = ${organizationId}::uuid and v.merged_into is null and v.status = 'risk_accepted'
      and v.accepted_until <= ${today}::date + ${reminderDays}::integer
      and (v.accepted_until < ${today}::date or v.acceptance_announced = 'none'
        or (v.accepted_until = ${today}::date and v.acceptance_announced <> 'day'))
    order by v.id limit ${limit} for update of v skip locked`.execute(tx)
  return found.rows
}

export async function markAcceptance(
  tx: Db,
  input: { organizationId: string; ids: readonly string[]; announced: AcceptanceAnnounced },
): Promise<void> {
  if (input.ids.length === 0) return
  await sql`update vulnerability set acceptance_announced = ${input.announced}
    where organization_id = ${input.organizationId}::uuid and id = any(${[...input.ids]}::uuid[])`.execute(tx)
}
