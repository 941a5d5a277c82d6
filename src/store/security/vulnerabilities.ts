import { sql } from 'kysely'
import type { FindingKind } from '../../domain/finding-kind.ts'
import type { Severity } from '../../domain/severity.ts'
import type { AcceptanceAnnounced } from '../../domain/sla/judge-acceptance.ts'
import type { Status } from '../../domain/status.ts'
import type { Db } from '../db.ts'
import type { NewDeadline } from './deadlines.ts'
import type { ImportContext } from './findings.ts'
import { keepPersonsWords } from './scan-words.ts'
import { cvesOf } from './vulnerability-intelligence.ts'

/** What a scan says of a vulnerability, as the columns hold it. */
export type VulnerabilityBody = {
  title: string
  description: string
  severity: Severity
  severity_source: 'cvss' | 'tool'
  cvss_vector: string | null
  cvss_score: number | null
  cwes: number[]
  aliases: string[]
  kind: FindingKind
  scanner: string
  rule_id: string
  path: string | null
  line: number | null
}

export type NewVulnerability = VulnerabilityBody & {
  id: string
  number: number
  status: Status
  status_reason: string | null
}

/** A vulnerability told by one of its findings. */
export type RefreshedVulnerability = VulnerabilityBody & { finding_id: string }

const bodyColumns = `title text, description text, severity text, severity_source text, cvss_vector text,
  cvss_score numeric, cwes integer[], aliases text[], kind text, scanner text, rule_id text, path text, line integer`

/** Takes `count` numbers that follow each other; answers the first. */
export async function takeNumbers(tx: Db, organizationId: string, count: number): Promise<number> {
  const row = await tx
    .updateTable('organization')
    .set((set) => ({ next_vulnerability_number: set('next_vulnerability_number', '+', count) }))
    .where('organization_id', '=', organizationId)
    .returning('next_vulnerability_number as next')
    .executeTakeFirstOrThrow()
  return row.next - count
}

export async function insertVulnerabilities(
  tx: Db,
  context: ImportContext & { deadlines?: readonly NewDeadline[] },
  rows: readonly NewVulnerability[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into vulnerability (organization_id, id, number, asset_id, branch, title, description, severity, severity_source,
      cvss_vector, cvss_score, cwes, aliases, kind, scanner, rule_id, path, line, status, status_reason,
      epss_probability, epss_percentile, known_exploited, due_at, approaches_at, sla_days,
      opened_at, last_seen_at, created_at, updated_at)
    select ${context.organizationId}::uuid, r.id, r.number, ${context.assetId}::uuid, ${context.branch}, r.title, r.description,
      r.severity, r.severity_source, r.cvss_vector, r.cvss_score, r.cwes, r.aliases, r.kind, r.scanner, r.rule_id, r.path, r.line,
      r.status, r.status_reason, told.probability, told.percentile, coalesce(told.exploited, false),
      d.due_at, d.approaches_at, d.sla_days, ${context.now}, ${context.now}, ${context.now}, ${context.now}
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as r(id uuid, number integer, status text, status_reason text, ${sql.raw(bodyColumns)})
    left join json_to_recordset(${JSON.stringify(context.deadlines ?? [])}::json)
      as d(severity text, due_at timestamptz, approaches_at timestamptz, sla_days integer) on d.severity = r.severity
    cross join lateral (
      select max(e.probability) as probability, max(e.percentile) as percentile, bool_or(k.cve is not null) as exploited
      from (${cvesOf(sql`r.aliases || r.rule_id`)}) c
      left join epss_score e on e.cve = c.cve left join known_exploited k on k.cve = c.cve
    ) told`.execute(tx)
}

/** Vulnerabilities of findings that were seen again. */
export async function touchVulnerabilities(
  tx: Db,
  context: ImportContext,
  findingIds: readonly string[],
): Promise<void> {
  if (findingIds.length === 0) return
  await sql`
    update vulnerability v set last_seen_at = ${context.now}
    from finding f
    where f.organization_id = ${context.organizationId}::uuid and f.id = any(${[...findingIds]}::uuid[])
      and v.organization_id = f.organization_id and v.id = f.vulnerability_id`.execute(tx)
}

/**
 * The newest words of the scanner that told first; others are evidence beside it. Where a person said otherwise, theirs
 * stay the shown ones and the scan's are kept beside them.
 */
export async function refreshVulnerabilities(
  tx: Db,
  context: ImportContext,
  rows: readonly RefreshedVulnerability[],
): Promise<void> {
  if (rows.length === 0) return
  // Asked by itself: joined in one statement, each row would be looked for among all, until there are statistics.
  const tellers = await tx
    .selectFrom('finding')
    .select(['id', 'vulnerability_id', 'scanner'])
    .where('organization_id', '=', context.organizationId)
    .where('id', '=', sql<string>`any(${rows.map((row) => row.finding_id)}::uuid[])`)
    .where('tells', '=', true)
    .execute()
  const byFinding = new Map(tellers.map((one) => [one.id, one]))
  const telling = rows.flatMap((row) => {
    const told = byFinding.get(row.finding_id)
    return told === undefined ? [] : [{ ...row, told_id: told.vulnerability_id, told_by: told.scanner }]
  })
  const words = {
    title: sql`r.title`,
    description: sql`r.description`,
    severity: sql`r.severity`,
    source: sql`r.severity_source`,
    vector: sql`r.cvss_vector`,
    score: sql`r.cvss_score`,
  }
  await sql`
    update vulnerability v set updated_at = ${context.now}, version = v.version + 1, ${keepPersonsWords(words)},
      cwes = r.cwes, aliases = r.aliases, path = r.path, line = r.line
    from json_to_recordset(${JSON.stringify(telling)}::json) as r(told_id uuid, told_by text, ${sql.raw(bodyColumns)})
    where v.organization_id = ${context.organizationId}::uuid and v.id = r.told_id
      -- Not by the index of scanners, which without statistics looks like any other.
      and (v.scanner = r.told_by) is true`.execute(tx)
}

export type VulnerabilityState = {
  id: string
  number: number
  status: Status
  statusReason: string | null
  acceptedUntil: string | null
  fixedAt: Date | null
  version: number
  /** Of one that was merged: the one it is a part of. */
  mergedInto: string | null
  source: 'scan' | 'person'
}

/** Locks vulnerabilities in the order of their ids, so that two movers never wait for each other. */
export async function lockVulnerabilities(
  tx: Db,
  organizationId: string,
  ids: readonly string[],
): Promise<Map<string, VulnerabilityState>> {
  if (ids.length === 0) return new Map()
  const found = await tx
    .selectFrom('vulnerability')
    .select([
      'id',
      'number',
      'status',
      'status_reason as statusReason',
      'accepted_until as acceptedUntil',
      'fixed_at as fixedAt',
      'version',
      'merged_into as mergedInto',
      'source',
    ])
    .where('organization_id', '=', organizationId)
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .orderBy('id')
    // Others may go on referring to them: what they write does not wait, nor wait in a circle.
    .forNoKeyUpdate()
    .execute()
  return new Map(found.map((row) => [row.id, row]))
}

/**
 * Holds vulnerabilities, and what was merged into them, until the transaction ends; those of findings, too. Who changes many
 * in an order of its own, or at several times, holds them all first: in the order of their ids nobody waits in a circle.
 */
export async function holdVulnerabilities(
  tx: Db,
  organizationId: string,
  { ids = [], findingIds = [] }: { ids?: readonly string[]; findingIds?: readonly string[] },
): Promise<void> {
  if (ids.length + findingIds.length === 0) return
  // What was merged is listed by itself: few rows, whatever the statistics say of the others.
  const found = await sql<{ id: string }>`
    with recursive merged as materialized (
      select v.id, v.merged_into from vulnerability v
      where v.organization_id = ${organizationId}::uuid and v.merged_into is not null
    ), line(id) as (
      select * from (
        select unnest(${[...ids]}::uuid[])
        union
        select f.vulnerability_id from finding f
          where f.organization_id = ${organizationId}::uuid and f.id = any(${[...findingIds]}::uuid[])
      ) as wanted
      union
      select m.id from line join merged m on m.merged_into = line.id
    )
    select id from line`.execute(tx)
  const all = found.rows.map(({ id }) => id)
  await sql`
    select count(*) from (select v.id from vulnerability v
      where v.organization_id = ${organizationId}::uuid and v.id = any(${all}::uuid[])
      order by v.id for no key update of v) held`.execute(tx)
}

export type StatusChange = {
  id: string
  status: Status
  status_reason: string | null
  accepted_until: string | null
  fixed_at: string | null
  acceptance_announced: AcceptanceAnnounced
}

export async function writeStatuses(
  tx: Db,
  input: { organizationId: string; now: Date },
  changes: readonly StatusChange[],
): Promise<void> {
  if (changes.length === 0) return
  await sql`
    update vulnerability v set status = r.status, status_reason = r.status_reason, accepted_until = r.accepted_until,
      fixed_at = r.fixed_at, acceptance_announced = r.acceptance_announced,
      sla_announced = case when r.status in ('fixed', 'false_positive', 'suppressed') then 'none' else v.sla_announced end,
      version = v.version + 1, updated_at = ${input.now}
    from json_to_recordset(${JSON.stringify(changes)}::json)
      as r(id uuid, status text, status_reason text, accepted_until date, fixed_at timestamptz, acceptance_announced text)
    where v.organization_id = ${input.organizationId}::uuid and v.id = r.id`.execute(tx)
}
