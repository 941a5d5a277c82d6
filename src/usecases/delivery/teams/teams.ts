import type { Team, TeamDetails, TeamRepository } from '../../../../contract/delivery/teams.ts'
import { closesCircle, type DayHours, findTeamFault, resolveCalendar } from '../../../domain/people/team-tree.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import { getPeopleSettingsRow } from '../../../store/delivery/people/people-settings.ts'
import { listTeamMembers } from '../../../store/delivery/teams/team-members.ts'
import {
  deleteTeamRow,
  type Holiday,
  insertTeam,
  listRepositoryNames as listNames,
  listTeamRepositories,
  listTeamRows,
  lockTeams,
  replaceHolidays,
  replaceHours,
  replaceTeamRepositories,
  type TeamRow,
  updateTeamRow,
} from '../../../store/delivery/teams/teams.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'

export type TeamDeps = { db: Db; clock: Clock; newId: NewId }
type Key = { organizationId: string; id: string }

const teamsAtMost = 2000
const namesAtMost = 50

async function listRows(deps: { clock: Clock }, db: Db, organizationId: string): Promise<Map<string, TeamRow>> {
  const rows = await listTeamRows(db, { organizationId, today: deps.clock().toISOString().slice(0, 10) })
  return new Map(rows.map((row) => [row.id, row]))
}

export async function listTeams(
  deps: { db: Db; clock: Clock },
  { organizationId }: { organizationId: string },
): Promise<{ items: Team[] }> {
  const rows = await listRows(deps, deps.db, organizationId)
  return { items: [...rows.values()].map(toTeam) }
}

function toTeam({ id, parentId, name, people, repositories }: TeamRow): Team {
  return { id, parent_id: parentId, name, people, repositories }
}

function findTeam(teams: ReadonlyMap<string, TeamRow>, id: string): TeamRow {
  const row = teams.get(id)
  if (row === undefined) throw new AppError('not_found', 'There is no such team here.')
  return row
}

/** Throws `not_found`. */
export async function getTeam(deps: { db: Db; clock: Clock }, { organizationId, id }: Key): Promise<TeamDetails> {
  const teams = await listRows(deps, deps.db, organizationId)
  const row = findTeam(teams, id)
  const { time_zone: timeZone } = await getPeopleSettingsRow(deps.db, organizationId)
  const settings = new Map(
    [...teams.values()].map((one) => [one.id, { ...one, holidays: one.holidays.map(({ day }) => day) }]),
  )
  const calendar = resolveCalendar(settings, { id, timeZone })
  const members = await listTeamMembers(deps.db, { organizationId, id })
  return {
    ...toTeam(row),
    time_zone: row.timeZone,
    hours: row.hours.map(toHours),
    holidays: row.holidays,
    calendar: { time_zone: calendar.timeZone, hours: calendar.hours.map(toHours), holidays: [...calendar.holidays] },
    members: members.map(({ id, role, from_day: from, to_day: to, contributor, member }) => ({
      id,
      role,
      from,
      to,
      contributor,
      member,
    })),
    repository_list: await listTeamRepositories(deps.db, { organizationId, id }),
  }
}

function toHours({ weekday, fromMinute, toMinute }: DayHours) {
  return { weekday, from_minute: fromMinute, to_minute: toMinute }
}

export type TeamChange = {
  name?: string | undefined
  parentId?: string | null | undefined
  timeZone?: string | null | undefined
  hours?: readonly DayHours[] | undefined
  holidays?: readonly Holiday[] | undefined
  repositoryIds?: readonly string[] | undefined
}
type Asked = { organizationId: string; actor: AuditActor }

/** Throws `validation_failed` for a name that is taken, no such team above, a zone nobody knows; `conflict` for too many. */
export async function createTeam(
  deps: TeamDeps,
  { organizationId, actor, ...team }: Asked & { name: string; parentId: string | null; timeZone: string | null },
): Promise<TeamDetails> {
  const id = deps.newId()
  await deps.db.transaction().execute(async (tx) => {
    await lockTeams(tx, organizationId)
    const teams = await listRows(deps, tx, organizationId)
    if (teams.size >= teamsAtMost) throw new AppError('conflict', `There are ${teamsAtMost} teams, and no more can be.`)
    check(teams, { ...team, id, hours: [] })
    await insertTeam(tx, { organizationId, id, ...team, now: deps.clock() })
    const audit = { organizationId, actor, target: { kind: 'team', id }, after: { name: team.name } }
    await recordAudit(deps, tx, { ...audit, action: 'team.created' })
  })
  return getTeam(deps, { organizationId, id })
}

type Checked = {
  id: string
  name: string
  parentId: string | null
  timeZone: string | null
  hours: readonly DayHours[]
}

function check(teams: ReadonlyMap<string, TeamRow>, team: Checked): void {
  const wanted = team.name.toLowerCase()
  if ([...teams.values()].some((one) => one.id !== team.id && one.name.toLowerCase() === wanted))
    throw new AppError('validation_failed', `name: there is a team “${team.name}” already.`)
  if (team.parentId !== null && !teams.has(team.parentId))
    throw new AppError('validation_failed', 'parent_id: there is no such team here.')
  if (closesCircle(teams, team))
    throw new AppError('validation_failed', 'parent_id: a team cannot be under itself or under one below it.')
  const fault = findTeamFault(team)
  if (fault !== undefined) throw new AppError('validation_failed', fault)
}

/** Throws as `createTeam`, and `not_found`; a circle is refused, also where two move teams at once. */
export async function updateTeam(
  deps: TeamDeps,
  { organizationId, actor, id, change }: Asked & { id: string; change: TeamChange },
): Promise<TeamDetails> {
  await deps.db.transaction().execute(async (tx) => {
    await lockTeams(tx, organizationId)
    const teams = await listRows(deps, tx, organizationId)
    const before = findTeam(teams, id)
    const name = change.name ?? before.name
    const parentId = change.parentId === undefined ? before.parentId : change.parentId
    const timeZone = change.timeZone === undefined ? before.timeZone : change.timeZone
    check(teams, { id, name, parentId, timeZone, hours: change.hours ?? before.hours })
    await updateTeamRow(tx, { organizationId, id, name, parentId, timeZone, now: deps.clock() })
    await replaceLists(tx, { organizationId, id, change })
    const told = { parent_id: parentId, time_zone: timeZone, changed: Object.keys(change) }
    await recordAudit(deps, tx, {
      organizationId,
      actor,
      action: 'team.changed',
      target: { kind: 'team', id },
      before: { name: before.name, parent_id: before.parentId, time_zone: before.timeZone },
      after: { name, ...told },
    })
  })
  return getTeam(deps, { organizationId, id })
}

async function replaceLists(tx: Db, { organizationId, id, change }: Key & { change: TeamChange }): Promise<void> {
  if (change.hours !== undefined) await replaceHours(tx, { organizationId, id, hours: change.hours })
  if (change.holidays !== undefined) {
    // The last name said of a day holds.
    const holidays = [...new Map(change.holidays.map((one) => [one.day, one])).values()]
    await replaceHolidays(tx, { organizationId, id, holidays })
  }
  if (change.repositoryIds === undefined) return
  const { repositoryIds } = change
  if (!(await replaceTeamRepositories(tx, { organizationId, id, repositoryIds })))
    throw new AppError('validation_failed', 'repository_ids: one of them is no repository here.')
}

/** Those below come under the one above; who was in it was in no team. Throws `not_found`. */
export async function deleteTeam(deps: TeamDeps, { organizationId, actor, id }: Asked & { id: string }): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    await lockTeams(tx, organizationId)
    const { name, parentId } = findTeam(await listRows(deps, tx, organizationId), id)
    await deleteTeamRow(tx, { organizationId, id, parentId })
    const audit = { organizationId, actor, target: { kind: 'team', id }, before: { name } }
    await recordAudit(deps, tx, { ...audit, action: 'team.deleted' })
  })
}

/** Repositories for a menu. */
export async function listRepositoryNames(
  { db }: { db: Db },
  { organizationId, text }: { organizationId: string; text?: string | undefined },
): Promise<{ items: TeamRepository[] }> {
  return { items: await listNames(db, { organizationId, text: text ?? '', limit: namesAtMost }) }
}
