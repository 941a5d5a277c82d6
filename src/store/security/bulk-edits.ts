import { sql } from 'kysely'
import type { Db } from '../db.ts'
import type { RatingColumns } from './vulnerability-edits.ts'

/** A vulnerability as a bulk change finds it: what it may change, and what undoing would bring back. */
export async function lockEditables(tx: Db, organizationId: string, ids: readonly string[]) {
  return tx
    .selectFrom('vulnerability as v')
    .leftJoin('member as m', (join) =>
      join.onRef('m.organization_id', '=', 'v.organization_id').onRef('m.id', '=', 'v.assignee_member_id'),
    )
    .select(['v.id', 'v.merged_into', 'v.status', 'v.status_reason', 'v.accepted_until', 'v.fixed_at', 'v.tags'])
    .select(['v.assignee_member_id as assigneeId', 'm.name as assigneeName', 'v.source', 'v.title', 'v.description'])
    .select(['v.scan_title', 'v.scan_description', 'v.severity', 'v.severity_source', 'v.severity_reason'])
    .select(['v.impact', 'v.probability', 'v.cvss_vector', 'v.cvss_score'])
    .select(['v.scan_severity', 'v.scan_severity_source', 'v.scan_cvss_vector', 'v.scan_cvss_score'])
    .where('v.organization_id', '=', organizationId)
    .where('v.id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .orderBy('v.id')
    .forNoKeyUpdate('v')
    .execute()
}

export type EditableRow = Awaited<ReturnType<typeof lockEditables>>[number]

type Context = { organizationId: string; now: Date }

export async function writeAssignees(
  tx: Db,
  { organizationId, now }: Context,
  rows: readonly { id: string; assignee_member_id: string | null }[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update vulnerability v set assignee_member_id = r.assignee_member_id, version = v.version + 1, updated_at = ${now}
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(id uuid, assignee_member_id uuid)
    where v.organization_id = ${organizationId}::uuid and v.id = r.id`.execute(tx)
}

export async function writeTags(
  tx: Db,
  { organizationId, now }: Context,
  rows: readonly { id: string; tags: readonly string[] }[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update vulnerability v set tags = r.tags, version = v.version + 1, updated_at = ${now}
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(id uuid, tags text[])
    where v.organization_id = ${organizationId}::uuid and v.id = r.id`.execute(tx)
}

export async function writeRatings(
  tx: Db,
  { organizationId, now }: Context,
  rows: readonly ({ id: string } & RatingColumns)[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update vulnerability v set severity = r.severity, severity_source = r.severity_source, severity_reason = r.severity_reason,
      impact = r.impact, probability = r.probability, cvss_vector = r.cvss_vector, cvss_score = r.cvss_score,
      scan_severity = r.scan_severity, scan_severity_source = r.scan_severity_source,
      scan_cvss_vector = r.scan_cvss_vector, scan_cvss_score = r.scan_cvss_score,
      version = v.version + 1, updated_at = ${now}
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(id uuid, severity text, severity_source text, severity_reason text,
      impact smallint, probability smallint, cvss_vector text, cvss_score numeric, scan_severity text,
      scan_severity_source text, scan_cvss_vector text, scan_cvss_score numeric)
    where v.organization_id = ${organizationId}::uuid and v.id = r.id`.execute(tx)
}
