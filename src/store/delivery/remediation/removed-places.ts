import { sql } from 'kysely'
import type { Db } from '../../db.ts'

type Scope = { organizationId: string; ids: readonly string[]; now: Date }
type RepositoryKey = { organizationId: string; repositoryId: string }

/** Places of one vulnerability that are looked up; one that is in hundreds of files is told by these. */
const placesAtMost = 20

/**
 * Notes which places of these vulnerabilities are to be looked up: of what a scan found fixed, the places its findings
 * were last seen at. What is known stays, until another scan says otherwise.
 */
export async function wantPlaces(tx: Db, { organizationId, ids, now }: Scope): Promise<void> {
  await sql`
    delete from removed_place r using vulnerability v, finding f
    where r.organization_id = ${organizationId}::uuid and r.vulnerability_id = any(${[...ids]}::uuid[])
      and v.organization_id = r.organization_id and v.id = r.vulnerability_id
      and f.organization_id = r.organization_id and f.id = r.finding_id
      and (v.status <> 'fixed' or f.active or f.vulnerability_id <> r.vulnerability_id)`.execute(tx)
  await sql`
    insert into removed_place (organization_id, vulnerability_id, finding_id, repository_id, path, line, seen_in, gone_in,
      state, reason, next_look_at)
    select v.organization_id, v.id, f.id, a.repository_id, f.path, f.start_line, lower(f.commit_hash), lower(gone.commit_hash),
      case when f.commit_hash is null or gone.commit_hash is null then 'unknown' else 'wanted' end,
      case when f.commit_hash is null or gone.commit_hash is null then 'no_commit' end, ${now}
    from vulnerability v
    join asset a on a.organization_id = v.organization_id and a.id = v.asset_id and a.repository_id is not null
    join lateral (
      select e.import_id, i.commit_hash from vulnerability_event e
        left join import i on i.organization_id = e.organization_id and i.id = e.import_id
      where e.organization_id = v.organization_id and e.vulnerability_id = v.id and e.after ->> 'status' = 'fixed'
      order by e.created_at desc, e.id desc limit 1) gone on gone.import_id is not null
    join lateral (
      select o.id, o.path, o.start_line, o.commit_hash from finding o
      where o.organization_id = v.organization_id and o.vulnerability_id = v.id and o.branch = v.branch and not o.active
        and o.path is not null and o.start_line > 0
      order by o.updated_at desc, o.id limit ${placesAtMost}) f on true
    where v.organization_id = ${organizationId}::uuid and v.id = any(${[...ids]}::uuid[]) and v.status = 'fixed'
      and v.merged_into is null
    on conflict (organization_id, vulnerability_id, finding_id) do update set
      repository_id = excluded.repository_id, path = excluded.path, line = excluded.line, seen_in = excluded.seen_in,
      gone_in = excluded.gone_in, state = excluded.state, reason = excluded.reason, removed_in = null,
      removed_path = null, removed_line = null, removed_by = null, attempts = 0, next_look_at = excluded.next_look_at, looked_at = null
    where (removed_place.repository_id, removed_place.path, removed_place.line, removed_place.seen_in, removed_place.gone_in)
      is distinct from
      (excluded.repository_id, excluded.path, excluded.line, excluded.seen_in, excluded.gone_in)`.execute(tx)
}

export type DuePlace = RepositoryKey & {
  vulnerabilityId: string
  findingId: string
  path: string
  line: number
  seenIn: string
  goneIn: string
  attempts: number
  /** Whether the copy is without large files; false where there never was one. */
  isPartial: boolean
  connectionId: string
  workspaceUuid: string
  remoteUuid: string
  /** The feed of its repository's pull requests, where requests are counted; null where it is not read. */
  feedId: string | null
}

/** Places whose time has come, those that waited longest first. Crosses organizations, for the sweep. */
export async function listDuePlaces(db: Db, { now, limit }: { now: Date; limit: number }): Promise<DuePlace[]> {
  const found = await sql<DuePlace>`
    select due.* from organization g cross join lateral (
      select r.organization_id as "organizationId", r.repository_id as "repositoryId", r.vulnerability_id as "vulnerabilityId",
        r.finding_id as "findingId", r.path, r.line, r.seen_in as "seenIn", r.gone_in as "goneIn", r.attempts,
        coalesce(m.is_partial, false) as "isPartial", o.connection_id as "connectionId", o.workspace_uuid as "workspaceUuid",
        o.remote_uuid as "remoteUuid", f.id as "feedId"
      from removed_place r
      join repository o on o.organization_id = r.organization_id and o.id = r.repository_id
      left join feed f on f.organization_id = r.organization_id and f.repository_id = r.repository_id and f.kind = 'pull_requests'
      left join git_mirror m on m.organization_id = r.organization_id and m.repository_id = r.repository_id
      where r.organization_id = g.organization_id and r.state = 'wanted' and r.next_look_at <= ${now}
      order by r.next_look_at limit ${limit}) due
    limit ${limit}`.execute(db)
  return found.rows
}

/** What a look found out of one place; `wanted`: it is to be tried again then. */
export type LookedUpPlace = {
  vulnerability_id: string
  finding_id: string
  seen_in: string
  gone_in: string
  state: 'wanted' | 'removed' | 'changed' | 'kept' | 'unknown'
  reason: string | null
  removed_in: string | null
  removed_path: string | null
  removed_line: number | null
  removed_by: string | null
  next_look_at: Date
}

type Looking = { organizationId: string; now: Date; places: readonly LookedUpPlace[] }

/** Writes down what was found out; what another scan has told meanwhile stays as that told it. */
export async function recordLooks(db: Db, { organizationId, now, places }: Looking): Promise<void> {
  await sql`
    update removed_place r set state = n.state, reason = n.reason, removed_in = n.removed_in,
      removed_path = n.removed_path, removed_line = n.removed_line, removed_by = n.removed_by, next_look_at = n.next_look_at, looked_at = ${now},
      attempts = r.attempts + 1
    from json_to_recordset(${JSON.stringify(places)}::json) as n(vulnerability_id uuid, finding_id uuid, seen_in text,
      gone_in text, state text, reason text, removed_in text, removed_path text, removed_line integer, removed_by uuid, next_look_at timestamptz)
    where r.organization_id = ${organizationId}::uuid and r.vulnerability_id = n.vulnerability_id
      and r.finding_id = n.finding_id and r.seen_in = n.seen_in and r.gone_in = n.gone_in and r.state = 'wanted'`.execute(
    db,
  )
}

/** Places of a repository are looked at again after a moment, so that others have their turn. */
export async function putOffPlaces(
  db: Db,
  { organizationId, repositoryId, until }: RepositoryKey & { until: Date },
): Promise<void> {
  await db
    .updateTable('removed_place')
    .set({ next_look_at: until })
    .where('organization_id', '=', organizationId)
    .where('repository_id', '=', repositoryId)
    .where('state', '=', 'wanted')
    .where('next_look_at', '<', until)
    .execute()
}

/** A pull request that was merged, by its id, and the commit as the remote abbreviates it. */
export type MergedBetween = { id: string; commit: string }

/**
 * Pull requests merged into the branch of a vulnerability after a scan last saw it and before one no longer did, by the
 * moments of both, the earliest first. At most `limit`.
 */
export async function listMergedBetween(
  db: Db,
  { organizationId, vulnerabilityId, limit }: { organizationId: string; vulnerabilityId: string; limit: number },
): Promise<MergedBetween[]> {
  const found = await sql<MergedBetween>`
    select p.id, p.merge_commit as commit from vulnerability v
    join asset a on a.organization_id = v.organization_id and a.id = v.asset_id
    join pull_request p on p.organization_id = v.organization_id and p.repository_id = a.repository_id
      and p.state = 'merged' and p.destination_branch = v.branch and p.merge_commit is not null
      and p.merged_at > v.last_seen_at and p.merged_at <= v.fixed_at
    where v.organization_id = ${organizationId}::uuid and v.id = ${vulnerabilityId}::uuid
    order by p.merged_at, p.id limit ${limit}`.execute(db)
  return found.rows
}

/** A copy has come up to date: what was not in it before is looked for once more. */
export async function wakePlaces(
  db: Db,
  { organizationId, repositoryId, now }: RepositoryKey & { now: Date },
): Promise<void> {
  await sql`
    update removed_place set state = 'wanted', next_look_at = ${now}
    where organization_id = ${organizationId}::uuid and repository_id = ${repositoryId}::uuid
      and state in ('wanted', 'unknown') and reason in ('commit_unknown', 'no_mirror', 'file_gone', 'untouched', 'no_pull_request', 'not_told')`.execute(
    db,
  )
}

/**
 * The pull request that took each place away: the one the remote's own comparisons told, else the one merged by the commit that did, else the one that brought that
 * commit, else the one of which it is a rebased copy. It goes into the branch that was scanned.
 */
export function selectRemovals({ organizationId, ids }: { organizationId: string; ids: readonly string[] }) {
  return sql<{ vulnerability_id: string; finding_id: string; pull_request_id: string }>`
    select distinct on (r.vulnerability_id, r.finding_id) r.vulnerability_id, r.finding_id, found.id as pull_request_id
    from removed_place r
    join vulnerability v on v.organization_id = r.organization_id and v.id = r.vulnerability_id
    join lateral (
      select p.id, p.merged_at, 0 as rank from pull_request p
      where p.organization_id = r.organization_id and p.id = r.removed_by and p.state = 'merged'
      union all
      select p.id, p.merged_at, 1 from pull_request p
      where p.organization_id = r.organization_id and p.repository_id = r.repository_id and p.merge_sha = r.removed_in
        and p.state = 'merged' and p.destination_branch = v.branch
      union all
      select p.id, p.merged_at, 2 from pull_request_commit c
      join pull_request p on p.organization_id = c.organization_id and p.id = c.pull_request_id
      where c.organization_id = r.organization_id and c.repository_id = r.repository_id and c.sha = r.removed_in
        and p.state = 'merged' and p.destination_branch = v.branch
      union all
      select p.id, p.merged_at, 3 from commit here
      join commit own on own.organization_id = here.organization_id and own.repository_id = here.repository_id
        and own.authored_at = here.authored_at and own.author_email = here.author_email and own.message = here.message
      join pull_request_commit c on c.organization_id = own.organization_id and c.repository_id = own.repository_id
        and c.sha = own.sha
      join pull_request p on p.organization_id = c.organization_id and p.id = c.pull_request_id
      where here.organization_id = r.organization_id and here.repository_id = r.repository_id and here.sha = r.removed_in
        and p.state = 'merged' and p.destination_branch = v.branch
        and p.merged_at between here.committed_at - interval '1 hour' and here.committed_at + interval '1 hour') found on true
    where r.organization_id = ${organizationId}::uuid and r.vulnerability_id = any(${[...ids]}::uuid[])
      and r.state in ('removed', 'changed')
    order by r.vulnerability_id, r.finding_id, found.rank, found.merged_at, found.id`
}
