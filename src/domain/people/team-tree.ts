import { isTimeZone } from '../sla/local-days.ts'

/** What one weekday's work is, in minutes since midnight by the clocks of the zone; ISO 8601: Monday is 1. */
export type DayHours = { weekday: number; fromMinute: number; toMinute: number }

/** A team as it was set up; null and empty where it goes by the team above. Holidays are dates like 2027-12-24. */
export type TeamSettings = {
  id: string
  parentId: string | null
  timeZone: string | null
  hours: readonly DayHours[]
  holidays: readonly string[]
}

/** When a team works: nothing is left to look up. */
export type TeamCalendar = { timeZone: string; hours: readonly DayHours[]; holidays: readonly string[] }

/** Nine to five from Monday to Friday: of whoever is in no team, and of teams where nobody said otherwise. */
export const officeHours: readonly DayHours[] = [1, 2, 3, 4, 5].map((weekday) => ({
  weekday,
  fromMinute: 9 * 60,
  toMinute: 17 * 60,
}))

type Parented = { id: string; parentId: string | null }

/** The team and those above it, the nearest first. Ends at a team that is not there, and where a circle would close. */
export function listUpwards<Team extends Parented>(teams: ReadonlyMap<string, Team>, id: string): Team[] {
  const way: Team[] = []
  for (let team = teams.get(id); team !== undefined && !way.includes(team); )
    team = (way.push(team), team.parentId === null ? undefined : teams.get(team.parentId))
  return way
}

/** Whether a team put under `parentId` would be above itself. */
export function closesCircle(
  teams: ReadonlyMap<string, Parented>,
  { id, parentId }: { id: string; parentId: string | null },
): boolean {
  return parentId !== null && listUpwards(teams, parentId).some((team) => team.id === id)
}

/**
 * When a team works: zone and hours of itself or the nearest above that says some, else the organization's zone and office
 * hours; holidays of itself and all above. `id` null: in no team.
 */
export function resolveCalendar(
  teams: ReadonlyMap<string, TeamSettings>,
  { id, timeZone }: { id: string | null; timeZone: string },
): TeamCalendar {
  const way = id === null ? [] : listUpwards(teams, id)
  return {
    timeZone: way.find((team) => team.timeZone !== null)?.timeZone ?? timeZone,
    hours: way.find((team) => team.hours.length > 0)?.hours ?? officeHours,
    holidays: [...new Set(way.flatMap((team) => team.holidays))].toSorted(),
  }
}

/** Days as UTC has them, such as 2027-01-31; `to` is the first one after. Null: always was, and still is. */
export type Membership = { teamId: string; from: string | null; to: string | null }

/** The teams somebody was in at a moment, of all their memberships, in the order given. */
export function findTeamsAt<Of extends Membership>(memberships: readonly Of[], at: Date): Of[] {
  const day = at.toISOString().slice(0, 10)
  return memberships.filter(({ from, to }) => (from === null || from <= day) && (to === null || day < to))
}

/** Whether two times in a team have a day in common. */
export function overlaps(one: Omit<Membership, 'teamId'>, other: Omit<Membership, 'teamId'>): boolean {
  const isBefore = (a: Omit<Membership, 'teamId'>, b: Omit<Membership, 'teamId'>) =>
    a.to !== null && b.from !== null && a.to <= b.from
  return !isBefore(one, other) && !isBefore(other, one)
}

/** What is wrong with a zone and hours, in a sentence with the field's name; undefined for those that can be kept. */
export function findTeamFault(team: { timeZone: string | null; hours: readonly DayHours[] }): string | undefined {
  if (team.timeZone !== null && !isTimeZone(team.timeZone))
    return `time_zone: there is no time zone “${team.timeZone}”. Zones have names such as Europe/Berlin.`
  if (new Set(team.hours.map(({ weekday }) => weekday)).size < team.hours.length)
    return 'hours: each weekday has its hours once.'
  const wrong = team.hours.find(({ fromMinute, toMinute }) => fromMinute >= toMinute)
  return wrong === undefined ? undefined : 'hours: a day’s work ends after it begins, before midnight.'
}
