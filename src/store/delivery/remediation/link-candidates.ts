import { sql } from 'kysely'
import type { KeyPlace, LinkCandidate } from '../../../domain/delivery/remediation/choose-links.ts'
import type { Db } from '../../db.ts'
import { selectRemovals } from './removed-places.ts'

type Scope = { organizationId: string; ids: readonly string[] }
type Row = LinkCandidate & { vulnerabilityId: string }

/**
 * Every pull request for which something speaks, by vulnerability, in one statement for all of them. What was merged into
 * a vulnerability speaks for it too: its number, its items, its threads.
 */
export async function listLinkCandidates(db: Db, { organizationId, ids }: Scope): Promise<Row[]> {
  const found = await sql<Omit<Row, 'keyPlaces'> & { keyPlaces: KeyPlace[] }>`
    with recursive line as (
      select v.id as top, v.id, v.number from vulnerability v
      where v.organization_id = ${organizationId}::uuid and v.id = any(${[...ids]}::uuid[]) and v.merged_into is null
      union
      select line.top, m.id, m.number from line
      join vulnerability m on m.organization_id = ${organizationId}::uuid and m.merged_into = line.id
    ), item as (
      select line.top, d.item_key, d.repository_id, d.item_pull_request from line
      join defect d on d.organization_id = ${organizationId}::uuid and d.vulnerability_id = line.id
      where d.unlinked_at is null
    ), told as (
      select named.top, k.pull_request_id, k.place, false as has_thread, false as removes, false as is_between,
        null::boolean as decision
      from (select top, 'WEIR-' || number as key from line
        union select top, item_key from item where item_key is not null) named
      join pull_request_key k on k.organization_id = ${organizationId}::uuid and k.key = named.key
      union all
      select item.top, p.id, null, true, false, false, null from item
      join pull_request p on p.organization_id = ${organizationId}::uuid and p.repository_id = item.repository_id
        and p.remote_id = item.item_pull_request
      union all
      select g.vulnerability_id, g.pull_request_id, null, false, true, false, null from (${selectRemovals({ organizationId, ids })}) g
      union all
      select b.id, b.pull_request_id, null, false, false, true, null from (${selectOnlyBetweenScans({ organizationId, ids })}) b
      union all
      select vulnerability_id, pull_request_id, null, false, false, false, is_linked
      from (select distinct on (r.vulnerability_id, r.pull_request_id) r.vulnerability_id, r.pull_request_id, r.is_linked
        from remediation_decision r
        where r.organization_id = ${organizationId}::uuid and r.vulnerability_id = any(${[...ids]}::uuid[])
        order by r.vulnerability_id, r.pull_request_id, r.at desc, r.id desc) latest
      where is_linked is not null
    )
    select told.top as "vulnerabilityId", told.pull_request_id as "pullRequestId",
      floor(extract(epoch from min(p.opened_at)))::bigint as "openedAt", floor(extract(epoch from min(p.merged_at)))::bigint as "mergedAt",
      coalesce(array_agg(distinct told.place) filter (where told.place is not null), '{}') as "keyPlaces",
      bool_or(told.has_thread) as "hasThread", bool_or(told.removes) as "removesPlace", bool_or(told.is_between) as "isOnlyBetweenScans",
      bool_or(told.decision) as decision
    from told join pull_request p on p.organization_id = ${organizationId}::uuid and p.id = told.pull_request_id
    group by told.top, told.pull_request_id`.execute(db)
  return found.rows
}

/**
 * The one pull request merged into the branch between the last commit a scan saw the vulnerability in, and the first that
 * a scan found it gone from. With several, or where the clone does not know both commits, nobody can say which; where the
 * place itself was looked up, that says it.
 */
function selectOnlyBetweenScans({ organizationId, ids }: Scope) {
  // Step by step: however little the planner knows of the tables, each is looked up by its key.
  return sql`
    with scanned as materialized (
      select v.id, v.branch, a.repository_id, seen.commit_hash as seen, gone.commit_hash as gone
      from vulnerability v
      join asset a on a.organization_id = v.organization_id and a.id = v.asset_id
      join lateral (
        select f.commit_hash from finding f
        where f.organization_id = v.organization_id and f.vulnerability_id = v.id and f.commit_hash is not null
        order by f.updated_at desc, f.id limit 1) seen on true
      join lateral (
        select i.commit_hash from vulnerability_event e
          join import i on i.organization_id = e.organization_id and i.id = e.import_id
        where e.organization_id = v.organization_id and e.vulnerability_id = v.id and e.after ->> 'status' = 'fixed'
        order by e.created_at desc, e.id desc limit 1) gone on true
      where v.organization_id = ${organizationId}::uuid and v.id = any(${[...ids]}::uuid[]) and v.status = 'fixed'
        and not exists (select from removed_place r where r.organization_id = v.organization_id and r.vulnerability_id = v.id
          and r.state in ('removed', 'changed', 'kept'))
    ), span as materialized (
      select c.id, c.branch, c.repository_id, s.committed_at as since, g.committed_at as until from scanned c
      join commit s on s.organization_id = ${organizationId}::uuid and s.repository_id = c.repository_id and s.sha = c.seen
      join commit g on g.organization_id = ${organizationId}::uuid and g.repository_id = c.repository_id and g.sha = c.gone
    ), merge as materialized (
      select s.id, s.branch, s.repository_id, m.sha from span s
      join commit m on m.organization_id = ${organizationId}::uuid and m.repository_id = s.repository_id
        and m.committed_at > s.since and m.committed_at <= s.until
    )
    select m.id, (array_agg(p.id))[1] as pull_request_id from merge m
    join pull_request p on p.organization_id = ${organizationId}::uuid and p.repository_id = m.repository_id
      and p.merge_sha = m.sha and p.state = 'merged' and p.destination_branch = m.branch
    group by m.id having count(*) = 1`
}
