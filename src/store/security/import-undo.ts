import { sql } from 'kysely'
import type { Status } from '../../domain/status.ts'
import type { Db } from '../db.ts'
import { keepPersonsWords, wordsBefore } from './scan-words.ts'

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

/**
 * The scan's words of vulnerabilities as they were before an import. What a person said otherwise stays as it is now. Several
 * findings may tell of one vulnerability: the first item that remembers its words saw it before the import changed it.
 */
export async function restoreVulnerabilities(tx: Db, key: ImportKey & { now: Date }): Promise<void> {
  const { organizationId, importId, now } = key
  await sql`
    update vulnerability v set ${keepPersonsWords(wordsBefore)},
      cwes = o.cwes, aliases = o.aliases, path = o.path, line = o.line,
      last_seen_at = o.seen_before, version = v.version + 1, updated_at = ${now}
    from (
      select distinct on (present.id) o.*, min(o.last_seen_at) over (partition by present.id) as seen_before
      from import_item i
      join finding f on f.organization_id = i.organization_id and f.id = i.finding_id
      join vulnerability present on present.organization_id = f.organization_id
        and present.id = coalesce((i.state_before #>> '{vulnerability,id}')::uuid, f.vulnerability_id)
      cross join lateral jsonb_populate_record(present, i.state_before -> 'vulnerability') as o
      where i.organization_id = ${organizationId}::uuid and i.import_id = ${importId}::uuid and i.state_before is not null
      order by present.id, (i.state_before #> '{vulnerability,title}') is null, i.position
    ) o
    where v.organization_id = o.organization_id and v.id = o.id`.execute(tx)
}

/** Vulnerabilities an import told of; asked before its findings go. */
export async function listVulnerabilitiesOfImport(tx: Db, { organizationId, importId }: ImportKey): Promise<string[]> {
  const found = await sql<{ id: string }>`
    select distinct f.vulnerability_id as id from import_item i
    join finding f on f.organization_id = i.organization_id and f.id = i.finding_id
    where i.organization_id = ${organizationId}::uuid and i.import_id = ${importId}::uuid`.execute(tx)
  return found.rows.map(({ id }) => id)
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
    where i.organization_id = ${organizationId}::uuid and i.import_id = ${importId}::uuid and o.id = v.id and o.status <> v.status
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

/** How many findings an import changed, and how much evidence it added to vulnerabilities that were there before it. */
export async function countUndoWork(
  db: Db,
  { organizationId, importId }: ImportKey,
): Promise<{ findings: number; evidence: number }> {
  const found = await sql<{ findings: number; evidence: number }>`
    select count(*) filter (where step <> 'merged' and state_before is not null)::integer as findings,
      count(*) filter (where step = 'merged' and finding_id is not null)::integer as evidence
    from import_item where organization_id = ${organizationId}::uuid and import_id = ${importId}::uuid`.execute(db)
  return found.rows[0] ?? { findings: 0, evidence: 0 }
}

/** `because`: what was done with it meanwhile; null where nobody did anything. */
export type MadeVulnerability = {
  id: string
  number: number
  title: string
  because: 'sent' | 'discussed' | 'changed' | 'other_evidence' | null
}

/**
 * What an import made, split: vulnerabilities that nobody touched can go again; those that were sent, discussed, moved or
 * assigned stay, since nothing that somebody said is ever deleted.
 */
export async function listMadeByImport(tx: Db, { organizationId, importId }: ImportKey): Promise<MadeVulnerability[]> {
  const found = await sql<MadeVulnerability>`
    select v.id, v.number, v.title, case
      when exists (select from defect d where d.organization_id = v.organization_id and d.vulnerability_id = v.id)
        or exists (select from operation o where o.organization_id = v.organization_id and o.vulnerability_id = v.id)
        then 'sent'
      when exists (select from message m where m.organization_id = v.organization_id and m.vulnerability_id = v.id)
        or exists (select from notification n where n.organization_id = v.organization_id and n.vulnerability_id = v.id
        and n.kind not in ('deadline_approaching', 'deadline_breached', 'new_critical'))
        then 'discussed'
      when v.assignee_member_id is not null or v.scan_severity is not null
        or exists (select from vulnerability_event e where e.organization_id = v.organization_id and e.vulnerability_id = v.id
          and e.import_id is distinct from ${importId}::uuid and e.kind <> 'deadline')
        then 'changed'
      when exists (select from finding o where o.organization_id = v.organization_id and o.vulnerability_id = v.id
          and o.first_import_id <> ${importId}::uuid)
        then 'other_evidence'
      end as because
    from vulnerability v
    where v.organization_id = ${organizationId}::uuid and exists (select from finding f where f.organization_id = v.organization_id
      and f.vulnerability_id = v.id and f.first_import_id = ${importId}::uuid
      and not exists (select from import_item i where i.organization_id = f.organization_id and i.finding_id = f.id
        and i.import_id = f.first_import_id and i.step = 'merged'))
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
  await sql`delete from notification where organization_id = ${organizationId}::uuid and vulnerability_id = ${ids}`.execute(
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
