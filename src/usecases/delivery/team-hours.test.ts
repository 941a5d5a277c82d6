import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/database.ts'
import { insertDeliveryPlace, insertPullRequests } from '../../../test/delivery-facts.ts'
import { createNewId, newId } from '../../lib/ids.ts'
import type { OpenDatabase } from '../../store/db.ts'
import type { AuditActor } from '../access/audit.ts'
import { computeChangedFigures } from './compute-figures.ts'
import { mergeContributors } from './people/merge-contributors.ts'
import { updatePeopleSettings } from './people/people-settings.ts'
import { addTeamMember, removeTeamMember, updateTeamMember } from './teams/team-members.ts'
import { createTeam, deleteTeam, updateTeam } from './teams/teams.ts'

// Whose a pull request is, and in whose hours it is measured, follows what is said of teams afterwards.
let open: OpenDatabase
const organizationId = newId()
const [repositoryId, otherId, ada, ben, cleo] = [newId(), newId(), newId(), newId(), newId()]
const actor: AuditActor = { kind: 'system', name: 'Greta Admin' }
const asked = { organizationId, actor }
const deps = () => ({ db: open.db, clock: () => new Date('2026-05-01T00:00:00Z'), newId: createNewId() })
const compute = async () => computeChangedFigures(deps())
const always = { role: 'member', from: null, to: null } as const
/** Ready on Monday the 2nd of March at 08:00 UTC, reviewed on Tuesday at 10:00: 26 hours. */
const [ofAda, ofNobody] = [newId(), newId()]

beforeAll(async () => {
  open = await createTestDatabase()
  const repositories = [
    { id: repositoryId, slug: 'storefront-api' },
    { id: otherId, slug: 'warehouse' },
  ]
  const people = [
    { id: ada, name: 'Ada Quill' },
    { id: ben, name: 'Ben Oar' },
    { id: cleo, name: 'Cleo Weft' },
  ]
  await insertDeliveryPlace(open.db, { organizationId, connectionId: newId(), repositories, people })
  const events = [{ kind: 'comment', at: '2026-03-03T10:00:00Z', by: ben }] as const
  const openedAt = '2026-03-02T08:00:00Z'
  await insertPullRequests(open.db, organizationId, [
    { id: ofAda, repositoryId, number: 1, authorId: ada, openedAt, events },
    { id: ofNobody, repositoryId: otherId, number: 2, authorId: cleo, openedAt, events },
  ])
  await compute()
})
afterAll(async () => open.close())

async function hoursOf(id: string): Promise<number> {
  const row = await open.db
    .selectFrom('pull_request_figures')
    .select(['pickup_s', 'pickup_business_s'])
    .where('organization_id', '=', organizationId)
    .where('pull_request_id', '=', id)
    .executeTakeFirstOrThrow()
  expect(row.pickup_s).toBe(26 * 3600)
  return (row.pickup_business_s ?? Number.NaN) / 3600
}
async function teamsOf(id: string): Promise<string[]> {
  const rows = await open.db
    .selectFrom('pull_request_team')
    .select('team_id')
    .where('organization_id', '=', organizationId)
    .where('pull_request_id', '=', id)
    .execute()
  return rows.map(({ team_id }) => team_id)
}
/** How many pull requests are worked out anew, and what the first one's pickup is in team hours then. */
async function after(change: Promise<unknown>): Promise<[number, number]> {
  await change
  return [await compute(), await hoursOf(ofAda)]
}
const set = (id: string, change: Parameters<typeof updateTeam>[1]['change']) =>
  updateTeam(deps(), { ...asked, id, change })
const zone = (time_zone: string) =>
  updatePeopleSettings(deps(), { ...asked, settings: { has_person_pages: false, has_rankings: false, time_zone } })

test('of an author in no team the hours are those of the organization, whose zone can change', async () => {
  // Nine to five: seven hours of Monday from nine on, and one of Tuesday.
  expect(await hoursOf(ofAda)).toBe(9)
  // In Bogotá it was 03:00 and 05:00: all of Monday.
  expect(await after(zone('America/Bogota'))).toEqual([2, 8])
  expect(await after(zone('America/Bogota'))).toEqual([0, 8])
  expect(await after(zone('UTC'))).toEqual([2, 9])
})

test('of a member of a team they are the team’s: zone, hours and holidays of itself or the one above', async () => {
  const above = (await createTeam(deps(), { ...asked, name: 'Harbour', parentId: null, timeZone: null })).id
  const { id } = await createTeam(deps(), { ...asked, name: 'Quay', parentId: above, timeZone: null })
  const joined = addTeamMember(deps(), { ...asked, id, contributorId: ada, ...always })
  expect(await after(joined)).toEqual([1, 9])
  expect([await teamsOf(ofAda), await teamsOf(ofNobody)]).toEqual([[id], []])
  // In Lisbon the same; in Berlin 09:00 to 17:00, and two hours of Tuesday.
  expect(await after(set(above, { timeZone: 'Europe/Berlin' }))).toEqual([1, 10])
  expect(await after(set(above, { holidays: [{ day: '2026-03-02', name: 'Day of the quay' }] }))).toEqual([1, 2])
  expect(await after(set(above, { holidays: [] }))).toEqual([1, 10])
  const monday = [{ weekday: 1, fromMinute: 600, toMinute: 660 }]
  expect(await after(set(id, { hours: monday }))).toEqual([1, 1])
  expect(await after(set(id, { hours: [] }))).toEqual([1, 10])
  expect(await after(set(id, { name: 'Long quay' }))).toEqual([0, 10])
  // Taken out of the tree it goes by the organization again.
  expect(await after(set(id, { parentId: null }))).toEqual([1, 9])
  expect(await after(deleteTeam(deps(), { ...asked, id }))).toEqual([1, 9])
  expect(await teamsOf(ofAda)).toEqual([])
})

test('whose a pull request is goes by the day it was opened', async () => {
  const { id } = await createTeam(deps(), { ...asked, name: 'Deck', parentId: null, timeZone: 'Europe/Berlin' })
  const joined = await addTeamMember(deps(), { ...asked, id, contributorId: ada, ...always, to: '2026-03-02' })
  await compute()
  expect(await teamsOf(ofAda)).toEqual([])
  const membership = joined.members[0]?.id ?? ''
  await updateTeamMember(deps(), { ...asked, id: membership, role: 'member', from: '2026-03-02', to: '2026-03-03' })
  expect([await compute(), await teamsOf(ofAda), await hoursOf(ofAda)]).toEqual([1, [id], 10])
  await removeTeamMember(deps(), { ...asked, id: membership })
  expect([await compute(), await teamsOf(ofAda)]).toEqual([1, []])
})

test('of an author in no team it is of the teams of its repository; of one in a team it is not', async () => {
  const { id } = await createTeam(deps(), { ...asked, name: 'Mast', parentId: null, timeZone: null })
  const { id: own } = await createTeam(deps(), { ...asked, name: 'Oar', parentId: null, timeZone: null })
  await addTeamMember(deps(), { ...asked, id: own, contributorId: ada, ...always })
  await set(id, { repositoryIds: [repositoryId, otherId] })
  await compute()
  expect([await teamsOf(ofAda), await teamsOf(ofNobody)]).toEqual([[own], [id]])
  await set(id, { repositoryIds: [repositoryId] })
  expect([(await compute()) > 0, await teamsOf(ofNobody)]).toEqual([true, []])
})

test('accounts that turn out to be one person bring their pull requests to the person’s team', async () => {
  const { id } = await createTeam(deps(), { ...asked, name: 'Pier', parentId: null, timeZone: null })
  await addTeamMember(deps(), { ...asked, id, contributorId: ben, ...always })
  await compute()
  expect(await teamsOf(ofNobody)).toEqual([])
  await mergeContributors(deps(), { ...asked, merges: [{ from: cleo, into: ben }], source: 'person' })
  expect([(await compute()) > 0, await teamsOf(ofNobody)]).toEqual([true, [id]])
})
