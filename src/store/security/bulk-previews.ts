import { sql } from 'kysely'
import type { Severity } from '../../domain/severity.ts'
import type { Status } from '../../domain/status.ts'
import type { Db } from '../db.ts'
import { type BulkTarget, whereTarget } from './bulk-changes.ts'
import type { FilterScope } from './vulnerability-filters.ts'

/** How many of what is meant are in the same position, so that one of them is judged for all. */
type Group = { isMerged: boolean; count: number }

export async function groupByStatus(
  db: Db,
  scope: FilterScope,
  target: BulkTarget,
): Promise<(Group & { status: Status })[]> {
  const found = await sql<Group & { status: Status }>`
    select v.status, v.merged_into is not null as "isMerged", count(*) from vulnerability v
    where ${whereTarget(scope, target)} group by 1, 2`.execute(db)
  return found.rows
}

export async function groupByAssignee(
  db: Db,
  scope: FilterScope,
  target: BulkTarget,
): Promise<(Group & { assigneeId: string | null })[]> {
  const found = await sql<Group & { assigneeId: string | null }>`
    select v.assignee_member_id as "assigneeId", v.merged_into is not null as "isMerged", count(*) from vulnerability v
    where ${whereTarget(scope, target)} group by 1, 2`.execute(db)
  return found.rows
}

/** By whether a person gave this severity for this reason already. */
export async function groupByRating(
  db: Db,
  scope: FilterScope,
  input: { target: BulkTarget; severity: Severity; reason: string },
): Promise<(Group & { isSo: boolean })[]> {
  const found = await sql<Group & { isSo: boolean }>`
    select (v.severity = ${input.severity} and v.severity_source = 'person'
      and v.severity_reason is not distinct from ${input.reason}) as "isSo",
      v.merged_into is not null as "isMerged", count(*) from vulnerability v
    where ${whereTarget(scope, input.target)} group by 1, 2`.execute(db)
  return found.rows
}

/** By which of the tags in question they have, and how many others. */
export async function groupByTags(
  db: Db,
  scope: FilterScope,
  input: { target: BulkTarget; tags: readonly string[] },
): Promise<(Group & { having: string[]; others: number })[]> {
  const tags = sql`${[...input.tags]}::text[]`
  const found = await sql<Group & { having: string[]; others: number }>`
    select array(select tag from unnest(v.tags) as tag where tag = any(${tags}) order by 1) as having,
      (select count(*)::integer from unnest(v.tags) as tag where tag <> all(${tags})) as others,
      v.merged_into is not null as "isMerged", count(*) from vulnerability v
    where ${whereTarget(scope, input.target)} group by 1, 2, 3`.execute(db)
  return found.rows
}

/** One of each kind that is sent alike: same status, asset and branch, and an item or none. */
export async function groupForSending(
  db: Db,
  scope: FilterScope,
  target: BulkTarget,
): Promise<{ sampleId: string; isMerged: boolean; count: number }[]> {
  const found = await sql<{ sampleId: string; isMerged: boolean; count: number }>`
    select min(v.id::text) as "sampleId", v.merged_into is not null as "isMerged", count(*) from vulnerability v
    left join lateral (select string_agg(d.tracker, ' ' order by d.tracker) as trackers from defect d
      where d.organization_id = v.organization_id and d.vulnerability_id = v.id and d.ended_at is null) items on true
    where ${whereTarget(scope, target)} group by v.status, v.asset_id, v.branch, v.merged_into is not null, items.trackers`.execute(
    db,
  )
  return found.rows
}
