import { type RawBuilder, sql } from 'kysely'
import type { FindingKind } from '../../domain/finding-kind.ts'
import type { Severity } from '../../domain/severity.ts'
import type { Status } from '../../domain/status.ts'
import type { Db } from '../db.ts'
import type { FindingEvidence } from './findings.ts'
import { type FilterScope, type VulnerabilityFilters, whereFilters } from './vulnerability-filters.ts'

/** A vulnerability as it is told to others. */
export type ExportRow = {
  id: string
  number: number
  title: string
  description: string
  severity: Severity
  severity_source: 'cvss' | 'tool' | 'person' | 'impact'
  severity_reason: string | null
  cvss_vector: string | null
  cvss_score: string | null
  cwes: number[]
  aliases: string[]
  tags: string[]
  kind: FindingKind
  status: Status
  status_reason: string | null
  accepted_until: string | null
  asset_key: string
  asset_name: string
  branch: string
  scanner: string
  rule_id: string
  path: string | null
  line: number | null
  assignee: string | null
  findings: number
  items: string[]
  epss_probability: number | null
  known_exploited: boolean
  opened_at: Date
  due_at: Date | null
  fixed_at: Date | null
  last_seen_at: Date
  updated_at: Date
}

export type ExportQuery = FilterScope & { filters: VulnerabilityFilters; after: string | null; limit: number }

/** In the order of their ids: whatever is changed while thousands are read, each comes once. */
export async function listExportRows(db: Db, query: ExportQuery): Promise<ExportRow[]> {
  return selectRows(
    db,
    sql`select v.organization_id, v.id from vulnerability v where ${whereFilters(query, query.filters)}
      and ${query.after === null ? sql`true` : sql`v.id > ${query.after}::uuid`} order by v.id limit ${query.limit}`,
  )
}

export async function listExportRowsById(
  db: Db,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<ExportRow[]> {
  return selectRows(
    db,
    sql`select v.organization_id, v.id from vulnerability v
      where v.organization_id = ${organizationId}::uuid and v.id = any(${[...ids]}::uuid[])`,
  )
}

async function selectRows(db: Db, page: RawBuilder<unknown>): Promise<ExportRow[]> {
  const found = await sql<ExportRow>`
    select v.id, v.number, v.title, v.description, v.severity, v.severity_source, v.severity_reason, v.cvss_vector,
      v.cvss_score, v.cwes, v.aliases, v.tags, v.kind, v.status, v.status_reason, v.accepted_until, a.key as asset_key,
      a.name as asset_name, v.branch, v.scanner, v.rule_id, v.path, v.line, m.name as assignee, v.epss_probability,
      v.known_exploited, v.opened_at, v.due_at, v.fixed_at, v.last_seen_at, v.updated_at,
      (select count(*)::integer from finding f where f.organization_id = v.organization_id and f.vulnerability_id = v.id) as findings,
      array(select d.url from defect d where d.organization_id = v.organization_id and d.vulnerability_id = v.id
        and d.ended_at is null and d.url is not null order by d.created_at, d.id) as items
    from (${page}) page
    join vulnerability v on v.organization_id = page.organization_id and v.id = page.id
    join asset a on a.organization_id = v.organization_id and a.id = v.asset_id
    left join member m on m.organization_id = v.organization_id and m.id = v.assignee_member_id
    order by v.id`.execute(db)
  return found.rows
}

/** What a scanner says of one place, with the vulnerability it belongs to. */
export type ExportFinding = {
  id: string
  vulnerability_id: string
  kind: FindingKind
  scanner: string
  rule_id: string
  title: string
  message: string
  severity: Severity
  cvss_vector: string | null
  cwes: number[]
  aliases: string[]
  path: string | null
  start_line: number | null
  end_line: number | null
  start_column: number | null
  snippet: string | null
  help_uri: string | null
  /** Older imports kept less. */
  evidence: Partial<FindingEvidence>
}

/** What still tells of these vulnerabilities; of one that no report tells of any more, what did. */
export async function listExportFindings(
  db: Db,
  query: { organizationId: string; vulnerabilityIds: readonly string[]; scanner?: string },
): Promise<ExportFinding[]> {
  const found = await sql<ExportFinding>`
    select f.id, f.vulnerability_id, f.kind, f.scanner, f.rule_id, f.title, f.message, f.severity, f.cvss_vector, f.cwes,
      f.aliases, f.path, f.start_line, f.end_line, f.start_column, f.snippet, f.help_uri, f.evidence
    from finding f
    where f.organization_id = ${query.organizationId}::uuid and f.vulnerability_id = any(${[...query.vulnerabilityIds]}::uuid[])
      and ${query.scanner === undefined ? sql`true` : sql`f.scanner = ${query.scanner}`}
      and (f.active or not exists (select from finding o where o.organization_id = f.organization_id
        and o.vulnerability_id = f.vulnerability_id and o.active))
    order by f.path, f.start_line, f.id`.execute(db)
  return found.rows
}

/** Scanners that tell of what the filters match; null stands for people, whose vulnerabilities have no finding. */
export async function listExportScanners(
  db: Db,
  scope: FilterScope,
  filters: VulnerabilityFilters,
): Promise<(string | null)[]> {
  const found = await sql<{ scanner: string | null }>`
    select distinct f.scanner from vulnerability v
    left join finding f on f.organization_id = v.organization_id and f.vulnerability_id = v.id
    where ${whereFilters(scope, filters)} order by 1`.execute(db)
  return found.rows.map((row) => row.scanner)
}

/** Ids of vulnerabilities one scanner tells of (null: that nobody but people tell of), behind `after`. */
export async function listExportIds(db: Db, query: ExportQuery & { scanner: string | null }): Promise<string[]> {
  const told = sql`select from finding f where f.organization_id = v.organization_id and f.vulnerability_id = v.id`
  const found = await sql<{ id: string }>`
    select v.id from vulnerability v
    where ${whereFilters(query, query.filters)} and ${query.after === null ? sql`true` : sql`v.id > ${query.after}::uuid`}
      and ${query.scanner === null ? sql`not exists (${told})` : sql`exists (${told} and f.scanner = ${query.scanner})`}
    order by v.id limit ${query.limit}`.execute(db)
  return found.rows.map((row) => row.id)
}
