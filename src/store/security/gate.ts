import { sql } from 'kysely'
import { type Severity, severities } from '../../domain/severity.ts'
import type { Db } from '../db.ts'

const isOpen = sql`v.merged_into is null and v.status in ('created', 'identified', 'in_progress', 'awaiting_validation')`

/** When a report was last taken in for a branch, the same one again included; null while none was applied. */
export const newestImport = (branch: ReturnType<typeof sql>) => sql<Date | null>`(
  select max(coalesce(i.applied_at, i.created_at)) from import i where i.organization_id = a.organization_id
    and i.asset_id = a.id and i.branch = ${branch} and i.state in ('applied', 'unchanged')
  having bool_or(i.state = 'applied'))`

/** The gate of the organization as it was stored; null where it decided nothing. */
export async function findStoredGate(db: Db, organizationId: string): Promise<unknown> {
  const row = await db
    .selectFrom('organization_settings')
    .select('gate')
    .where('organization_id', '=', organizationId)
    .executeTakeFirst()
  return row?.gate ?? null
}

export async function writeStoredGate(tx: Db, row: { organizationId: string; gate: object; now: Date }): Promise<void> {
  const gate = JSON.stringify(row.gate)
  await tx
    .insertInto('organization_settings')
    .values({ organization_id: row.organizationId, gate, updated_at: row.now })
    .onConflict((conflict) => conflict.column('organization_id').doUpdateSet({ gate, updated_at: row.now }))
    .execute()
}

/** Answers false when there is no such asset. A null takes the override away. */
export async function writeGateOverride(
  tx: Db,
  row: { organizationId: string; assetId: string; override: object | null; now: Date },
): Promise<boolean> {
  const result = await tx
    .updateTable('asset')
    .set({ gate_override: row.override === null ? null : JSON.stringify(row.override), updated_at: row.now })
    .where('organization_id', '=', row.organizationId)
    .where('id', '=', row.assetId)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

type Branch = { organizationId: string; assetId: string; branch: string }

export async function findNewestImport(db: Db, { organizationId, assetId, branch }: Branch): Promise<Date | null> {
  const found = await sql<{ at: Date | null }>`
    select ${newestImport(sql`${branch}`)} as at from asset a
    where a.organization_id = ${organizationId}::uuid and a.id = ${assetId}::uuid`.execute(db)
  return found.rows[0]?.at ?? null
}

export type OldestOpen = { id: string; number: number; title: string; severity: Severity; createdAt: Date }
export type OpenTally = { severity: Severity; count: number; oldestAt: Date | null; old: number; oldest: OldestOpen[] }

/**
 * What is open on a branch, in one statement: counted by severity, with the `limit` oldest of each. `warnsFrom`: those
 * created at that moment or before count as old.
 */
export async function tallyOpen(
  db: Db,
  input: Branch & { warnsFrom: Readonly<Record<Severity, Date | null>>; limit: number },
): Promise<OpenTally[]> {
  const { organizationId, assetId, branch, warnsFrom, limit } = input
  const moments = severities.map((severity) => warnsFrom[severity]?.toISOString() ?? null)
  const isHere = sql`v.organization_id = ${organizationId}::uuid and v.asset_id = ${assetId}::uuid
    and v.branch = ${branch} and ${isOpen} and v.severity = s.severity`
  // A moment in JavaScript has milliseconds, in PostgreSQL microseconds.
  const found = await sql<Omit<OpenTally, 'oldest'> & { oldest: (Omit<OldestOpen, 'createdAt'> & { at: string })[] }>`
    select s.severity, t.count, t."oldestAt", t.old, coalesce(o.oldest, '[]') as oldest
    from unnest(${[...severities]}::text[], ${moments}::timestamptz[]) as s(severity, warns_from)
    cross join lateral (
      select count(*) as count, min(v.opened_at) as "oldestAt",
        count(*) filter (where date_trunc('milliseconds', v.opened_at) <= s.warns_from) as old
      from vulnerability v where ${isHere}) as t
    cross join lateral (
      select json_agg(json_build_object('id', v.id, 'number', v.number, 'title', v.title, 'severity', v.severity,
        'at', v.opened_at)) as oldest
      from (select * from vulnerability v where ${isHere} order by v.opened_at limit ${limit}) as v) as o`.execute(db)
  return found.rows.map((row) => ({
    ...row,
    oldest: row.oldest.map(({ at, ...one }) => ({ ...one, createdAt: new Date(at) })),
  }))
}

export type GateAsset = {
  override: unknown
  newestImportAt: Date | null
  open: { severity: Severity; count: number; oldestAt: string }[]
}

/** Of the default branch of `asset a`, as the column `open`. */
export const openByAge = sql`
  select coalesce(json_agg(json_build_object('severity', t.severity, 'count', t.count, 'oldestAt', t.oldest_at)), '[]') as open
  from (select v.severity, count(*) as count, min(v.opened_at) as oldest_at from vulnerability v
    where v.organization_id = a.organization_id and v.asset_id = a.id and v.branch = a.default_branch and ${isOpen}
    group by 1) as t`

/** What the default branch of every living asset is judged by. */
export async function listGateAssets(db: Db, organizationId: string): Promise<GateAsset[]> {
  const found = await sql<GateAsset>`
    select a.gate_override as override, ${newestImport(sql`a.default_branch`)} as "newestImportAt", o.open
    from asset a cross join lateral (${openByAge}) as o
    where a.organization_id = ${organizationId}::uuid and a.archived_at is null`.execute(db)
  return found.rows
}
