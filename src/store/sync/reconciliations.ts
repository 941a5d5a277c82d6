import { type Selectable, sql } from 'kysely'
import type { Db } from '../db.ts'
import { batchRows, inBatches } from '../in-batches.ts'
import type { ReconciliationTable } from '../schema.gen.ts'

export type DifferenceKind = 'healed' | 'conflict' | 'needs_you'
export type Difference = { vulnerability_id: string; kind: DifferenceKind; sentence: string }
type ReconciliationRow = Selectable<ReconciliationTable>

type NewReconciliation = Omit<ReconciliationRow, 'differences'> & { differences: readonly Difference[] }

export async function insertReconciliation(db: Db, row: NewReconciliation): Promise<void> {
  await db
    .insertInto('reconciliation')
    .values({ ...row, differences: JSON.stringify(row.differences) })
    .execute()
}

/** The latest comparison of a connection, and before it those a person asked for, or that found or failed at something. */
export async function listReconciliationRows(
  db: Db,
  input: { organizationId: string; connectionId: string; limit: number },
): Promise<ReconciliationRow[]> {
  return db
    .selectFrom('reconciliation as r')
    .selectAll('r')
    .where('r.organization_id', '=', input.organizationId)
    .where('r.connection_id', '=', input.connectionId)
    .where(
      sql<boolean>`(r.member_name is not null or r.error is not null or r.healed + r.conflicts + r.needs_you > 0
        or r.id = (select l.id from reconciliation l where l.organization_id = r.organization_id
          and l.connection_id = r.connection_id order by l.started_at desc, l.id desc limit 1))`,
    )
    .orderBy('r.started_at', 'desc')
    .orderBy('r.id', 'desc')
    .limit(input.limit)
    .execute()
}

/** Numbers and titles of some vulnerabilities. */
export async function listVulnerabilityNames(db: Db, key: { organizationId: string; ids: readonly string[] }) {
  if (key.ids.length === 0) return []
  return db
    .selectFrom('vulnerability')
    .select(['id', 'number', 'title'])
    .where('organization_id', '=', key.organizationId)
    .where(sql<boolean>`id = any(${[...key.ids]}::uuid[])`)
    .execute()
}

/** Deletes comparisons that began before a time. */
export async function deleteOldReconciliations(
  db: Db,
  { organizationId, before }: { organizationId: string; before: Date },
): Promise<void> {
  await inBatches(async () => {
    const deleted = await sql`
      delete from reconciliation where organization_id = ${organizationId}::uuid and id in (
        select id from reconciliation where organization_id = ${organizationId}::uuid and started_at < ${before}
        order by started_at limit ${batchRows} for update skip locked)`.execute(db)
    return deleted.numAffectedRows ?? 0n
  })
}
