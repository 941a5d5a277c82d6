import { sql } from 'kysely'
import type { Membership, TeamSettings } from '../../../domain/people/team-tree.ts'
import type { ContributorKind } from '../../../domain/remote-kind.ts'
import type { Db } from '../../db.ts'

type Key = { organizationId: string; id: string }
export type TeamRole = 'member' | 'champion'

export type TeamMemberRow = {
  id: string
  team_id: string
  role: TeamRole
  from_day: string | null
  to_day: string | null
  contributor: { id: string; kind: ContributorKind; name: string } | null
  member: { id: string; name: string } | null
}

const day = (column: string) => sql<string | null>`to_char(${sql.ref(column)}, 'YYYY-MM-DD')`

/** Everybody who is, was or will be in a team, whoever is in it first. An account stands for its person. */
export async function listTeamMembers(db: Db, { organizationId, id }: Key): Promise<TeamMemberRow[]> {
  const found = await sql<TeamMemberRow>`
    select t.id, t.team_id, t.role, ${day('t.from_day')} as from_day, ${day('t.to_day')} as to_day,
      case when p.id is not null then json_build_object('id', p.id, 'kind', p.kind, 'name', p.display_name) end as contributor,
      case when m.id is not null then json_build_object('id', m.id, 'name', m.name) end as member
    from team_member t
    left join contributor c on c.organization_id = t.organization_id and c.id = t.contributor_id
    left join contributor p on p.organization_id = t.organization_id and p.id = coalesce(c.merged_into, c.id)
    left join member m on m.organization_id = t.organization_id and m.id = t.member_id
    where t.organization_id = ${organizationId}::uuid and t.team_id = ${id}::uuid
    order by t.to_day is not null, t.role, lower(coalesce(p.display_name, m.name)), t.id`.execute(db)
  return found.rows
}

export type NewTeamMember = Key & {
  teamId: string
  contributorId: string | null
  memberId: string | null
  role: TeamRole
  from: string | null
  to: string | null
}

export async function insertTeamMember(tx: Db, one: NewTeamMember & { now: Date }): Promise<void> {
  await tx
    .insertInto('team_member')
    .values({
      organization_id: one.organizationId,
      id: one.id,
      team_id: one.teamId,
      contributor_id: one.contributorId,
      member_id: one.memberId,
      role: one.role,
      from_day: one.from,
      to_day: one.to,
      created_at: one.now,
    })
    .execute()
}

export async function updateTeamMemberRow(
  tx: Db,
  one: Key & { role: TeamRole; from: string | null; to: string | null },
): Promise<void> {
  await tx
    .updateTable('team_member')
    .set({ role: one.role, from_day: one.from, to_day: one.to })
    .where('organization_id', '=', one.organizationId)
    .where('id', '=', one.id)
    .execute()
}

export async function deleteTeamMemberRow(tx: Db, { organizationId, id }: Key): Promise<void> {
  await tx.deleteFrom('team_member').where('organization_id', '=', organizationId).where('id', '=', id).execute()
}

export async function findTeamOfMembership(db: Db, { organizationId, id }: Key): Promise<string | undefined> {
  const row = await db
    .selectFrom('team_member')
    .select('team_id')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.team_id
}

export type PersonMembership = Membership & { personId: string }

/**
 * In which teams people are, were and will be: by their accounts through all merges, and by the member whose accounts those
 * are. `personIds`: accounts that stand for a person. Each person's longest membership first.
 */
export async function listMembershipsOf(
  db: Db,
  { organizationId, personIds }: { organizationId: string; personIds: readonly string[] },
): Promise<PersonMembership[]> {
  const found = await sql<PersonMembership>`
    with account as (
      select c.id, coalesce(c.merged_into, c.id) as person_id, c.member_id from contributor c
      where c.organization_id = ${organizationId}::uuid
        and (c.id = any(${[...personIds]}::uuid[]) or c.merged_into = any(${[...personIds]}::uuid[])))
    select distinct a.person_id as "personId", t.team_id as "teamId", ${day('t.from_day')} as "from", ${day('t.to_day')} as "to"
    from account a join team_member t on t.organization_id = ${organizationId}::uuid
      and (t.contributor_id = a.id or t.member_id = a.member_id)
    order by 1, 3 nulls first, 2`.execute(db)
  return found.rows
}

/** Zone, hours and holidays of every team as they were set up, by id. */
export async function listTeamSettings(db: Db, organizationId: string): Promise<Map<string, TeamSettings>> {
  const found = await sql<TeamSettings>`
    select t.id, t.parent_id as "parentId", t.time_zone as "timeZone",
      array(select json_build_object('weekday', h.weekday, 'fromMinute', h.from_minute, 'toMinute', h.to_minute)
        from team_hours h where h.organization_id = t.organization_id and h.team_id = t.id order by h.weekday) as hours,
      array(select to_char(d.day, 'YYYY-MM-DD') from team_holiday d
        where d.organization_id = t.organization_id and d.team_id = t.id order by d.day) as holidays
    from team t where t.organization_id = ${organizationId}::uuid`.execute(db)
  return new Map(found.rows.map((row) => [row.id, row]))
}
