import { sql } from 'kysely'
import type { Severity } from '../../domain/severity.ts'
import type { Status } from '../../domain/status.ts'
import type { Db } from '../db.ts'
import { keepPersonsWords, wordsBefore } from './scan-words.ts'

type Key = { organizationId: string; vulnerabilityId: string }

/** A finding, with what a vulnerability takes from it. */
export type Teller = {
  id: string
  scanner: string
  ruleId: string
  severity: Severity
  cvssVector: string | null
  active: boolean
  tells: boolean
}

/** Findings of a vulnerability, the ones that tell its words first, then those that are there, then the oldest. */
export async function listTellers(db: Db, { organizationId, vulnerabilityId }: Key): Promise<Teller[]> {
  return db
    .selectFrom('finding')
    .select(['id', 'scanner', 'rule_id as ruleId', 'severity', 'cvss_vector as cvssVector', 'active', 'tells'])
    .where('organization_id', '=', organizationId)
    .where('vulnerability_id', '=', vulnerabilityId)
    .orderBy('tells', 'desc')
    .orderBy('active', 'desc')
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export type SplitOff = {
  organizationId: string
  id: string
  number: number
  fromId: string
  status: Status
  statusReason: string | null
  acceptedUntil: string | null
  fixedAt: Date | null
  now: Date
}

/** A vulnerability beside another one, with that one's words until `tellBy` gives it its own. */
export async function insertSplitOff(tx: Db, row: SplitOff): Promise<void> {
  await sql`
    insert into vulnerability (organization_id, id, number, asset_id, branch, title, description, severity, severity_source,
      cvss_vector, cvss_score, cwes, aliases, kind, scanner, rule_id, path, line, tags, assignee_member_id,
      status, status_reason, accepted_until, fixed_at, opened_at, last_seen_at, created_at, updated_at)
    select v.organization_id, ${row.id}::uuid, ${row.number}, v.asset_id, v.branch, coalesce(v.scan_title, v.title),
      coalesce(v.scan_description, v.description), coalesce(v.scan_severity, v.severity),
      coalesce(v.scan_severity_source, v.severity_source), v.cvss_vector, v.cvss_score, v.cwes, v.aliases, v.kind, v.scanner,
      v.rule_id, v.path, v.line, v.tags, v.assignee_member_id, ${row.status}, ${row.statusReason}, ${row.acceptedUntil}::date,
      ${row.fixedAt}::timestamptz, v.opened_at, v.last_seen_at, ${row.now}, ${row.now}
    from vulnerability v where v.organization_id = ${row.organizationId}::uuid and v.id = ${row.fromId}::uuid`.execute(
    tx,
  )
}

/** Gives a vulnerability the words of one of its findings; what a person said otherwise stays the shown one. */
export async function tellBy(
  tx: Db,
  {
    organizationId,
    vulnerabilityId,
    findingId,
    score,
    now,
  }: Key & { findingId: string; score: number | null; now: Date },
): Promise<void> {
  const words = {
    title: sql`f.title`,
    // A finding holds no description: the rule's is known where it is the same rule.
    description: sql`case when f.scanner = v.scanner and f.rule_id = v.rule_id then coalesce(v.scan_description, v.description) else f.message end`,
    severity: sql`f.severity`,
    source: sql`case when f.cvss_vector is null then 'tool' else 'cvss' end`,
    vector: sql`f.cvss_vector`,
    score: sql`${score}::numeric`,
  }
  await sql`
    update vulnerability v set version = v.version + 1, updated_at = ${now}, ${keepPersonsWords(words)},
      cwes = f.cwes, aliases = f.aliases, kind = f.kind, scanner = f.scanner, rule_id = f.rule_id, path = f.path, line = f.start_line
    from finding f
    where f.organization_id = ${organizationId}::uuid and f.id = ${findingId}::uuid
      and v.organization_id = f.organization_id and v.id = ${vulnerabilityId}::uuid`.execute(tx)
  await sql`update finding set tells = true where organization_id = ${organizationId}::uuid and id = ${findingId}::uuid`.execute(
    tx,
  )
}

/** The row as it is, to be given back by `restoreWords`. */
export async function snapshotWords(db: Db, { organizationId, vulnerabilityId }: Key): Promise<unknown> {
  const found = await sql<{ words: unknown }>`
    select to_jsonb(v) as words from vulnerability v
    where v.organization_id = ${organizationId}::uuid and v.id = ${vulnerabilityId}::uuid`.execute(db)
  return found.rows[0]?.words ?? null
}

/** The scan's words as a regrouping found them; the finding that told instead of them is evidence again. */
export async function restoreWords(
  tx: Db,
  { organizationId, vulnerabilityId, regroupingId, now }: Key & { regroupingId: string; now: Date },
): Promise<void> {
  await sql`
    update vulnerability v set version = v.version + 1, updated_at = ${now}, ${keepPersonsWords(wordsBefore)},
      cwes = o.cwes, aliases = o.aliases, kind = o.kind, scanner = o.scanner, rule_id = o.rule_id, path = o.path, line = o.line
    from regrouping r
    join vulnerability present on present.organization_id = r.organization_id and present.id = ${vulnerabilityId}::uuid
    cross join lateral jsonb_populate_record(present, r.state_before -> 'words') as o
    where r.organization_id = ${organizationId}::uuid and r.id = ${regroupingId}::uuid
      and jsonb_typeof(r.state_before -> 'words') = 'object'
      and v.organization_id = present.organization_id and v.id = present.id`.execute(tx)
  await sql`
    update finding f set tells = false from regrouping r
    where r.organization_id = ${organizationId}::uuid and r.id = ${regroupingId}::uuid
      and f.organization_id = r.organization_id and f.id = (r.state_before ->> 'teller')::uuid`.execute(tx)
}
