import { type Selectable, sql } from 'kysely'
import type { FindingKind } from '../../domain/finding-kind.ts'
import { type Severity, severities } from '../../domain/severity.ts'
import type { Db } from '../db.ts'
import type { PageRequest } from '../page.ts'
import type { PolicyTable } from '../schema.gen.ts'
import { slaState } from './sla-state.ts'

export type PolicyRow = Selectable<PolicyTable>

/** What a policy asks for; an empty list is no condition. */
export type PolicyConditions = {
  minSeverity: Severity
  kinds: readonly FindingKind[]
  assetIds: readonly string[]
  /** Of assets. */
  tags: readonly string[]
  branches: readonly string[]
  slaStates: readonly PolicySlaState[]
}
type PolicySlaState = 'on_track' | 'approaching' | 'breached'

export type PolicyFields = PolicyConditions & {
  name: string
  enabled: boolean
  /** Most that one import sends by it. */
  maxPerRun: number
}

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
      kinds: [...input.kinds],
      asset_ids: [...input.assetIds],
      tags: [...input.tags],
      branches: [...input.branches],
      sla_states: [...input.slaStates],
      max_per_run: input.maxPerRun,
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
      ...(change.kinds !== undefined && { kinds: [...change.kinds] }),
      ...(change.assetIds !== undefined && { asset_ids: [...change.assetIds] }),
      ...(change.tags !== undefined && { tags: [...change.tags] }),
      ...(change.branches !== undefined && { branches: [...change.branches] }),
      ...(change.slaStates !== undefined && { sla_states: [...change.slaStates] }),
      ...(change.maxPerRun !== undefined && { max_per_run: change.maxPerRun }),
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

/** An open vulnerability that enabled policies send; `policies` are in the order they were made, with what each may send. */
export type Wanted = { id: string; isSent: boolean; policies: readonly { id: string; maxPerRun: number }[] }

const openStatuses = sql`('created', 'identified', 'in_progress', 'awaiting_validation')`

/**
 * Of these vulnerabilities the open ones that some enabled policy sends, worst first. `because`: what brought them up; a
 * deadline alone concerns policies that ask for one.
 */
export async function listWantedByPolicies(
  db: Db,
  input: {
    organizationId: string
    vulnerabilityIds: readonly string[]
    because: 'appeared' | 'deadline'
    now: Date
  },
): Promise<Wanted[]> {
  const { organizationId, vulnerabilityIds } = input
  if (vulnerabilityIds.length === 0) return []
  const found = await sql<Wanted>`
    select v.id, v.is_sent as "isSent", wanted.policies from vulnerability v
    join asset a on a.organization_id = v.organization_id and a.id = v.asset_id
    cross join lateral (
      select json_agg(json_build_object('id', p.id, 'maxPerRun', p.max_per_run) order by p.id) as policies
      from policy p where p.organization_id = v.organization_id and p.enabled
        and array_position(${severityList}, v.severity) <= array_position(${severityList}, p.min_severity)
        and (cardinality(p.kinds) = 0 or v.kind = any(p.kinds))
        and (cardinality(p.asset_ids) = 0 or v.asset_id = any(p.asset_ids))
        and (cardinality(p.tags) = 0 or a.tags && p.tags)
        and (cardinality(p.branches) = 0 or v.branch = any(p.branches))
        and (cardinality(p.sla_states) > 0 or ${input.because === 'appeared'})
        and (cardinality(p.sla_states) = 0 or ${slaState(input)} = any(p.sla_states))) as wanted
    where v.organization_id = ${organizationId}::uuid and v.id = any(${[...vulnerabilityIds]}::uuid[])
      and v.status in ${openStatuses} and wanted.policies is not null
    order by array_position(${severityList}, v.severity), v.number`.execute(db)
  return found.rows
}

export type PolicyTrial = {
  matching: number
  alreadySent: number
  /** Of what would be sent. */
  bySeverity: Readonly<Partial<Record<Severity, number>>>
  /** What would be sent, worst first, at most `limit`. */
  ids: string[]
}

type Trial = { organizationId: string; conditions: PolicyConditions; limit: number; now: Date }

/** What a policy with these conditions would send of what is open now. */
export async function tryConditions(db: Db, query: Trial): Promise<PolicyTrial> {
  const found = await sql<{ matching: number; already_sent: number; by_severity: unknown; ids: string[] | null }>`
    with wanted as (
      select v.id, v.severity, v.number, v.is_sent from vulnerability v
      join asset a on a.organization_id = v.organization_id and a.id = v.asset_id
      where ${matches(query)})
    select count(*) as matching, count(*) filter (where is_sent) as already_sent,
      (select json_object_agg(severity, n) from (
        select severity, count(*) as n from wanted where not is_sent group by severity) as counted) as by_severity,
      (select array_agg(id) from (select id from wanted where not is_sent
        order by array_position(${severityList}, severity), number limit ${query.limit}) as first) as ids
    from wanted`.execute(db)
  const row = found.rows[0]
  return {
    matching: row?.matching ?? 0,
    alreadySent: row?.already_sent ?? 0,
    bySeverity: toCounts(row?.by_severity),
    ids: row?.ids ?? [],
  }
}

function matches({ organizationId, conditions, now }: Trial) {
  const { minSeverity, kinds, assetIds, tags, branches, slaStates } = conditions
  const parts = [
    sql`v.organization_id = ${organizationId}::uuid and v.merged_into is null and v.status in ${openStatuses}`,
    sql`array_position(${severityList}, v.severity) <= array_position(${severityList}, ${minSeverity}::text)`,
    ...(kinds.length === 0 ? [] : [sql`v.kind = any(${[...kinds]}::text[])`]),
    ...(assetIds.length === 0 ? [] : [sql`v.asset_id = any(${[...assetIds]}::uuid[])`]),
    ...(tags.length === 0 ? [] : [sql`a.tags && ${[...tags]}::text[]`]),
    ...(branches.length === 0 ? [] : [sql`v.branch = any(${[...branches]}::text[])`]),
    ...(slaStates.length === 0 ? [] : [sql`${slaState({ organizationId, now })} = any(${[...slaStates]}::text[])`]),
  ]
  return sql.join(parts, sql` and `)
}

function toCounts(value: unknown): PolicyTrial['bySeverity'] {
  const given =
    typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : new Map<string, unknown>()
  return Object.fromEntries(
    severities.flatMap((severity) => {
      const count = given.get(severity)
      return typeof count === 'number' ? [[severity, count]] : []
    }),
  )
}

/** Notes what policies kept back, for a person to send. `counts` are by policy. */
export async function noteHeldBack(
  tx: Db,
  input: { organizationId: string; counts: ReadonlyMap<string, number>; now: Date },
): Promise<void> {
  const rows = [...input.counts].map(([id, count]) => ({ id, count }))
  await sql`
    update policy p set held_back = p.held_back + r.count, held_back_at = ${input.now}
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(id uuid, count integer)
    where p.organization_id = ${input.organizationId}::uuid and p.id = r.id`.execute(tx)
}

/** Somebody sends what matches the policy, but for `left`. */
export async function setHeldBack(
  tx: Db,
  key: { organizationId: string; id: string },
  { left, now }: { left: number; now: Date },
): Promise<void> {
  await tx
    .updateTable('policy')
    .set({ held_back: left, held_back_at: left === 0 ? null : now })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}
