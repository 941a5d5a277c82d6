import type { NameLine } from '../../../domain/delivery/fold-matrix.ts'
import type { Db } from '../../../store/db.ts'
import { listPeopleNames, listTeamNames } from '../../../store/delivery/people/names.ts'
import { getPeopleSettingsRow } from '../../../store/delivery/people/people-settings.ts'
import { listAuthorCalendars } from '../teams/list-author-calendars.ts'

/** As what people are shown: by name where the organization allows it, else by team, else as numbers. */
export type NamedLines = {
  grouping: 'person' | 'team' | 'anonymous'
  nameOf: NameLine
  /** A line of fewer would be a person alone. */
  leastPeople: number
  isRanked: boolean
}

/** A team's figures say nothing of one of its people from three on. */
const leastOfTeam = 3

/** Decides how people are shown, by what the organization allows, with their teams as of `at`. */
export async function nameLines(
  db: Db,
  { organizationId, personIds, at }: { organizationId: string; personIds: readonly string[]; at: Date },
): Promise<NamedLines> {
  const settings = await getPeopleSettingsRow(db, organizationId)
  if (settings.has_person_pages) {
    const names = await listPeopleNames(db, { organizationId, ids: personIds })
    const nameOf: NameLine = (id) => ({ key: id, label: names.get(id) ?? 'Unknown' })
    return { grouping: 'person', nameOf, leastPeople: 1, isRanked: settings.has_rankings }
  }
  const teams = await listTeamNames(db, organizationId)
  if (teams.size > 0) return nameTeams(db, { organizationId, personIds, at, teams })
  return { grouping: 'anonymous', nameOf: createNumbers(), leastPeople: 1, isRanked: true }
}

type TeamNaming = { organizationId: string; personIds: readonly string[]; at: Date; teams: ReadonlyMap<string, string> }

async function nameTeams(db: Db, { organizationId, personIds, at, teams }: TeamNaming): Promise<NamedLines> {
  const asked = personIds.map((personId) => ({ personId, at }))
  const calendars = await listAuthorCalendars(db, { organizationId, asked })
  const teamOf = new Map(personIds.map((id, index) => [id, calendars[index]?.teamIds[0]]))
  const nameOf: NameLine = (id) => {
    const key = teamOf.get(id)
    const label = key === undefined ? undefined : teams.get(key)
    return key === undefined || label === undefined ? undefined : { key, label }
  }
  return { grouping: 'team', nameOf, leastPeople: leastOfTeam, isRanked: false }
}

/** Numbers in the order people are asked for, which is by their counts, apart on each side; the key is no id. */
function createNumbers(): NameLine {
  const numbers = { reviewer: new Map<string, number>(), author: new Map<string, number>() }
  const words = { reviewer: 'Reviewer', author: 'Author' }
  return (id, side) => {
    const known = numbers[side]
    const number = known.get(id) ?? known.size + 1
    known.set(id, number)
    return { key: `${side}-${number}`, label: `${words[side]} ${number}` }
  }
}
