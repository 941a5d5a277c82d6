import type { ActivityAnswer } from '../../../contract/delivery/activity.ts'
import { type Activity, type Days, type PersonWeek, summariseActivity } from '../../domain/delivery/activity-weeks.ts'
import { openLocalDays } from '../../domain/sla/local-days.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Db } from '../../store/db.ts'
import { listActivityWeeks, listPeopleIds } from '../../store/delivery/activity-weeks.ts'
import { listTeamNames } from '../../store/delivery/people/names.ts'
import { getPeopleSettingsRow } from '../../store/delivery/people/people-settings.ts'
import { readScope, type ScopeQuery } from './metric-scope.ts'
import { listAuthorCalendars } from './teams/list-author-calendars.ts'

const goalDaysPerWeek = 4
const dayMs = 24 * 3600_000

/**
 * On how many days people work and how much outside their hours: of everybody, of teams, never of one person. People work
 * by the calendar of the team they are in at the end of the range. Throws `validation_failed` as figures do.
 */
export async function getActivity(
  deps: { db: Db; clock: Clock },
  input: Pick<ScopeQuery, 'from' | 'to' | 'repository' | 'team'> & { organizationId: string },
): Promise<ActivityAnswer> {
  const { db } = deps
  const scope = await readScope(deps, { subject: 'pull_request', title: 'Working days' }, input)
  const { organizationId, range, now } = scope
  const end = range.to < now ? range.to : now
  const ids = await listPeopleIds(db, organizationId)
  const found = await listAuthorCalendars(db, { organizationId, asked: ids.map((personId) => ({ personId, at: end })) })
  const calendars = [...new Set(found.map(({ calendar }) => calendar))]
  const numbers = new Map(calendars.map((calendar, number) => [calendar, number]))
  const { teamIds: asked } = scope
  const people = ids.flatMap((id, index) => {
    const own = found[index]
    if (asked !== undefined && own?.teamIds.some((teamId) => asked.includes(teamId)) !== true) return []
    const calendar = own === undefined ? undefined : numbers.get(own.calendar)
    return own === undefined || calendar === undefined ? [] : [{ id, calendar, teamIds: own.teamIds }]
  })
  const weeks = await listActivityWeeks(db, { ...scope, people, calendars })
  const { time_zone } = await getPeopleSettingsRow(db, organizationId)
  const days = { from: dateOf(new Date(range.from.getTime() - 1), time_zone, 1), to: dateOf(end, time_zone, 0) }
  const teamsOf = new Map(people.map(({ id, teamIds }) => [id, teamIds]))
  const names = await listTeamNames(db, organizationId)
  return {
    from: range.from.toISOString(),
    to: range.to.toISOString(),
    goal_days_per_week: goalDaysPerWeek,
    all: toAnswer(summariseActivity(weeks, days)),
    teams: [...names]
      .map(([id, name]) => ({ id, name, ...summariseTeam(weeks, { id, teamsOf, days }) }))
      .filter(({ people: of }) => of > 0)
      .toSorted((a, b) => a.name.localeCompare(b.name, 'en')),
    course: [...Map.groupBy(weeks, ({ week }) => week)].map(([week, some]) => ({
      week,
      ...toAnswer(summariseActivity(some, days)),
    })),
  }
}

type OfTeam = { id: string; teamsOf: ReadonlyMap<string, readonly string[]>; days: Days }

function summariseTeam(weeks: readonly PersonWeek[], { id, teamsOf, days }: OfTeam) {
  const own = weeks.filter(({ personId }) => teamsOf.get(personId)?.includes(id) === true)
  return toAnswer(summariseActivity(own, days))
}

function toAnswer({ people, weeks, events, daysAWeek, outOfHours, onFreeDays }: Activity) {
  return {
    people,
    weeks,
    events,
    active_days_per_week: daysAWeek,
    out_of_hours: outOfHours,
    non_working_day: onFreeDays,
  }
}

/** The date a moment has in a zone, or some days later. */
function dateOf(at: Date, timeZone: string, later: number): string {
  return new Date((openLocalDays(timeZone).dayOf(at) + later) * dayMs).toISOString().slice(0, 10)
}
