import { sql } from 'kysely'
import type { FindingKind } from '../../domain/finding-kind.ts'
import type { ExistingFinding } from '../../domain/matching/identities.ts'
import type { KnownEvidence } from '../../domain/matching/merge-across.ts'
import type { Severity } from '../../domain/severity.ts'
import type { Status } from '../../domain/status.ts'
import type { Db } from '../db.ts'

/** What else a report says of a finding; shown, never searched. */
export type FindingEvidence = {
  flow: unknown[]
  other_places: unknown[]
  suppressed: string | null
  package: { ecosystem: string; name: string; version: string | null; fixed_in: string | null } | null
  endpoint: { origin: string; method: string; path: string; parameter: string } | null
  resource: string | null
}

/** What a report says of a finding, as the columns hold it; the names are the columns' own, so that a batch is one JSON. */
export type FindingBody = {
  scanner: string
  format: string
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
  tool_key: string | null
  content_key: string
  content_index: number
  kind: FindingKind
  place_key: string | null
  moved_key: string | null
  sketch: string | null
  package_key: string | null
  advisory_names: readonly string[]
  body_hash: string
  evidence: FindingEvidence
}

export type NewFinding = FindingBody & { id: string; vulnerability_id: string; last_step: string }
export type SeenFinding = { id: string; last_step: string; content_index: number; active: boolean }
export type RefreshedFinding = FindingBody & SeenFinding

/** The import that writes: everything it touches carries these. */
export type ImportContext = {
  organizationId: string
  assetId: string
  branch: string
  importId: string
  commitHash: string | null
  now: Date
}

const bodyColumns = `scanner text, format text, rule_id text, title text, message text, severity text, cvss_vector text,
  cwes integer[], aliases text[], path text, start_line integer, end_line integer, start_column integer, snippet text,
  help_uri text, tool_key text, content_key text, content_index integer, kind text, place_key text, moved_key text,
  sketch text, package_key text, advisory_names text[], body_hash text, evidence jsonb`

/** Findings of some scanners at an asset's branch, with what matching needs of them. */
export async function listExistingFindings(
  db: Db,
  place: { organizationId: string; assetId: string; branch: string; scanners: readonly string[] },
): Promise<ExistingFinding[]> {
  return db
    .selectFrom('finding as f')
    .innerJoin('vulnerability as v', (join) =>
      join.onRef('v.organization_id', '=', 'f.organization_id').onRef('v.id', '=', 'f.vulnerability_id'),
    )
    .select([
      'f.id',
      'f.kind',
      'f.scanner',
      'f.rule_id as ruleId',
      'f.tool_key as toolKey',
      'f.content_key as contentKey',
      'f.content_index as contentIndex',
      'f.place_key as placeKey',
      'f.moved_key as movedKey',
      'f.sketch',
      'f.package_key as packageKey',
      'f.advisory_names as names',
      'f.path',
      'f.start_line as line',
      'f.active',
      'v.status',
      'f.body_hash as bodyHash',
    ])
    .where('f.organization_id', '=', place.organizationId)
    .where('f.asset_id', '=', place.assetId)
    .where('f.branch', '=', place.branch)
    .where('f.scanner', '=', sql<string>`any(${[...place.scanners]}::text[])`)
    .orderBy('f.id')
    .execute()
}

/**
 * What scanners say of packages at an asset's branch, with the status of the vulnerabilities they belong to. Of what is gone
 * only that which a person decided about, or took apart.
 */
export async function listPackageEvidence(
  db: Db,
  place: { organizationId: string; assetId: string; branch: string; packageKeys: readonly string[] },
): Promise<(KnownEvidence & { findingId: string; status: Status })[]> {
  if (place.packageKeys.length === 0) return []
  const found = await db
    .selectFrom('finding as f')
    .innerJoin('vulnerability as v', (join) =>
      join.onRef('v.organization_id', '=', 'f.organization_id').onRef('v.id', '=', 'f.vulnerability_id'),
    )
    .select([
      'f.id as findingId',
      'f.vulnerability_id as vulnerabilityId',
      'f.scanner',
      'f.package_key as packageKey',
      'f.advisory_names as names',
      'f.path',
      'f.active',
      'v.status',
    ])
    .where('f.organization_id', '=', place.organizationId)
    .where('f.asset_id', '=', place.assetId)
    .where('f.branch', '=', place.branch)
    .where('f.package_key', '=', sql<string>`any(${[...place.packageKeys]}::text[])`)
    .where((where) =>
      where.or([
        where('f.active', '=', true),
        where('v.status', 'in', ['false_positive', 'risk_accepted']),
        where('v.apart_group', 'is not', null),
      ]),
    )
    .orderBy('f.id')
    .execute()
  const groups = await listApartGroups(
    db,
    place.organizationId,
    found.map((row) => row.vulnerabilityId),
  )
  return found.map((row) => ({ ...row, apartGroups: groups.get(row.vulnerabilityId) ?? [] }))
}

/** By vulnerability the groups it was taken apart in: its own, and those of what was merged into it. */
export async function listApartGroups(
  db: Db,
  organizationId: string,
  vulnerabilityIds: readonly string[],
): Promise<Map<string, string[]>> {
  const ids = [...new Set(vulnerabilityIds)]
  if (ids.length === 0) return new Map()
  const found = await sql<{ id: string; groups: string[] }>`
    with recursive line as (
      select v.id as top, v.id, v.apart_group from vulnerability v
      where v.organization_id = ${organizationId}::uuid and v.id = any(${ids}::uuid[])
      union
      select line.top, m.id, m.apart_group from line
      join vulnerability m on m.organization_id = ${organizationId}::uuid and m.merged_into = line.id
    )
    select top as id, array_agg(distinct apart_group) as groups from line where apart_group is not null group by top`.execute(
    db,
  )
  return new Map(found.rows.map((row) => [row.id, row.groups]))
}

export async function insertFindings(tx: Db, context: ImportContext, rows: readonly NewFinding[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    insert into finding (organization_id, id, asset_id, branch, vulnerability_id, scanner, format, rule_id, title, message,
      severity, cvss_vector, cwes, aliases, path, start_line, end_line, start_column, snippet, help_uri, tool_key,
      content_key, content_index, kind, place_key, moved_key, sketch, package_key, advisory_names, body_hash, evidence, last_step, commit_hash, first_import_id, last_import_id, created_at, updated_at)
    select ${context.organizationId}::uuid, r.id, ${context.assetId}::uuid, ${context.branch}, r.vulnerability_id, r.scanner, r.format,
      r.rule_id, r.title, r.message, r.severity, r.cvss_vector, r.cwes, r.aliases, r.path, r.start_line, r.end_line,
      r.start_column, r.snippet, r.help_uri, r.tool_key, r.content_key, r.content_index, r.kind, r.place_key,
      r.moved_key, r.sketch, r.package_key, r.advisory_names, r.body_hash, r.evidence, r.last_step,
      ${context.commitHash}, ${context.importId}::uuid, ${context.importId}::uuid, ${context.now}, ${context.now}
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as r(id uuid, vulnerability_id uuid, last_step text, ${sql.raw(bodyColumns)})`.execute(tx)
}

/** Findings whose words did not change: only that they were seen again. */
export async function touchFindings(tx: Db, context: ImportContext, rows: readonly SeenFinding[]): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update finding f set last_import_id = ${context.importId}::uuid, last_step = r.last_step, active = r.active,
      content_index = r.content_index, commit_hash = coalesce(${context.commitHash}::text, f.commit_hash), updated_at = ${context.now}
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as r(id uuid, last_step text, content_index integer, active boolean)
    where f.organization_id = ${context.organizationId}::uuid and f.id = r.id
      and f.id = any(${rows.map((row) => row.id)}::uuid[])`.execute(tx)
}

/** Findings the report says something new about; the scanner's newest words win. */
export async function refreshFindings(
  tx: Db,
  context: ImportContext,
  rows: readonly RefreshedFinding[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update finding f set last_import_id = ${context.importId}::uuid, last_step = r.last_step, active = r.active, title = r.title,
      message = r.message, severity = r.severity, cvss_vector = r.cvss_vector, cwes = r.cwes, aliases = r.aliases,
      path = r.path, start_line = r.start_line, end_line = r.end_line, start_column = r.start_column, snippet = r.snippet,
      help_uri = r.help_uri, tool_key = r.tool_key, content_key = r.content_key, content_index = r.content_index,
      kind = r.kind, place_key = r.place_key, moved_key = r.moved_key, sketch = r.sketch, package_key = r.package_key,
      advisory_names = r.advisory_names,
      body_hash = r.body_hash, evidence = r.evidence, commit_hash = coalesce(${context.commitHash}::text, f.commit_hash), updated_at = ${context.now}
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as r(id uuid, last_step text, active boolean, ${sql.raw(bodyColumns)})
    where f.organization_id = ${context.organizationId}::uuid and f.id = r.id
      and f.id = any(${rows.map((row) => row.id)}::uuid[])`.execute(tx)
}

/** Ends findings; answers the vulnerabilities that have no active finding left. */
export async function closeFindings(tx: Db, context: ImportContext, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const ended = await sql<{ vulnerability_id: string }>`
    update finding set active = false, updated_at = ${context.now}
    where organization_id = ${context.organizationId}::uuid and id = any(${[...ids]}::uuid[])
    returning vulnerability_id`.execute(tx)
  const touched = [...new Set(ended.rows.map((row) => row.vulnerability_id))]
  const left = await sql<{ id: string }>`
    select t.id from unnest(${touched}::uuid[]) as t(id)
    where not exists (select from finding f where f.organization_id = ${context.organizationId}::uuid and f.vulnerability_id = t.id and f.active)
    order by t.id`.execute(tx)
  return left.rows.map((row) => row.id)
}

export async function listVulnerabilitiesOfFindings(
  db: Db,
  organizationId: string,
  findingIds: readonly string[],
): Promise<Map<string, string>> {
  if (findingIds.length === 0) return new Map()
  const found = await sql<{ id: string; vulnerability_id: string }>`
    select id, vulnerability_id from finding
    where organization_id = ${organizationId}::uuid and id = any(${[...findingIds]}::uuid[])`.execute(db)
  return new Map(found.rows.map((row) => [row.id, row.vulnerability_id]))
}
