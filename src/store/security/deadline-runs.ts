import { sql } from 'kysely'
import type { SlaTable } from '../../domain/sla/sla-table.ts'
import type { Db } from '../db.ts'
import { stillAnnounced } from './deadlines.ts'

type RunKey = { organizationId: string; id: string }
export type DeadlineRun = RunKey & {
  assetId: string | null
  cursor: string | null
  total: number
  done: number
  createdAt: Date
}

/** Asks for all deadlines of an organization or an asset to be set anew; a walk under way begins again. */
export async function insertDeadlineRun(tx: Db, input: RunKey & { assetId: string | null; now: Date }): Promise<void> {
  const { organizationId, id, assetId, now } = input
  await sql`
    insert into deadline_run (organization_id, id, asset_id, total, created_at, updated_at)
    select ${organizationId}::uuid, ${id}::uuid, ${assetId}::uuid, count(*), ${now}, ${now} from vulnerability
    where organization_id = ${organizationId}::uuid and (${assetId}::uuid is null or asset_id = ${assetId}::uuid)
    on conflict (organization_id, asset_id) where finished_at is null
    do update set cursor = null, done = 0, moved = 0, total = excluded.total, created_at = ${now}, updated_at = ${now}`.execute(
    tx,
  )
}

const columns = [
  'organization_id as organizationId',
  'id',
  'asset_id as assetId',
  'cursor',
  'total',
  'done',
  'created_at as createdAt',
] as const

/** The oldest walk that is not finished, locked; undefined when there is none or another worker is at it. */
export async function lockDeadlineRun(tx: Db, organizationId: string): Promise<DeadlineRun | undefined> {
  return tx
    .selectFrom('deadline_run')
    .select(columns)
    .where('organization_id', '=', organizationId)
    .where('finished_at', 'is', null)
    .orderBy('created_at')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
}

/** The walk over the whole organization that is under way. */
export async function findDeadlineRun(db: Db, organizationId: string): Promise<DeadlineRun | undefined> {
  return db
    .selectFrom('deadline_run')
    .select(columns)
    .where('organization_id', '=', organizationId)
    .where('finished_at', 'is', null)
    .where('asset_id', 'is', null)
    .executeTakeFirst()
}

/** Organizations with a walk that nobody has taken on for a while. */
export async function listStoppedRuns(db: Db, input: { before: Date; limit: number }): Promise<string[]> {
  const found = await db
    .selectFrom('deadline_run')
    .select('organization_id')
    .distinct()
    .where('finished_at', 'is', null)
    .where('updated_at', '<', input.before)
    .limit(input.limit)
    .execute()
  return found.map((row) => row.organization_id)
}

/** Ends of acceptances make a deadline hard: those vulnerabilities are told apart. */
export type WalkedRow = { id: string; wasAccepted: boolean }

/** The next vulnerabilities of a walk, locked in the order of their ids. */
export async function takeWalked(tx: Db, run: DeadlineRun, limit: number): Promise<WalkedRow[]> {
  const found = await sql<WalkedRow>`
    select v.id, exists (select from vulnerability_event e where e.organization_id = v.organization_id and e.vulnerability_id = v.id
      and (e.before ->> 'status' = 'risk_accepted' or e.after ->> 'status' = 'risk_accepted')) as "wasAccepted"
    from vulnerability v
    where v.organization_id = ${run.organizationId}::uuid and (${run.cursor}::uuid is null or v.id > ${run.cursor}::uuid)
      ${run.assetId === null ? sql`` : sql`and v.asset_id = ${run.assetId}::uuid`}
    order by v.id limit ${limit} for update of v`.execute(tx)
  return found.rows
}

export async function moveDeadlineRun(
  tx: Db,
  run: RunKey & { cursor: string | null; done: number; moved: number; isFinished: boolean; now: Date },
): Promise<void> {
  await tx
    .updateTable('deadline_run')
    .set((set) => ({
      cursor: run.cursor,
      done: set('done', '+', run.done),
      moved: set('moved', '+', run.moved),
      updated_at: run.now,
      ...(run.isFinished && { finished_at: run.now }),
    }))
    .where('organization_id', '=', run.organizationId)
    .where('id', '=', run.id)
    .execute()
}

/** The days of each severity and business impact, as rows. */
export function toLevels(table: SlaTable | null): { severity: string; impact: string; days: number }[] {
  if (table === null) return []
  return Object.entries(table).flatMap(([severity, row]) =>
    Object.entries(row).flatMap(([impact, days]) => (days === null ? [] : [{ severity, impact, days }])),
  )
}

/**
 * Sets deadlines of vulnerabilities whose risk never was accepted, where every day has 24 hours: by severity and impact in
 * one statement. Answers how many moved.
 */
export async function setElapsedDeadlines(
  tx: Db,
  input: { organizationId: string; ids: readonly string[]; table: SlaTable | null; now: Date },
): Promise<number> {
  if (input.ids.length === 0) return 0
  const announced = stillAnnounced({ dueAt: 'n.due_at', approachesAt: 'n.approaches_at', clock: 'n.clock' })
  const done = await sql`
    update vulnerability v set due_at = n.due_at, approaches_at = n.approaches_at, sla_days = n.days, sla_paused_at = null,
      sla_announced = ${announced}
    from (
      select o.id, l.days, o.created_at + l.days * interval '86400 seconds' as due_at,
        o.created_at + l.days * interval '64800 seconds' as approaches_at, ${input.now}::timestamptz as clock
      from vulnerability o
      join asset a on a.organization_id = o.organization_id and a.id = o.asset_id
      left join json_to_recordset(${JSON.stringify(toLevels(input.table))}::json) as l(severity text, impact text, days integer)
        on l.severity = o.severity and l.impact = a.business_impact
      where o.organization_id = ${input.organizationId}::uuid and o.id = any(${[...input.ids]}::uuid[])) n
    where v.organization_id = ${input.organizationId}::uuid and v.id = n.id
      and (v.due_at, v.approaches_at, v.sla_days, v.sla_paused_at) is distinct from (n.due_at, n.approaches_at, n.days, null::timestamptz)`.execute(
    tx,
  )
  return Number(done.numAffectedRows ?? 0n)
}
