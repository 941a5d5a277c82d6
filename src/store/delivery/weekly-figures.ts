import { sql } from 'kysely'
import type { TimeRange } from '../../domain/delivery/time-buckets.ts'
import type { Db } from '../db.ts'

/** The teams a member is in on a day, by themselves or by an account, with the repositories of those and of all teams below. */
export async function listOwnTeams(
  db: Db,
  { organizationId, memberId, today }: { organizationId: string; memberId: string; today: string },
): Promise<{ names: string[]; repositoryIds: string[] }> {
  const found = await sql<{ names: string[]; repositoryIds: string[] }>`
    with recursive own as (
      select distinct t.team_id as id from team_member t
      left join contributor c on c.organization_id = t.organization_id and c.id = t.contributor_id
      left join contributor p on p.organization_id = t.organization_id and p.id = c.merged_into
      where t.organization_id = ${organizationId}::uuid
        and ${memberId}::uuid in (t.member_id, c.member_id, p.member_id)
        and (t.from_day is null or t.from_day <= ${today}::date) and (t.to_day is null or t.to_day > ${today}::date)),
    below as (
      select id from own
      union select t.id from team t join below b on t.parent_id = b.id where t.organization_id = ${organizationId}::uuid)
    select
      array(select t.name from team t join own o on o.id = t.id where t.organization_id = ${organizationId}::uuid
        order by lower(t.name), t.id) as names,
      array(select distinct r.repository_id from team_repository r join below b on b.id = r.team_id
        where r.organization_id = ${organizationId}::uuid) as "repositoryIds"`.execute(db)
  return found.rows[0] ?? { names: [], repositoryIds: [] }
}

/** Vulnerabilities of default branches that were opened, and fixed, in a range; `repositoryIds` undefined: of all assets. */
export async function countWeekOfSecurity(
  db: Db,
  {
    organizationId,
    repositoryIds,
    range,
  }: { organizationId: string; repositoryIds: readonly string[] | undefined; range: TimeRange },
): Promise<{ opened: number; fixed: number; known: boolean }> {
  const ofAssets =
    repositoryIds === undefined
      ? sql``
      : sql`and exists (select from asset a where a.organization_id = v.organization_id and a.id = v.asset_id
          and a.repository_id = any(${[...repositoryIds]}::uuid[]))`
  const count = (column: 'opened_at' | 'fixed_at') => sql<number>`
    (select count(*) from vulnerability v where v.organization_id = ${organizationId}::uuid and v.merged_into is null
      and v.on_default_branch and v.${sql.ref(column)} >= ${range.from} and v.${sql.ref(column)} < ${range.to} ${ofAssets})`
  const found = await sql<{ opened: number; fixed: number; known: boolean }>`
    select ${count('opened_at')} as opened, ${count('fixed_at')} as fixed,
      exists (select from vulnerability v where v.organization_id = ${organizationId}::uuid) as known`.execute(db)
  return found.rows[0] ?? { opened: 0, fixed: 0, known: false }
}
