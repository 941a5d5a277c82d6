import { sql } from 'kysely'
import type { PersonWeek } from '../../domain/delivery/activity-weeks.ts'
import type { TeamCalendar } from '../../domain/people/team-tree.ts'
import type { Db } from '../db.ts'

type Asked = {
  organizationId: string
  range: { from: Date; to: Date }
  repositoryIds: readonly string[] | undefined
  /** People, with the number of the calendar each works by. */
  people: readonly { id: string; calendar: number }[]
  calendars: readonly TeamCalendar[]
}

/** Every account that stands for a person, and is no program. */
export async function listPeopleIds(db: Db, organizationId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('contributor')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('merged_into', 'is', null)
    .where('is_bot', '=', false)
    .execute()
  return rows.map(({ id }) => id)
}

/**
 * What people did week by week, by what clocks in their zone show: commits, comments, approvals, requested changes, pull
 * requests opened and merged. One row for a person and a week in which they did anything.
 */
export async function listActivityWeeks(db: Db, asked: Asked): Promise<PersonWeek[]> {
  const { people, calendars } = asked
  const stated = calendars.map(({ timeZone, hours, holidays }, number) => ({
    number,
    zone: timeZone,
    holidays,
    hours: hours.map((one) => ({ weekday: one.weekday, first: one.fromMinute, past: one.toMinute })),
  }))
  const found = await sql<PersonWeek>`
    with calendar as (
      select * from json_to_recordset(${JSON.stringify(stated)}::json) as c (number int, zone text, holidays date[], hours json)),
    open as (
      select c.number, h.* from calendar c, json_to_recordset(c.hours) as h (weekday int, first int, past int)),
    person as (
      select * from unnest(${people.map(({ id }) => id)}::uuid[], ${people.map(({ calendar }) => calendar)}::int[]) as p (id, calendar)),
    done as (${selectDone(asked)}),
    placed as (
      select p.id, l.local::date as day, date_trunc('week', l.local)::date as week,
        o.weekday is not null and l.local::date <> all (c.holidays) as is_working_day,
        extract(hour from l.local) * 60 + extract(minute from l.local) between o.first and o.past - 1 as is_in_hours
      from done d
      join contributor a on a.organization_id = ${asked.organizationId}::uuid and a.id = d.account_id
      join person p on p.id = coalesce(a.merged_into, a.id)
      join calendar c on c.number = p.calendar
      cross join lateral (select d.at at time zone c.zone as local) l
      left join open o on o.number = c.number and o.weekday = extract(isodow from l.local))
    select id as "personId", to_char(week, 'YYYY-MM-DD') as week, count(distinct day) as days, count(*) as events,
      count(*) filter (where not is_working_day or not is_in_hours) as "outOfHours",
      count(*) filter (where not is_working_day) as "onFreeDays"
    from placed group by 1, 2 order by 2, 1`.execute(db)
  return found.rows
}

function selectDone({ organizationId, range: { from, to }, repositoryIds }: Asked) {
  const of = (column: string) =>
    repositoryIds === undefined ? sql`` : sql`and ${sql.ref(column)} = any(${[...repositoryIds]}::uuid[])`
  return sql`
    select p.author_id as account_id, f.opened_at as at from pull_request_figures f
      join pull_request p on p.organization_id = f.organization_id and p.id = f.pull_request_id
      where f.organization_id = ${organizationId}::uuid and f.opened_at >= ${from} and f.opened_at < ${to} ${of('f.repository_id')}
    union all select e.contributor_id, e.at from pull_request_event e
      join pull_request p on p.organization_id = e.organization_id and p.id = e.pull_request_id
      where e.organization_id = ${organizationId}::uuid and e.at >= ${from} and e.at < ${to} and not e.is_deleted
        and e.kind in ('comment', 'approval', 'changes_requested', 'merged') ${of('p.repository_id')}
    union all select m.author_id, m.authored_at from commit m
      where m.organization_id = ${organizationId}::uuid and m.authored_at >= ${from} and m.authored_at < ${to} ${of('m.repository_id')}`
}
