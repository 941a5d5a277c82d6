import { type Selectable, sql } from 'kysely'
import { type Severity, severities } from '../../domain/severity.ts'
import type { Db } from '../db.ts'
import type { PageRequest } from '../page.ts'
import type { PolicyTable } from '../schema.gen.ts'

export type PolicyRow = Selectable<PolicyTable>

export type PolicyFields = {
  name: string
  enabled: boolean
  minSeverity: Severity
  assetIds: readonly string[]
  tags: readonly string[]
}

/** What a policy asks for: any asset and any tag when the lists are empty. */
export type PolicyConditions = { minSeverity: Severity; assetIds: readonly string[]; tags: readonly string[] }

const severityList = sql`array[${sql.join(severities.map((severity) => sql.lit(severity)))}]::text[]`

export async function insertPolicy(
  tx: Db,
  input: PolicyFields & { organizationId: string; id: string; createdBy: string | null; now: Date },
): Promise<void> {
  await tx
    .insertInto('policy')
    .values({
      organization_id: input.organizationId,
      id: input.id,
      name: input.name,
      enabled: input.enabled,
      min_severity: input.minSeverity,
      asset_ids: [...input.assetIds],
      tags: [...input.tags],
      created_by: input.createdBy,
      created_at: input.now,
      updated_at: input.now,
    })
    .execute()
}

/** Answers the policy as it is then, or undefined when there is none. */
export async function updatePolicy(
  tx: Db,
  key: { organizationId: string; id: string },
  change: Partial<PolicyFields> & { now: Date },
): Promise<PolicyRow | undefined> {
  return tx
    .updateTable('policy')
    .set({
      updated_at: change.now,
      ...(change.name !== undefined && { name: change.name }),
      ...(change.enabled !== undefined && { enabled: change.enabled }),
      ...(change.minSeverity !== undefined && { min_severity: change.minSeverity }),
      ...(change.assetIds !== undefined && { asset_ids: [...change.assetIds] }),
      ...(change.tags !== undefined && { tags: [...change.tags] }),
    })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .returningAll()
    .executeTakeFirst()
}

export async function deletePolicy(tx: Db, key: { organizationId: string; id: string }): Promise<boolean> {
  const result = await tx
    .deleteFrom('policy')
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .executeTakeFirst()
  return result.numDeletedRows > 0n
}

export async function listPolicies(db: Db, query: { organizationId: string; page: PageRequest }): Promise<PolicyRow[]> {
  let rows = db.selectFrom('policy').selectAll().where('organization_id', '=', query.organizationId)
  if (query.page.after !== null) rows = rows.where('id', '>', query.page.after)
  return rows
    .orderBy('id')
    .limit(query.page.limit + 1)
    .execute()
}

export async function findPolicy(db: Db, key: { organizationId: string; id: string }): Promise<PolicyRow | undefined> {
  return db
    .selectFrom('policy')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .executeTakeFirst()
}

/** Of these vulnerabilities the open ones that some enabled policy sends, worst first. */
export async function listWantedByPolicies(
  db: Db,
  organizationId: string,
  vulnerabilityIds: readonly string[],
): Promise<string[]> {
  if (vulnerabilityIds.length === 0) return []
  const found = await sql<{ id: string }>`
    select v.id from vulnerability v
    join asset a on a.organization_id = v.organization_id and a.id = v.asset_id
    where v.organization_id = ${organizationId}::uuid and v.id = any(${[...vulnerabilityIds]}::uuid[])
      and v.status in ('created', 'identified', 'in_progress', 'awaiting_validation')
      and exists (select from policy p where p.organization_id = v.organization_id and p.enabled
        and array_position(${severityList}, v.severity) <= array_position(${severityList}, p.min_severity)
        and (cardinality(p.asset_ids) = 0 or v.asset_id = any(p.asset_ids))
        and (cardinality(p.tags) = 0 or a.tags && p.tags))
    order by array_position(${severityList}, v.severity), v.number`.execute(db)
  return found.rows.map((row) => row.id)
}

export type PolicyTrial = { matching: number; alreadySent: number; exampleIds: string[] }

/** What a policy with these conditions would send of what is open now; examples are at most `limit`, worst first. */
export async function tryConditions(
  db: Db,
  query: { organizationId: string; conditions: PolicyConditions; limit: number },
): Promise<PolicyTrial> {
  const { organizationId, conditions } = query
  const found = await sql<{ matching: number; already_sent: number; example_ids: string[] | null }>`
    with wanted as (
      select v.id, v.severity, v.number, exists (select from defect d where d.organization_id = v.organization_id
        and d.vulnerability_id = v.id and d.ended_at is null) as is_sent
      from vulnerability v
      join asset a on a.organization_id = v.organization_id and a.id = v.asset_id
      where v.organization_id = ${organizationId}::uuid and v.status in ('created', 'identified', 'in_progress', 'awaiting_validation')
        and array_position(${severityList}, v.severity) <= array_position(${severityList}, ${conditions.minSeverity}::text)
        and (cardinality(${[...conditions.assetIds]}::uuid[]) = 0 or v.asset_id = any(${[...conditions.assetIds]}::uuid[]))
        and (cardinality(${[...conditions.tags]}::text[]) = 0 or a.tags && ${[...conditions.tags]}::text[]))
    select count(*) as matching, count(*) filter (where is_sent) as already_sent,
      (select array_agg(id) from (select id from wanted where not is_sent
        order by array_position(${severityList}, severity), number limit ${query.limit}) as first) as example_ids
    from wanted`.execute(db)
  const row = found.rows[0]
  return { matching: row?.matching ?? 0, alreadySent: row?.already_sent ?? 0, exampleIds: row?.example_ids ?? [] }
}
