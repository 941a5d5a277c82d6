import { sql } from 'kysely'
import type { DayHours, TeamSettings } from '../../../domain/people/team-tree.ts'
import type { Db } from '../../db.ts'

type Key = { organizationId: string; id: string }
export type Holiday = { day: string; name: string }
export type TeamRow = Omit<TeamSettings, 'holidays'> & {
  name: string
  holidays: Holiday[]
  /** As of a day. */
  people: number
  repositories: number
}

/** One at a time changes the tree: two moves that are fine alone can close a circle together. */
export async function lockTeams(tx: Db, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`weir teams ${organizationId}`}, 0))`.execute(tx)
}

/** All teams of an organization by name, with who and what is in each today. */
export async function listTeamRows(
  db: Db,
  { organizationId, today }: { organizationId: string; today: string },
): Promise<TeamRow[]> {
  const found = await sql<TeamRow>`
    select t.id, t.parent_id as "parentId", t.name, t.time_zone as "timeZone",
      coalesce(h.hours, '[]') as hours, coalesce(d.holidays, '[]') as holidays,
      coalesce(m.people, 0)::integer as people, coalesce(r.repositories, 0)::integer as repositories
    from team t
    left join (select team_id, json_agg(json_build_object('weekday', weekday, 'fromMinute', from_minute, 'toMinute', to_minute)
        order by weekday) as hours
      from team_hours where organization_id = ${organizationId}::uuid group by 1) h on h.team_id = t.id
    left join (select team_id, json_agg(json_build_object('day', day, 'name', name) order by day) as holidays
      from team_holiday where organization_id = ${organizationId}::uuid group by 1) d on d.team_id = t.id
    left join (select team_id, count(*) as people from team_member
      where organization_id = ${organizationId}::uuid and (from_day is null or from_day <= ${today}::date)
        and (to_day is null or to_day > ${today}::date) group by 1) m on m.team_id = t.id
    left join (select team_id, count(*) as repositories from team_repository
      where organization_id = ${organizationId}::uuid group by 1) r on r.team_id = t.id
    where t.organization_id = ${organizationId}::uuid
    order by lower(t.name), t.id`.execute(db)
  return found.rows
}

export type TeamFields = { name: string; parentId: string | null; timeZone: string | null }

export async function insertTeam(tx: Db, team: Key & TeamFields & { now: Date }): Promise<void> {
  await tx
    .insertInto('team')
    .values({
      organization_id: team.organizationId,
      id: team.id,
      name: team.name,
      parent_id: team.parentId,
      time_zone: team.timeZone,
      created_at: team.now,
      updated_at: team.now,
    })
    .execute()
}

export async function updateTeamRow(tx: Db, team: Key & TeamFields & { now: Date }): Promise<void> {
  await tx
    .updateTable('team')
    .set({ name: team.name, parent_id: team.parentId, time_zone: team.timeZone, updated_at: team.now })
    .where('organization_id', '=', team.organizationId)
    .where('id', '=', team.id)
    .execute()
}

/** Takes a team away; the teams below it come under the one above. */
export async function deleteTeamRow(tx: Db, team: Key & { parentId: string | null }): Promise<void> {
  await tx
    .updateTable('team')
    .set({ parent_id: team.parentId })
    .where('organization_id', '=', team.organizationId)
    .where('parent_id', '=', team.id)
    .execute()
  await tx.deleteFrom('team').where('organization_id', '=', team.organizationId).where('id', '=', team.id).execute()
}

export async function replaceHours(tx: Db, team: Key & { hours: readonly DayHours[] }): Promise<void> {
  const { organizationId: organization_id, id: team_id } = team
  await tx
    .deleteFrom('team_hours')
    .where('organization_id', '=', organization_id)
    .where('team_id', '=', team_id)
    .execute()
  if (team.hours.length === 0) return
  const rows = team.hours.map(({ weekday, fromMinute, toMinute }) => ({
    organization_id,
    team_id,
    weekday,
    from_minute: fromMinute,
    to_minute: toMinute,
  }))
  await tx.insertInto('team_hours').values(rows).execute()
}

export async function replaceHolidays(tx: Db, team: Key & { holidays: readonly Holiday[] }): Promise<void> {
  const { organizationId: organization_id, id: team_id } = team
  await tx
    .deleteFrom('team_holiday')
    .where('organization_id', '=', organization_id)
    .where('team_id', '=', team_id)
    .execute()
  if (team.holidays.length === 0) return
  const rows = team.holidays.map(({ day, name }) => ({ organization_id, team_id, day, name }))
  await tx.insertInto('team_holiday').values(rows).execute()
}

export type TeamRepository = { id: string; name: string; workspace: string }

export async function listTeamRepositories(db: Db, { organizationId, id }: Key): Promise<TeamRepository[]> {
  return db
    .selectFrom('team_repository as t')
    .innerJoin('repository as r', (join) =>
      join.onRef('r.organization_id', '=', 't.organization_id').onRef('r.id', '=', 't.repository_id'),
    )
    .select(['r.id', 'r.name', 'r.workspace_slug as workspace'])
    .where('t.organization_id', '=', organizationId)
    .where('t.team_id', '=', id)
    .orderBy('r.name')
    .orderBy('r.id')
    .execute()
}

/** Answers false, and changes nothing, where one of them is no repository here. */
export async function replaceTeamRepositories(
  tx: Db,
  { organizationId, id, repositoryIds }: Key & { repositoryIds: readonly string[] },
): Promise<boolean> {
  const wanted = [...new Set(repositoryIds)]
  const known = await sql`
    select from repository where organization_id = ${organizationId}::uuid and id = any(${wanted}::uuid[])`.execute(tx)
  if (known.rows.length < wanted.length) return false
  await tx
    .deleteFrom('team_repository')
    .where('organization_id', '=', organizationId)
    .where('team_id', '=', id)
    .execute()
  await sql`
    insert into team_repository (organization_id, team_id, repository_id)
    select ${organizationId}::uuid, ${id}::uuid, unnest(${wanted}::uuid[])`.execute(tx)
  return true
}

/** Repositories whose name holds a text, for a menu. */
export async function listRepositoryNames(
  db: Db,
  { organizationId, text, limit }: { organizationId: string; text: string; limit: number },
): Promise<TeamRepository[]> {
  const found = await sql<TeamRepository>`
    select id, name, workspace_slug as workspace from repository
    where organization_id = ${organizationId}::uuid and strpos(lower(workspace_slug || '/' || slug || ' ' || name), lower(${text})) > 0
    order by strpos(lower(name), lower(${text})) <> 1, lower(name), id limit ${limit}`.execute(db)
  return found.rows
}

/** Names of some teams of the organization, in their order. */
export async function listTeamNamesOf(
  db: Db,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<string[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('team')
    .select('name')
    .where('organization_id', '=', organizationId)
    .where('id', 'in', [...ids])
    .orderBy('name')
    .execute()
  return rows.map(({ name }) => name)
}
