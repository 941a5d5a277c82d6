import { type BusinessClock, openBusinessClock } from '../../../domain/delivery/business-hours.ts'
import type { TeamCalendar } from '../../../domain/people/team-tree.ts'
import type { Weekday } from '../../../domain/sla/working-days.ts'
import type { Db } from '../../../store/db.ts'
import { listTeamsOfRepositories } from '../../../store/delivery/teams/team-repositories.ts'
import { type Asked, listAuthorCalendars } from './list-author-calendars.ts'

/** Whose a pull request is, and the clock that runs in the hours in which it is worked on. */
export type AuthorClock = { teamIds: string[]; clock: BusinessClock }

/** Clocks that are open already, kept by whoever asks for many batches: opening one is what costs. */
export type OpenClocks = Map<string, BusinessClock>

/** More teams at once than anybody is in; a pull request is in no more. */
const teamsAtMost = 50

/**
 * For each pull request, in the order asked: the teams its author was in when it was opened, or of an author in none those its
 * repository belongs to; and the clock of the author's first team, else of the organization. Four queries for all.
 */
export async function listAuthorClocks(
  db: Db,
  {
    organizationId,
    asked,
    clocks,
  }: { organizationId: string; asked: readonly (Asked & { repositoryId: string })[]; clocks: OpenClocks },
): Promise<AuthorClock[]> {
  const authors = await listAuthorCalendars(db, { organizationId, asked })
  const repositoryIds = [...new Set(asked.map(({ repositoryId }) => repositoryId))]
  const owners = Map.groupBy(
    await listTeamsOfRepositories(db, { organizationId, repositoryIds }),
    ({ repositoryId }) => repositoryId,
  )
  return authors.map(({ teamIds, calendar }, index) => {
    const ofRepository = owners.get(asked[index]?.repositoryId ?? '')?.map(({ teamId }) => teamId) ?? []
    const ids = teamIds.length > 0 ? teamIds : ofRepository
    return { teamIds: ids.slice(0, teamsAtMost), clock: openClock(clocks, calendar) }
  })
}

function openClock(clocks: OpenClocks, calendar: TeamCalendar): BusinessClock {
  const key = JSON.stringify(calendar)
  const clock = clocks.get(key) ?? openBusinessClock(toBusinessHours(calendar))
  clocks.set(key, clock)
  return clock
}

function toBusinessHours({ timeZone, hours, holidays }: TeamCalendar) {
  return {
    timeZone,
    holidays,
    hours: hours.flatMap(({ weekday, ...day }) => (isWeekday(weekday) ? { ...day, weekday } : [])),
  }
}

function isWeekday(day: number): day is Weekday {
  return Number.isInteger(day) && day >= 1 && day <= 7
}
