import { sql } from 'kysely'
import type { Status } from '../../domain/status.ts'
import type { Db } from '../db.ts'

/** A vulnerability, as far as putting together and taking apart asks for it. */
export type Grouped = {
  id: string
  number: number
  assetId: string
  branch: string
  status: Status
  statusReason: string | null
  acceptedUntil: string | null
  fixedAt: Date | null
  mergedInto: string | null
  apartGroup: string | null
  scanner: string
}

type Of = { organizationId: string }

/** Vulnerabilities in the order of their ids; `lock` holds them until the transaction ends. */
export async function listGrouped(
  db: Db,
  { organizationId, ids, lock = false }: Of & { ids: readonly string[]; lock?: boolean },
): Promise<Grouped[]> {
  if (ids.length === 0) return []
  const rows = db
    .selectFrom('vulnerability')
    .select(['id', 'number', 'asset_id as assetId', 'branch', 'status', 'status_reason as statusReason', 'scanner'])
    .select(['accepted_until as acceptedUntil', 'fixed_at as fixedAt', 'merged_into as mergedInto'])
    .select('apart_group as apartGroup')
    .where('organization_id', '=', organizationId)
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .orderBy('id')
  return (lock ? rows.forUpdate() : rows).execute()
}

export type NewRegrouping = {
  organizationId: string
  id: string
  kind: 'merge' | 'split'
  fromId: string
  toId: string
  stateBefore: Readonly<Record<string, unknown>>
  now: Date
}

/** Writes down what is put together or taken apart, and moves the findings; null moves all there are. */
export async function insertRegrouping(
  tx: Db,
  row: NewRegrouping,
  { findingIds, tells }: { findingIds: readonly string[] | null; tells: boolean },
): Promise<void> {
  const { organizationId, id } = row
  await tx
    .insertInto('regrouping')
    .values({
      organization_id: organizationId,
      id,
      kind: row.kind,
      from_id: row.fromId,
      to_id: row.toId,
      state_before: JSON.stringify(row.stateBefore),
      created_at: row.now,
    })
    .execute()
  await sql`
    insert into regrouped_finding (organization_id, regrouping_id, finding_id, told_before)
    select organization_id, ${id}::uuid, id, tells from finding
    where organization_id = ${organizationId}::uuid and vulnerability_id = ${row.fromId}::uuid
      and ${findingIds === null ? sql`true` : sql`id = any(${[...findingIds]}::uuid[])`}`.execute(tx)
  await sql`
    update finding f set vulnerability_id = ${row.toId}::uuid, tells = ${tells} from regrouped_finding g
    where g.organization_id = ${organizationId}::uuid and g.regrouping_id = ${id}::uuid
      and f.organization_id = g.organization_id and f.id = g.finding_id`.execute(tx)
}

export type Regrouping = {
  id: string
  kind: 'merge' | 'split'
  fromId: string
  toId: string
  stateBefore: unknown
  createdAt: Date
}

/** What still stands of merges and splits that one of these took part in, the newest first. */
export async function listStanding(
  db: Db,
  { organizationId, ids }: Of & { ids: readonly string[] },
): Promise<Regrouping[]> {
  const any = sql<string>`any(${[...ids]}::uuid[])`
  return db
    .selectFrom('regrouping')
    .select([
      'id',
      'kind',
      'from_id as fromId',
      'to_id as toId',
      'state_before as stateBefore',
      'created_at as createdAt',
    ])
    .where('organization_id', '=', organizationId)
    .where('undone_at', 'is', null)
    .where((where) => where.or([where('from_id', '=', any), where('to_id', '=', any)]))
    .orderBy('id', 'desc')
    .execute()
}

/** Numbers of the vulnerabilities, beside the one they went to, that findings of a regrouping are in by now. */
export async function listStrayed(
  db: Db,
  { organizationId, regroupingId, homeId }: Of & { regroupingId: string; homeId: string },
): Promise<number[]> {
  const found = await sql<{ number: number }>`
    select distinct v.number from regrouped_finding g
    join finding f on f.organization_id = g.organization_id and f.id = g.finding_id
    join vulnerability v on v.organization_id = f.organization_id and v.id = f.vulnerability_id
    where g.organization_id = ${organizationId}::uuid and g.regrouping_id = ${regroupingId}::uuid and v.id <> ${homeId}::uuid
    order by 1`.execute(db)
  return found.rows.map((row) => row.number)
}

/** Brings the findings of a regrouping back to where they were, each telling as it did. */
export async function returnFindings(
  tx: Db,
  { organizationId, regroupingId, toId, now }: Of & { regroupingId: string; toId: string; now: Date },
): Promise<void> {
  await sql`
    update finding f set vulnerability_id = ${toId}::uuid, tells = g.told_before from regrouped_finding g
    where g.organization_id = ${organizationId}::uuid and g.regrouping_id = ${regroupingId}::uuid
      and f.organization_id = g.organization_id and f.id = g.finding_id`.execute(tx)
  await tx
    .updateTable('regrouping')
    .set({ undone_at: now })
    .where('organization_id', '=', organizationId)
    .where('id', '=', regroupingId)
    .execute()
}

/** Findings that came after a regrouping go along, as evidence beside the others. */
export async function moveRest(tx: Db, { organizationId, fromId, toId }: Of & { fromId: string; toId: string }) {
  await sql`update finding set vulnerability_id = ${toId}::uuid, tells = false
    where organization_id = ${organizationId}::uuid and vulnerability_id = ${fromId}::uuid`.execute(tx)
}

/** Says where a vulnerability went, or that it is itself again (null). */
export async function writeMergedInto(
  tx: Db,
  { organizationId, ids, into, now }: Of & { ids: readonly string[]; into: string | null; now: Date },
): Promise<void> {
  await sql`update vulnerability set merged_into = ${into}::uuid, version = version + 1, updated_at = ${now}
    where organization_id = ${organizationId}::uuid and id = any(${[...ids]}::uuid[])`.execute(tx)
}

/** Vulnerabilities that nothing but a person puts together from now on; groups they are in already become one. */
export async function writeApart(
  tx: Db,
  {
    organizationId,
    one,
    other,
  }: Of & { one: Pick<Grouped, 'id' | 'apartGroup'>; other: Pick<Grouped, 'id' | 'apartGroup'> },
): Promise<void> {
  const group = one.apartGroup ?? other.apartGroup ?? one.id
  const joined = [one.apartGroup, other.apartGroup].filter((old) => old !== null && old !== group)
  await sql`update vulnerability set apart_group = ${group}::uuid
    where organization_id = ${organizationId}::uuid
      and (id = any(${[one.id, other.id]}::uuid[]) or apart_group = any(${joined}::uuid[]))`.execute(tx)
}

/** What merged vulnerabilities became a part of, and so on to the one that stands for all; what stands for itself is not in it. */
export async function listSurvivors(
  db: Db,
  { organizationId, ids }: Of & { ids: readonly string[] },
): Promise<Map<string, string>> {
  const found = await sql<{ id: string; survivor: string }>`
    with recursive line as (
      select v.id, v.merged_into as at from vulnerability v
      where v.organization_id = ${organizationId}::uuid and v.id = any(${[...ids]}::uuid[]) and v.merged_into is not null
      union
      select line.id, v.merged_into from line
      join vulnerability v on v.organization_id = ${organizationId}::uuid and v.id = line.at where v.merged_into is not null
    )
    select line.id, line.at as survivor from line
    join vulnerability v on v.organization_id = ${organizationId}::uuid and v.id = line.at and v.merged_into is null`.execute(
    db,
  )
  return new Map(found.rows.map((row) => [row.id, row.survivor]))
}

/** What was merged into these, over any number of steps, with the one each stands behind. */
export async function listFollowers(
  db: Db,
  { organizationId, ids }: Of & { ids: readonly string[] },
): Promise<{ id: string; survivor: string }[]> {
  const found = await sql<{ id: string; survivor: string }>`
    with recursive line as (
      select v.id, v.merged_into as survivor from vulnerability v
      where v.organization_id = ${organizationId}::uuid and v.merged_into = any(${[...ids]}::uuid[])
      union
      select v.id, line.survivor from line
      join vulnerability v on v.organization_id = ${organizationId}::uuid and v.merged_into = line.id
    )
    select id, survivor from line order by id`.execute(db)
  return found.rows
}

export type FollowerBefore = {
  vulnerabilityId: string
  status: Status
  statusReason: string | null
  acceptedUntil: string | null
  fixedAt: string | null
}

/**
 * What was merged into these and last changed its status with them, by an import or a change of many: as it was before, by
 * its own history.
 */
export async function listFollowersBefore(
  db: Db,
  { organizationId, ids, by }: Of & { ids: readonly string[]; by: { importId: string } | { bulkChangeId: string } },
): Promise<FollowerBefore[]> {
  const followers = await listFollowers(db, { organizationId, ids })
  if (followers.length === 0) return []
  const cause =
    'importId' in by ? sql`last.import_id = ${by.importId}::uuid` : sql`last.bulk_change_id = ${by.bulkChangeId}::uuid`
  const told = sql`select e.* from vulnerability_event e where e.organization_id = ${organizationId}::uuid
    and e.vulnerability_id = f.id and e.kind in ('status', 'import_undone', 'bulk_undone', 'merge_undone', 'found')
    and e.after ? 'status'`
  const found = await sql<FollowerBefore>`
    select f.id as "vulnerabilityId", last.before ->> 'status' as status, prior.reason as "statusReason",
      last.before ->> 'accepted_until' as "acceptedUntil",
      case when last.before ->> 'status' = 'fixed' then to_json(coalesce(prior.created_at, last.created_at)) #>> '{}' end as "fixedAt"
    from unnest(${followers.map(({ id }) => id)}::uuid[]) as f(id)
    cross join lateral (${told} order by e.created_at desc, e.id desc limit 1) last
    left join lateral (${told} and (e.created_at, e.id) < (last.created_at, last.id)
      order by e.created_at desc, e.id desc limit 1) prior on true
    where last.kind = 'status' and ${cause} order by f.id`.execute(db)
  return found.rows
}

/** Of these vulnerabilities those whose findings all went since a moment, but were not all gone before it. */
export async function listEmptied(
  db: Db,
  { organizationId, ids, since }: Of & { ids: readonly string[]; since: Date },
): Promise<string[]> {
  const found = await sql<{ id: string }>`
    select vulnerability_id as id from finding
    where organization_id = ${organizationId}::uuid and vulnerability_id = any(${[...ids]}::uuid[])
    group by 1 having not bool_or(active) and max(updated_at) > ${since}`.execute(db)
  return found.rows.map((row) => row.id)
}

/** The last merge or split, still standing, of findings an import told of, made after it was applied. */
export async function findRegroupedSince(
  db: Db,
  { organizationId, importId }: Of & { importId: string },
): Promise<{ kind: 'merge' | 'split'; fromNumber: number; toNumber: number } | undefined> {
  const found = await sql<{ kind: 'merge' | 'split'; fromNumber: number; toNumber: number }>`
    select r.kind, a.number as "fromNumber", b.number as "toNumber" from import i
    join regrouping r on r.organization_id = i.organization_id and r.undone_at is null
    join vulnerability a on a.organization_id = r.organization_id and a.id = r.from_id and a.asset_id = i.asset_id and a.branch = i.branch
    join vulnerability b on b.organization_id = r.organization_id and b.id = r.to_id
    where i.organization_id = ${organizationId}::uuid and i.id = ${importId}::uuid and exists (
      select from regrouped_finding g join import_item t on t.organization_id = g.organization_id and t.finding_id = g.finding_id
      join finding f on f.organization_id = g.organization_id and f.id = g.finding_id
      where g.organization_id = r.organization_id and g.regrouping_id = r.id and t.import_id = i.id
        -- What the import itself brought was regrouped after it, whatever the clocks of two machines say.
        and (r.created_at > i.applied_at or f.first_import_id = i.id))
    order by r.id desc limit 1`.execute(db)
  return found.rows[0]
}
