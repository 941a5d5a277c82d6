import { findTeamsAt, resolveCalendar, type TeamCalendar } from '../../../domain/people/team-tree.ts'
import type { Db } from '../../../store/db.ts'
import { getPeopleSettingsRow } from '../../../store/delivery/people/people-settings.ts'
import { listMembershipsOf, listTeamSettings } from '../../../store/delivery/teams/team-members.ts'

/** Somebody at a moment, such as the author of a pull request when it was opened; null: nobody knows who. */
export type Asked = { personId: string | null; at: Date }

/** In which teams they were then, and when the first of them works; of whoever was in none, the organization's hours. */
export type AuthorCalendar = { teamIds: string[]; calendar: TeamCalendar }

/** The teams and the calendar of each of many people at moments, in the order asked: three queries for all. */
export async function listAuthorCalendars(
  db: Db,
  { organizationId, asked }: { organizationId: string; asked: readonly Asked[] },
): Promise<AuthorCalendar[]> {
  const personIds = [...new Set(asked.flatMap(({ personId }) => (personId === null ? [] : [personId])))]
  const memberships = await listMembershipsOf(db, { organizationId, personIds })
  const teams = await listTeamSettings(db, organizationId)
  const { time_zone: timeZone } = await getPeopleSettingsRow(db, organizationId)
  const byPerson = Map.groupBy(memberships, ({ personId }) => personId)
  const calendars = new Map<string | null, TeamCalendar>()
  return asked.map(({ personId, at }) => {
    const then = personId === null ? [] : findTeamsAt(byPerson.get(personId) ?? [], at)
    const teamIds = [...new Set(then.map(({ teamId }) => teamId))]
    const id = teamIds[0] ?? null
    const calendar = calendars.get(id) ?? resolveCalendar(teams, { id, timeZone })
    calendars.set(id, calendar)
    return { teamIds, calendar }
  })
}
