import { sql } from 'kysely'
import type { Db } from '../db.ts'
import { type Page, type PageRequest, toPage } from '../page.ts'
import { type FilterScope, type VulnerabilityFilters, whereFilters } from './vulnerability-filters.ts'

type Key = { organizationId: string; id: string }
export type BulkChangeKind = 'move' | 'assign' | 'tags' | 'severity' | 'send' | 'undo'
export type BulkChangeState = 'running' | 'done' | 'cancelled'

/** Which vulnerabilities are meant: those of a page by their ids, or all that match the filters. */
export type BulkTarget = { kind: 'ids'; ids: readonly string[] } | { kind: 'filters'; filters: VulnerabilityFilters }

/** The condition on `vulnerability v` for what is meant. */
export function whereTarget(scope: FilterScope, target: BulkTarget) {
  if (target.kind === 'filters') return whereFilters(scope, target.filters)
  return sql<boolean>`v.organization_id = ${scope.organizationId}::uuid and v.id = any(${[...target.ids]}::uuid[])`
}

export async function countTarget(db: Db, scope: FilterScope, target: BulkTarget): Promise<number> {
  const found = await sql<{ count: number }>`
    select count(*) from vulnerability v where ${whereTarget(scope, target)}`.execute(db)
  return found.rows[0]?.count ?? 0
}

export type NewBulkChange = Key & {
  memberId: string
  memberName: string
  tokenId: string | null
  kind: BulkChangeKind
  change: unknown
  filters: unknown
  undoes: string | null
  now: Date
}

/** Begins with no vulnerabilities; those come by `fixTarget` or `fixUndone`. */
export async function insertBulkChange(tx: Db, row: NewBulkChange): Promise<void> {
  await tx
    .insertInto('bulk_change')
    .values({
      organization_id: row.organizationId,
      id: row.id,
      member_id: row.memberId,
      member_name: row.memberName,
      token_id: row.tokenId,
      kind: row.kind,
      change: JSON.stringify(row.change),
      filters: row.filters === null ? null : JSON.stringify(row.filters),
      state: 'running',
      total: 0,
      undoes: row.undoes,
      worked_at: row.now,
      created_at: row.now,
    })
    .execute()
}

/** What the change is about, as text: somebody else's change of it in between is a conflict. */
function seenOf(kind: BulkChangeKind) {
  switch (kind) {
    case 'move':
      return sql`v.status`
    case 'assign':
      return sql`v.assignee_member_id::text`
    case 'severity':
      return sql`v.severity`
    case 'tags':
    case 'send':
    case 'undo':
      return sql`null`
  }
}

/** Settles which vulnerabilities are changed: those that are meant now. Answers how many. */
export async function fixTarget(
  tx: Db,
  key: Key & { memberId: string; now: Date; kind: BulkChangeKind },
  target: BulkTarget,
): Promise<number> {
  const scope = { organizationId: key.organizationId, memberId: key.memberId, now: key.now }
  const done = await sql`
    insert into bulk_change_item (organization_id, bulk_change_id, vulnerability_id, seen)
    select v.organization_id, ${key.id}::uuid, v.id, ${seenOf(key.kind)} from vulnerability v
    where ${whereTarget(scope, target)} order by v.id`.execute(tx)
  return writeTotal(tx, key, Number(done.numAffectedRows ?? 0))
}

/** Settles what is taken back: everything the other one changed. Answers how many. */
export async function fixUndone(tx: Db, key: Key, undoes: string): Promise<number> {
  const done = await sql`
    insert into bulk_change_item (organization_id, bulk_change_id, vulnerability_id)
    select organization_id, ${key.id}::uuid, vulnerability_id from bulk_change_item
    where organization_id = ${key.organizationId}::uuid and bulk_change_id = ${undoes}::uuid and state = 'changed'`.execute(
    tx,
  )
  return writeTotal(tx, key, Number(done.numAffectedRows ?? 0))
}

async function writeTotal(tx: Db, key: Key, total: number): Promise<number> {
  await tx
    .updateTable('bulk_change')
    .set({ total })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
  return total
}

function selectBulkChanges(db: Db, organizationId: string) {
  return db
    .selectFrom('bulk_change as b')
    .leftJoin('bulk_change as u', (join) =>
      join.onRef('u.organization_id', '=', 'b.organization_id').onRef('u.undoes', '=', 'b.id'),
    )
    .selectAll('b')
    .select('u.id as undone_by')
    .where('b.organization_id', '=', organizationId)
}

export type BulkChangeRow = Awaited<ReturnType<ReturnType<typeof selectBulkChanges>['executeTakeFirstOrThrow']>>

export async function findBulkChange(db: Db, key: Key): Promise<BulkChangeRow | undefined> {
  return selectBulkChanges(db, key.organizationId).where('b.id', '=', key.id).executeTakeFirst()
}

/** The same, locked: whoever works on it, stops it or takes it back does so alone. */
export async function lockBulkChange(tx: Db, key: Key): Promise<BulkChangeRow | undefined> {
  return selectBulkChanges(tx, key.organizationId).where('b.id', '=', key.id).forUpdate('b').executeTakeFirst()
}

/** Newest first. */
export async function listBulkChanges<Item>(
  db: Db,
  query: {
    organizationId: string
    memberId: string | undefined
    states: readonly BulkChangeState[] | undefined
    page: PageRequest
    map: (row: BulkChangeRow) => Item
  },
): Promise<Page<Item>> {
  let rows = selectBulkChanges(db, query.organizationId)
  if (query.memberId !== undefined) rows = rows.where('b.member_id', '=', query.memberId)
  if (query.states !== undefined && query.states.length > 0) rows = rows.where('b.state', 'in', [...query.states])
  if (query.page.after !== null) rows = rows.where('b.id', '<', query.page.after)
  const found = await rows
    .orderBy('b.id', 'desc')
    .limit(query.page.limit + 1)
    .execute()
  return toPage(found, query.page.limit, query.map)
}

export type BulkCounts = { changed: number; unchanged: number; refused: number }

/** Counts a batch that has ended. */
export async function addToCounts(tx: Db, key: Key & { now: Date }, batch: BulkCounts): Promise<void> {
  await tx
    .updateTable('bulk_change')
    .set((set) => ({
      changed: set('changed', '+', batch.changed),
      unchanged: set('unchanged', '+', batch.unchanged),
      refused: set('refused', '+', batch.refused),
      worked_at: key.now,
    }))
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

export async function endBulkChange(
  tx: Db,
  key: Key & { now: Date },
  { state, stopReason = null }: { state: Exclude<BulkChangeState, 'running'>; stopReason?: string | null },
): Promise<void> {
  await tx
    .updateTable('bulk_change')
    .set({ state, stop_reason: stopReason, finished_at: key.now, worked_at: key.now })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .execute()
}

/** Those that stand still since `before`: their job was lost. Of all organizations, for the sweep. */
export async function listStandingBulkChanges(
  db: Db,
  { before, limit }: { before: Date; limit: number },
): Promise<{ organizationId: string; bulkChangeId: string }[]> {
  return db
    .selectFrom('bulk_change')
    .select(['organization_id as organizationId', 'id as bulkChangeId'])
    .where('state', '=', 'running')
    .where('worked_at', '<', before)
    .orderBy('worked_at')
    .limit(limit)
    .execute()
}
