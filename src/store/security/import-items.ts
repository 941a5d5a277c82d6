import { sql } from 'kysely'
import type { Severity } from '../../domain/severity.ts'
import type { Db } from '../db.ts'
import type { ImportContext } from './findings.ts'

export type ItemOutcome = 'new' | 'merged' | 'kept' | 'reopened' | 'closed' | 'suppressed' | 'skipped' | 'known'

/** `remembers` says how much of the state before is written down for undo: nothing for what is new. */
export type NewImportItem = {
  position: number
  finding_id: string | null
  outcome: ItemOutcome
  step: string
  label: string
  detail: string | null
  severity: Severity | null
  remembers: 'nothing' | 'seen' | 'all'
}

const columns = sql`organization_id, import_id, position, finding_id, outcome, step, label, detail, severity`
const recordset = sql`position integer, finding_id uuid, outcome text, step text, label text, detail text, severity text, remembers text`

/**
 * Writes items together with what their findings and vulnerabilities are like now, so call it before changing those.
 * Most findings of most imports only move their "last seen": for them a few fields are enough.
 */
export async function insertImportItems(tx: Db, context: ImportContext, rows: readonly NewImportItem[]): Promise<void> {
  const fresh = rows.filter((row) => row.remembers === 'nothing')
  const known = rows.filter((row) => row.remembers !== 'nothing')
  if (fresh.length > 0)
    await sql`
      insert into import_item (${columns})
      select ${context.organizationId}::uuid, ${context.importId}::uuid, r.position, r.finding_id, r.outcome, r.step, r.label, r.detail, r.severity
      from json_to_recordset(${JSON.stringify(fresh)}::json) as r(${recordset})`.execute(tx)
  if (known.length > 0) await insertKnownItems(tx, context, known)
}

/** The ids are given twice: the list keeps the planner from reading whole tables for a batch. */
async function insertKnownItems(tx: Db, context: ImportContext, rows: readonly NewImportItem[]): Promise<void> {
  const ids = rows.flatMap((row) => row.finding_id ?? [])
  await sql`
    insert into import_item (${columns}, state_before)
    select ${context.organizationId}::uuid, ${context.importId}::uuid, r.position, r.finding_id, r.outcome, r.step, r.label, r.detail, r.severity,
      case r.remembers
        when 'all' then jsonb_build_object('finding', to_jsonb(f), 'vulnerability', to_jsonb(v))
        when 'seen' then jsonb_build_object(
          'finding', jsonb_build_object('last_import_id', f.last_import_id, 'last_step', f.last_step, 'active', f.active,
            'content_index', f.content_index, 'commit_hash', f.commit_hash, 'updated_at', f.updated_at),
          'vulnerability', jsonb_build_object('id', v.id, 'last_seen_at', v.last_seen_at))
      end
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(${recordset})
    join finding f on f.organization_id = ${context.organizationId}::uuid and f.id = r.finding_id and f.id = any(${ids}::uuid[])
    join vulnerability v on v.organization_id = f.organization_id and v.id = f.vulnerability_id`.execute(tx)
}

/** Items of findings that the report no longer has, numbered from `position` on, with their whole state for undo. */
export async function insertClosedItems(
  tx: Db,
  context: ImportContext,
  closed: { position: number; findingIds: readonly string[]; inTarget: readonly string[] },
): Promise<void> {
  if (closed.findingIds.length === 0) return
  await sql`
    insert into import_item (organization_id, import_id, position, finding_id, outcome, step, label, detail, severity, state_before)
    select f.organization_id, ${context.importId}::uuid, ${closed.position}::integer + row_number() over (order by f.path, f.start_line, f.id) - 1,
      f.id, 'closed', case when f.id = any(${[...closed.inTarget]}::uuid[]) then 'in_target' else 'not_in_report' end, f.title, f.path || coalesce(':' || f.start_line, ''), f.severity,
      jsonb_build_object('finding', to_jsonb(f), 'vulnerability', to_jsonb(v))
    from finding f
    join vulnerability v on v.organization_id = f.organization_id and v.id = f.vulnerability_id
    where f.organization_id = ${context.organizationId}::uuid and f.id = any(${[...closed.findingIds]}::uuid[])`.execute(
    tx,
  )
}

export async function deleteImportItems(tx: Db, key: { organizationId: string; importId: string }): Promise<void> {
  await tx
    .deleteFrom('import_item')
    .where('organization_id', '=', key.organizationId)
    .where('import_id', '=', key.importId)
    .execute()
}

export type ImportItemRow = {
  position: number
  outcome: ItemOutcome
  step: string
  label: string
  detail: string | null
  severity: Severity | null
  vulnerability_id: string | null
  vulnerability_number: number | null
}

/** Items behind `after` in the order of the report. */
export async function listImportItems(
  db: Db,
  query: {
    organizationId: string
    importId: string
    outcomes: readonly ItemOutcome[] | undefined
    after: number
    limit: number
  },
): Promise<ImportItemRow[]> {
  let rows = db
    .selectFrom('import_item as i')
    .leftJoin('finding as f', (join) =>
      join.onRef('f.organization_id', '=', 'i.organization_id').onRef('f.id', '=', 'i.finding_id'),
    )
    .leftJoin('vulnerability as v', (join) =>
      join.onRef('v.organization_id', '=', 'f.organization_id').onRef('v.id', '=', 'f.vulnerability_id'),
    )
    .select([
      'i.position',
      'i.outcome',
      'i.step',
      'i.label',
      'i.detail',
      'i.severity',
      'v.id as vulnerability_id',
      'v.number as vulnerability_number',
    ])
    .where('i.organization_id', '=', query.organizationId)
    .where('i.import_id', '=', query.importId)
    .where('i.position', '>', query.after)
  if (query.outcomes !== undefined && query.outcomes.length > 0)
    rows = rows.where('i.outcome', 'in', [...query.outcomes])
  return rows.orderBy('i.position').limit(query.limit).execute()
}
