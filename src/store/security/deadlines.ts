import { sql } from 'kysely'
import type { BusinessImpact } from '../../domain/business-impact.ts'
import type { Severity } from '../../domain/severity.ts'
import type { StatusStep } from '../../domain/sla/list-accepted-spans.ts'
import type { Status } from '../../domain/status.ts'
import type { Db } from '../db.ts'

/** What the deadline of a vulnerability depends on, and the one it has. */
export type DeadlineRow = {
  id: string
  severity: Severity
  businessImpact: BusinessImpact
  status: Status
  createdAt: Date
  fixedAt: Date | null
  approachesAt: Date | null
  dueAt: Date | null
  days: number | null
  pausedAt: Date | null
}

/**
 * Held by who writes deadlines until the transaction ends, so that a walk over all of them can wait for those who still
 * write by the levels of before. It never stands in a row behind the walk, which only tries.
 */
export async function shareDeadlines(tx: Db, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(${lockKey(organizationId)}, 0))`.execute(tx)
}

/** Whether nobody is writing deadlines by what was read before. */
export async function areDeadlinesAtRest(tx: Db, organizationId: string): Promise<boolean> {
  const found = await sql<{ free: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended(${lockKey(organizationId)}, 0)) as free`.execute(tx)
  return found.rows[0]?.free === true
}

const lockKey = (organizationId: string) => `weir deadlines ${organizationId}`

/** What an organization decided about service levels, unchecked as it is kept, and the business impact of one asset. */
export async function findSla(
  db: Db,
  key: { organizationId: string; assetId?: string | undefined },
): Promise<{ settings: unknown; businessImpact: BusinessImpact | null }> {
  const found = await sql<{ settings: unknown; businessImpact: BusinessImpact | null }>`
    select (select sla from organization_settings where organization_id = ${key.organizationId}::uuid) as settings,
      (select business_impact from asset where organization_id = ${key.organizationId}::uuid and id = ${key.assetId ?? null}::uuid)
        as "businessImpact"`.execute(db)
  return found.rows[0] ?? { settings: null, businessImpact: null }
}

export async function writeSla(
  tx: Db,
  input: { organizationId: string; settings: object | null; now: Date },
): Promise<void> {
  const sla = input.settings === null ? null : JSON.stringify(input.settings)
  await tx
    .insertInto('organization_settings')
    .values({ organization_id: input.organizationId, sla, updated_at: input.now })
    .onConflict((conflict) => conflict.column('organization_id').doUpdateSet({ sla, updated_at: input.now }))
    .execute()
}

/** Rows by id, locked in the order of their ids. */
export async function lockDeadlines(
  tx: Db,
  organizationId: string,
  vulnerabilityIds: readonly string[],
): Promise<DeadlineRow[]> {
  const found = await sql<DeadlineRow>`
    select v.id, v.severity, v.status, v.created_at as "createdAt", v.fixed_at as "fixedAt", v.approaches_at as "approachesAt",
      v.due_at as "dueAt", v.sla_days as days, v.sla_paused_at as "pausedAt", a.business_impact as "businessImpact"
    from vulnerability v join asset a on a.organization_id = v.organization_id and a.id = v.asset_id
    where v.organization_id = ${organizationId}::uuid and v.id = any(${[...vulnerabilityIds]}::uuid[])
    order by v.id for update of v`.execute(tx)
  return found.rows
}

/** Steps into and out of accepted risk by vulnerability, in their order; those without any are left out. */
export async function listAcceptanceSteps(
  db: Db,
  organizationId: string,
  vulnerabilityIds: readonly string[],
): Promise<Map<string, StatusStep[]>> {
  const found = await sql<StatusStep & { id: string }>`
    select e.vulnerability_id as id, e.created_at as at, e.before ->> 'status' as before, e.after ->> 'status' as after
    from vulnerability_event e
    where e.organization_id = ${organizationId}::uuid and e.vulnerability_id = any(${[...vulnerabilityIds]}::uuid[])
      and (e.before ->> 'status' = 'risk_accepted' or e.after ->> 'status' = 'risk_accepted')
    order by e.vulnerability_id, e.created_at, e.id`.execute(db)
  return Map.groupBy(found.rows, (row) => row.id)
}

/** A deadline as the columns hold it; all null where there is none. */
export type DeadlineColumns = {
  id: string
  due_at: string | null
  approaches_at: string | null
  sla_days: number | null
  sla_paused_at: string | null
}

/** The deadline of what is new and of a severity. */
export type NewDeadline = { severity: Severity; due_at: string; approaches_at: string; sla_days: number }

/** Vulnerabilities of findings whose time is no longer that of their severity. */
export async function listOtherwiseTimed(
  tx: Db,
  input: { organizationId: string; findingIds: readonly string[]; deadlines: readonly NewDeadline[] },
): Promise<string[]> {
  if (input.findingIds.length === 0) return []
  const found = await sql<{ id: string }>`
    select distinct v.id from finding f
    join vulnerability v on v.organization_id = f.organization_id and v.id = f.vulnerability_id
    left join json_to_recordset(${JSON.stringify(input.deadlines)}::json) as d(severity text, sla_days integer)
      on d.severity = v.severity
    where f.organization_id = ${input.organizationId}::uuid and f.id = any(${[...input.findingIds]}::uuid[])
      and v.sla_days is distinct from d.sla_days
    order by v.id`.execute(tx)
  return found.rows.map((row) => row.id)
}

/**
 * What remains announced where a deadline moves: as much as still has happened at it, so that what moved back out of reach
 * is news again when it comes.
 */
export function stillAnnounced(next: { dueAt: string; approachesAt: string; clock: string }) {
  const { dueAt, approachesAt, clock } = next
  return sql.raw(`case when ${clock} >= ${dueAt} then v.sla_announced
    when ${clock} >= ${approachesAt} and v.sla_announced <> 'none' then 'approaching' else 'none' end`)
}

export async function writeDeadlines(
  tx: Db,
  input: { organizationId: string; now: Date },
  rows: readonly DeadlineColumns[],
): Promise<void> {
  if (rows.length === 0) return
  const announced = stillAnnounced({ dueAt: 'r.due_at', approachesAt: 'r.approaches_at', clock: 'r.clock' })
  await sql`
    update vulnerability v set due_at = r.due_at, approaches_at = r.approaches_at, sla_days = r.sla_days,
      sla_paused_at = r.sla_paused_at, sla_announced = ${announced}
    from (select n.*, coalesce(n.sla_paused_at, ${input.now}::timestamptz) as clock from json_to_recordset(${JSON.stringify(rows)}::json)
      as n(id uuid, due_at timestamptz, approaches_at timestamptz, sla_days integer, sla_paused_at timestamptz)) r
    where v.organization_id = ${input.organizationId}::uuid and v.id = r.id`.execute(tx)
}
