import { sql } from 'kysely'
import type { Status } from '../../domain/status.ts'
import type { Db } from '../db.ts'

type ImportKey = { organizationId: string; importId: string }

/** Findings as they were before an import, from what its items remember; what it made is not touched here. */
export async function restoreFindings(tx: Db, { organizationId, importId }: ImportKey): Promise<void> {
  await sql`
    update finding f set title = o.title, message = o.message, severity = o.severity, cvss_vector = o.cvss_vector, cwes = o.cwes,
      aliases = o.aliases, path = o.path, start_line = o.start_line, end_line = o.end_line, start_column = o.start_column,
      snippet = o.snippet, help_uri = o.help_uri, tool_key = o.tool_key, content_key = o.content_key,
      content_index = o.content_index, kind = o.kind, place_key = o.place_key, moved_key = o.moved_key, sketch = o.sketch,
      package_key = o.package_key,      advisory_names = o.advisory_names, body_hash = o.body_hash, active = o.active, evidence = o.evidence,
      commit_hash = o.commit_hash, last_import_id = o.last_import_id, last_step = o.last_step, updated_at = o.updated_at
    from import_item i
    join finding present on present.organization_id = i.organization_id and present.id = i.finding_id
    cross join lateral jsonb_populate_record(present, i.state_before -> 'finding') as o
    where i.organization_id = ${organizationId}::uuid and i.import_id = ${importId}::uuid and i.state_before is not null
      and f.organization_id = i.organization_id and f.id = i.finding_id`.execute(tx)
}

/** The scan's words of vulnerabilities as they were before an import. What a person set since then stays. */
export async function restoreVulnerabilities(tx: Db, key: ImportKey & { now: Date }): Promise<void> {
  const { organizationId, importId, now } = key
  await sql`
    update vulnerability v set title = o.title, description = o.description,
      severity = case v.severity_source when 'person' then v.severity else o.severity end,
      severity_source = case v.severity_source when 'person' then 'person' else o.severity_source end,
      cvss_vector = o.cvss_vector, cvss_score = o.cvss_score, cwes = o.cwes, aliases = o.aliases, path = o.path, line = o.line,
      last_seen_at = o.last_seen_at, version = v.version + 1, updated_at = ${now}
    from import_item i
    join finding f on f.organization_id = i.organization_id and f.id = i.finding_id
    join vulnerability present on present.organization_id = f.organization_id and present.id = f.vulnerability_id
    cross join lateral jsonb_populate_record(present, i.state_before -> 'vulnerability') as o
    where i.organization_id = ${organizationId}::uuid and i.import_id = ${importId}::uuid and i.state_before is not null
      and v.organization_id = f.organization_id and v.id = f.vulnerability_id`.execute(tx)
}

export type StatusBefore = {
  vulnerabilityId: string
  status: Status
  statusReason: string | null
  acceptedUntil: string | null
  fixedAt: string | null
}

/** Statuses this import changed and nobody changed since, as they were before it. */
export async function listStatusesToRestore(tx: Db, { organizationId, importId }: ImportKey): Promise<StatusBefore[]> {
  const found = await sql<StatusBefore>`
    select distinct on (v.id) v.id as "vulnerabilityId", o.status, o.status_reason as "statusReason",
      o.accepted_until as "acceptedUntil", i.state_before -> 'vulnerability' ->> 'fixed_at' as "fixedAt"
    from import_item i
    join finding f on f.organization_id = i.organization_id and f.id = i.finding_id
    join vulnerability v on v.organization_id = f.organization_id and v.id = f.vulnerability_id
    cross join lateral jsonb_populate_record(v, i.state_before -> 'vulnerability') as o
    where i.organization_id = ${organizationId}::uuid and i.import_id = ${importId}::uuid and o.status <> v.status
      and ${importId}::uuid = (select e.import_id from vulnerability_event e where e.organization_id = v.organization_id
        and e.vulnerability_id = v.id and e.kind in ('status', 'found', 'import_undone')
        order by e.created_at desc, e.id desc limit 1)
    order by v.id, i.position`.execute(tx)
  return found.rows
}

/** Takes away what an import added to vulnerabilities that were there before it. Items that told of it stay. */
export async function deleteMerged(tx: Db, { organizationId, importId }: ImportKey): Promise<void> {
  const found = await sql<{ finding_id: string }>`
    select finding_id from import_item where organization_id = ${organizationId}::uuid and import_id = ${importId}::uuid
      and step = 'merged' and finding_id is not null`.execute(tx)
  const ids = found.rows.map((row) => row.finding_id)
  if (ids.length === 0) return
  await sql`update import_item set finding_id = null
    where organization_id = ${organizationId}::uuid and finding_id = any(${ids}::uuid[])`.execute(tx)
  const gone = await sql<{ vulnerability_id: string }>`
    delete from finding where organization_id = ${organizationId}::uuid and id = any(${ids}::uuid[])
    returning vulnerability_id`.execute(tx)
  const vulnerabilities = [...new Set(gone.rows.map((row) => row.vulnerability_id))]
  await sql`delete from vulnerability_event
    where organization_id = ${organizationId}::uuid and vulnerability_id = any(${vulnerabilities}::uuid[])
      and import_id = ${importId}::uuid and kind = 'merged'`.execute(tx)
}

/**
 * What an import made, split: vulnerabilities that nobody touched can go again; those that were sent, discussed, moved or
 * assigned stay, since nothing that somebody said is ever deleted.
 */
export async function listMadeByImport(
  tx: Db,
  { organizationId, importId }: ImportKey,
): Promise<{ id: string; isTouched: boolean }[]> {
  const found = await sql<{ id: string; isTouched: boolean }>`
    select v.id, (v.assignee_member_id is not null or v.severity_source = 'person'
      or exists (select from defect d where d.organization_id = v.organization_id and d.vulnerability_id = v.id)
      or exists (select from message m where m.organization_id = v.organization_id and m.vulnerability_id = v.id)
      or exists (select from notification n where n.organization_id = v.organization_id and n.vulnerability_id = v.id)
      or exists (select from operation o where o.organization_id = v.organization_id and o.vulnerability_id = v.id)
      or exists (select from vulnerability_event e where e.organization_id = v.organization_id and e.vulnerability_id = v.id
        and e.import_id is distinct from ${importId}::uuid)
      or exists (select from finding o where o.organization_id = v.organization_id and o.vulnerability_id = v.id
        and o.first_import_id <> ${importId}::uuid)) as "isTouched"
    from vulnerability v
    where v.organization_id = ${organizationId}::uuid and exists (select from finding f where f.organization_id = v.organization_id
      and f.vulnerability_id = v.id and f.first_import_id = ${importId}::uuid)
    order by v.id`.execute(tx)
  return found.rows
}

/** Removes untouched vulnerabilities with their findings and history; items that told of them stay, of previews too. */
export async function deleteMade(
  tx: Db,
  key: { organizationId: string },
  vulnerabilityIds: readonly string[],
): Promise<void> {
  if (vulnerabilityIds.length === 0) return
  const { organizationId } = key
  const ids = sql`any(${[...vulnerabilityIds]}::uuid[])`
  await sql`
    update import_item i set finding_id = null from finding f
    where i.organization_id = ${organizationId}::uuid
      and f.organization_id = i.organization_id and f.id = i.finding_id and f.vulnerability_id = ${ids}`.execute(tx)
  await sql`delete from finding where organization_id = ${organizationId}::uuid and vulnerability_id = ${ids}`.execute(
    tx,
  )
  await sql`delete from vulnerability_event where organization_id = ${organizationId}::uuid and vulnerability_id = ${ids}`.execute(
    tx,
  )
  await sql`delete from vulnerability where organization_id = ${organizationId}::uuid and id = ${ids}`.execute(tx)
}

/** Findings of this import whose vulnerabilities stay: no report tells of them any more. */
export async function deactivateMade(
  tx: Db,
  key: ImportKey & { now: Date },
  vulnerabilityIds: readonly string[],
): Promise<void> {
  if (vulnerabilityIds.length === 0) return
  await sql`
    update finding set active = false, updated_at = ${key.now}
    where organization_id = ${key.organizationId}::uuid and first_import_id = ${key.importId}::uuid
      and vulnerability_id = any(${[...vulnerabilityIds]}::uuid[])`.execute(tx)
}
