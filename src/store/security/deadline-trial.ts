import { sql } from 'kysely'
import type { SlaTable } from '../../domain/sla/sla-table.ts'
import type { Db } from '../db.ts'
import { toLevels } from './deadline-runs.ts'
import type { DeadlineRow } from './deadlines.ts'

export type TrialCounts = {
  open: number
  withDeadline: number
  moved: number
  breached: number
  breachedAtOnce: number
}

const asksForTime = sql`v.merged_into is null and v.status not in ('fixed', 'false_positive', 'suppressed')`
const wasAccepted = sql`exists (select from vulnerability_event e where e.organization_id = v.organization_id
  and e.vulnerability_id = v.id and (e.before ->> 'status' = 'risk_accepted' or e.after ->> 'status' = 'risk_accepted'))`

/** How a deadline is worked out in SQL: by lengths of time, or from the day of creation by a list made beforehand. */
export type TrialCalendar =
  | { kind: 'elapsed' }
  | { kind: 'by_day'; timeZone: string; dues: readonly { day: string; days: number; due: string }[] }

/** What a table would do to what is not fixed and never was accepted: all in one look at the rows. */
export async function countTrial(
  db: Db,
  input: { organizationId: string; table: SlaTable | null; calendar: TrialCalendar; now: Date },
): Promise<TrialCounts> {
  const { organizationId, table, calendar, now } = input
  const isElapsed = calendar.kind === 'elapsed'
  const due = isElapsed ? sql`v.created_at + l.days * interval '86400 seconds'` : sql`c.due`
  const byDay = isElapsed
    ? sql``
    : sql`left join json_to_recordset(${JSON.stringify(calendar.dues)}::json) as c(day date, days integer, due timestamptz)
        on c.days = l.days and c.day = (v.created_at at time zone ${calendar.timeZone})::date`
  const found = await sql<TrialCounts>`
    select count(*) as open, count(t.due) as "withDeadline", count(*) filter (where t.due is distinct from t.due_at) as moved,
      count(*) filter (where t.due <= ${now}) as breached,
      count(*) filter (where t.due <= ${now} and (t.due_at is null or t.due_at > ${now})) as "breachedAtOnce"
    from (
      select v.due_at, ${due} as due
      from vulnerability v join asset a on a.organization_id = v.organization_id and a.id = v.asset_id
      left join json_to_recordset(${JSON.stringify(toLevels(table))}::json) as l(severity text, impact text, days integer)
        on l.severity = v.severity and l.impact = a.business_impact
      ${byDay}
      where v.organization_id = ${organizationId}::uuid and ${asksForTime} and not ${wasAccepted}) t`.execute(db)
  const [row] = found.rows
  if (row === undefined) throw new Error('A query of counts answered no row.')
  return row
}

/** Days in a zone on which what is not fixed was created. */
export async function listCreationDays(
  db: Db,
  { organizationId, timeZone }: { organizationId: string; timeZone: string },
): Promise<{ day: string; at: Date }[]> {
  const found = await sql<{ day: string; at: Date }>`
    select (v.created_at at time zone ${timeZone})::date as day, min(v.created_at) as at from vulnerability v
    where v.organization_id = ${organizationId}::uuid and ${asksForTime} group by 1`.execute(db)
  return found.rows
}

/** What is not fixed and was accepted once: looked at one by one, a page at a time. */
export async function listAcceptedOnce(
  db: Db,
  { organizationId, after, limit }: { organizationId: string; after: string | null; limit: number },
): Promise<DeadlineRow[]> {
  const found = await sql<DeadlineRow>`
    select v.id, v.severity, v.status, v.created_at as "createdAt", v.fixed_at as "fixedAt", v.approaches_at as "approachesAt",
      v.due_at as "dueAt", v.sla_days as days, v.sla_paused_at as "pausedAt", a.business_impact as "businessImpact"
    from vulnerability v join asset a on a.organization_id = v.organization_id and a.id = v.asset_id
    where v.organization_id = ${organizationId}::uuid and ${asksForTime} and ${wasAccepted}
      and (${after}::uuid is null or v.id > ${after}::uuid)
    order by v.id limit ${limit}`.execute(db)
  return found.rows
}
