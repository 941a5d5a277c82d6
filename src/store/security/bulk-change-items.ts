import { sql } from 'kysely'
import type { Severity } from '../../domain/severity.ts'
import type { Status } from '../../domain/status.ts'
import type { Db } from '../db.ts'
import type { Page, PageRequest } from '../page.ts'

type Key = { organizationId: string; bulkChangeId: string }
export type BulkItemState = 'waiting' | 'changed' | 'unchanged' | 'refused'

export type WaitingItem = { vulnerabilityId: string; seen: string | null }

/** What was not worked on yet, in the order in which rows are locked. */
export async function listWaitingItems(tx: Db, key: Key, limit: number): Promise<WaitingItem[]> {
  return tx
    .selectFrom('bulk_change_item')
    .select(['vulnerability_id as vulnerabilityId', 'seen'])
    .where('organization_id', '=', key.organizationId)
    .where('bulk_change_id', '=', key.bulkChangeId)
    .where('state', '=', 'waiting')
    .orderBy('vulnerability_id')
    .limit(limit)
    .execute()
}

/** What came of one vulnerability. `before` is what undoing brings back, of one that was changed. */
export type SettledItem = {
  vulnerability_id: string
  state: Exclude<BulkItemState, 'waiting'>
  reason: string | null
  before: Readonly<Record<string, unknown>> | null
}

export async function settleItems(tx: Db, key: Key, items: readonly SettledItem[]): Promise<void> {
  if (items.length === 0) return
  await sql`
    update bulk_change_item i set state = r.state, reason = r.reason, before = r.before
    from json_to_recordset(${JSON.stringify(items)}::json) as r(vulnerability_id uuid, state text, reason text, before jsonb)
    where i.organization_id = ${key.organizationId}::uuid and i.bulk_change_id = ${key.bulkChangeId}::uuid
      and i.vulnerability_id = r.vulnerability_id`.execute(tx)
}

/** What another change did to these vulnerabilities, and who was the last to say something about the same thing. */
export type UndoneItem = {
  vulnerabilityId: string
  before: unknown
  lastBulkChangeId: string | null
  lastActorName: string | null
}

export async function listUndoneItems(
  tx: Db,
  key: Key,
  input: { vulnerabilityIds: readonly string[]; kinds: readonly string[] },
): Promise<UndoneItem[]> {
  const found = await sql<UndoneItem>`
    select i.vulnerability_id as "vulnerabilityId", i.before, last.bulk_change_id as "lastBulkChangeId",
      last.actor_name as "lastActorName"
    from bulk_change_item i
    left join lateral (select e.bulk_change_id, e.actor_name from vulnerability_event e
      where e.organization_id = i.organization_id and e.vulnerability_id = i.vulnerability_id
        and e.kind = any(${[...input.kinds]}::text[])
      order by e.created_at desc, e.id desc limit 1) last on true
    where i.organization_id = ${key.organizationId}::uuid and i.bulk_change_id = ${key.bulkChangeId}::uuid
      and i.vulnerability_id = any(${[...input.vulnerabilityIds]}::uuid[])`.execute(tx)
  return found.rows
}

export type BulkItemView = {
  vulnerability: { id: string; number: number; title: string; severity: Severity; status: Status }
  state: BulkItemState
  reason: string | null
}

/** The vulnerabilities of a change as they are now, by their ids. */
export async function listItemViews(
  db: Db,
  query: Key & { states: readonly BulkItemState[] | undefined; page: PageRequest },
): Promise<Page<BulkItemView>> {
  const { states, page } = query
  let rows = db
    .selectFrom('bulk_change_item as i')
    .innerJoin('vulnerability as v', (join) =>
      join.onRef('v.organization_id', '=', 'i.organization_id').onRef('v.id', '=', 'i.vulnerability_id'),
    )
    .select(['v.id', 'v.number', 'v.title', 'v.severity', 'v.status', 'i.state', 'i.reason'])
    .where('i.organization_id', '=', query.organizationId)
    .where('i.bulk_change_id', '=', query.bulkChangeId)
  if (states !== undefined && states.length > 0) rows = rows.where('i.state', 'in', [...states])
  if (page.after !== null) rows = rows.where('i.vulnerability_id', '>', page.after)
  const found = await rows
    .orderBy('i.vulnerability_id')
    .limit(page.limit + 1)
    .execute()
  const shown = found.slice(0, page.limit)
  const last = found.length > page.limit ? shown.at(-1) : undefined
  return {
    items: shown.map(({ state, reason, ...vulnerability }) => ({ vulnerability, state, reason })),
    next: last === undefined ? null : Buffer.from(last.id).toString('base64url'),
  }
}
