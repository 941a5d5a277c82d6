import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { insertOrganization } from '../../../../test/remotes.ts'
import { officeHours } from '../../../domain/people/team-tree.ts'
import { createNewId } from '../../../lib/ids.ts'
import { upsertContributor } from '../../../store/access/contributors.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import type { AuditActor } from '../../access/audit.ts'
import { mergeContributors } from '../people/merge-contributors.ts'
import { updatePeopleSettings } from '../people/people-settings.ts'
import { listAuthorCalendars } from './list-author-calendars.ts'
import { addTeamMember, removeTeamMember, updateTeamMember } from './team-members.ts'
import { createTeam, deleteTeam, getTeam, listTeams, updateTeam } from './teams.ts'

const newId = createNewId()
const now = new Date('2027-03-02T09:00:00Z')
const actor: AuditActor = { kind: 'system', name: 'Greta Admin' }
const [organizationId, memberId] = [newId(), newId()]
const asked = { organizationId, actor }

let open: OpenDatabase
beforeAll(async () => {
  open = await createTestDatabase()
  await insertOrganization(open.db, { organizationId, memberId })
})
afterAll(() => open.close())

const deps = () => ({ db: open.db, clock: () => now, newId })
const make = async (name: string, parentId: string | null = null, timeZone: string | null = null) =>
  (await createTeam(deps(), { ...asked, name, parentId, timeZone })).id
const move = (id: string, parentId: string | null) => updateTeam(deps(), { ...asked, id, change: { parentId } })
const see = async (name: string) =>
  upsertContributor(open.db, {
    organizationId,
    id: newId(),
    kind: 'bitbucket',
    remoteId: `{${name}}`,
    accountId: null,
    name,
    nickname: null,
    email: null,
    isBot: false,
    isClosed: false,
    seenAt: now,
  })
const always = { role: 'member', from: null, to: null } as const
const at = (personId: string | null, day: string) => ({ personId, at: new Date(`${day}T12:00:00Z`) })
const parentsOf = async () =>
  new Map((await listTeams(deps(), { organizationId })).items.map((one) => [one.id, one.parent_id]))

describe('the tree', () => {
  test('refuses a circle, a name that is taken in whatever case, and a zone nobody knows', async () => {
    const [a, b] = [await make('Anchor'), await make('Buoy')]
    await move(b, a)
    await expect(move(a, b)).rejects.toMatchObject({ code: 'validation_failed' })
    await expect(make('ANCHOR')).rejects.toThrow(/already/)
    await expect(make('Atlantis', null, 'Europe/Atlantis')).rejects.toThrow(/time zone/)
    expect((await parentsOf()).get(a)).toBeNull()
  })

  test('has no circle either when two move teams under each other at once', async () => {
    const [a, b, c] = [await make('Crane'), await make('Dock'), await make('East quay')]
    const moves = await Promise.allSettled([move(a, b), move(b, c), move(c, a)])
    expect(moves.filter((one) => one.status === 'rejected')).toHaveLength(1)
    const parents = await parentsOf()
    for (const start of [a, b, c]) {
      let steps = 0
      for (let id: string | null = start; id !== null; id = parents.get(id) ?? null) steps += 1
      expect(steps).toBeLessThan(4)
    }
  })

  test('keeps what is below a team that is removed, under the one above', async () => {
    const [top, middle, low] = [await make('Fleet'), await make('Gangway'), await make('Hull')]
    await move(middle, top)
    await move(low, middle)
    const ada = await see('below')
    await addTeamMember(deps(), { ...asked, id: middle, contributorId: ada, ...always })
    await deleteTeam(deps(), { ...asked, id: middle })
    expect((await parentsOf()).get(low)).toBe(top)
    expect(await listAuthorCalendars(open.db, { organizationId, asked: [at(ada, '2027-01-01')] })).toMatchObject([
      { teamIds: [] },
    ])
    await expect(deleteTeam(deps(), { ...asked, id: middle })).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('who is in a team when', () => {
  test('past figures follow the team of that time, with its zone, hours and holidays', async () => {
    const lisbon = await make('Inlet', null, 'Europe/Lisbon')
    const tokyo = await make('Jetty', null, 'Asia/Tokyo')
    const early = [{ weekday: 1, fromMinute: 360, toMinute: 840 }]
    const holidays = [{ day: '2027-06-10', name: 'Day of the quay' }]
    await updateTeam(deps(), { ...asked, id: lisbon, change: { hours: early, holidays } })
    const ines = await see('ines')
    await addTeamMember(deps(), {
      ...asked,
      id: lisbon,
      contributorId: ines,
      role: 'member',
      from: null,
      to: '2027-02-01',
    })
    await addTeamMember(deps(), {
      ...asked,
      id: tokyo,
      contributorId: ines,
      role: 'champion',
      from: '2027-02-01',
      to: null,
    })
    const answers = await listAuthorCalendars(open.db, {
      organizationId,
      asked: [at(ines, '2027-01-31'), at(ines, '2027-02-01'), at(null, '2027-02-01'), at(newId(), '2027-02-01')],
    })
    expect(answers).toEqual([
      { teamIds: [lisbon], calendar: { timeZone: 'Europe/Lisbon', hours: early, holidays: ['2027-06-10'] } },
      { teamIds: [tokyo], calendar: { timeZone: 'Asia/Tokyo', hours: officeHours, holidays: [] } },
      { teamIds: [], calendar: { timeZone: 'UTC', hours: officeHours, holidays: [] } },
      { teamIds: [], calendar: { timeZone: 'UTC', hours: officeHours, holidays: [] } },
    ])
  })

  test('follows merges of accounts, and takes a member with all accounts of theirs', async () => {
    const [quay, bay] = [await make('Keel'), await make('Lock')]
    const [main, other, owned] = [await see('main'), await see('other'), await see('owned')]
    await addTeamMember(deps(), { ...asked, id: quay, contributorId: other, ...always })
    await addTeamMember(deps(), { ...asked, id: bay, memberId, ...always })
    await mergeContributors(deps(), { ...asked, merges: [{ from: other, into: main }], source: 'person' })
    await open.db
      .updateTable('contributor')
      .set({ member_id: memberId, linked_by: 'person' })
      .where('organization_id', '=', organizationId)
      .where('id', '=', owned)
      .execute()
    const answers = await listAuthorCalendars(open.db, {
      organizationId,
      asked: [at(main, '2027-01-01'), at(owned, '2027-01-01')],
    })
    expect(answers.map(({ teamIds }) => teamIds)).toEqual([[quay], [bay]])
    const { members } = await getTeam(deps(), { organizationId, id: quay })
    expect(members).toMatchObject([{ contributor: { id: main, name: 'main' } }])
  })

  test('nobody is in a team twice at a time, and a time ends after it begins', async () => {
    const mast = await make('Mast')
    const tomas = await see('tomas')
    const add = (from: string | null, to: string | null) =>
      addTeamMember(deps(), { ...asked, id: mast, contributorId: tomas, role: 'member', from, to })
    await add('2027-01-01', '2027-02-01')
    await expect(add('2027-01-15', null)).rejects.toThrow(/already/)
    await expect(add('2027-05-01', '2027-05-01')).rejects.toThrow(/after the first/)
    const { members } = await add('2027-02-01', null)
    const [first, second] = members
    const id = [first, second].find((one) => one?.from === '2027-02-01')?.id ?? ''
    await expect(
      updateTeamMember(deps(), { ...asked, id, role: 'member', from: '2027-01-31', to: null }),
    ).rejects.toThrow(/already/)
    const left = await removeTeamMember(deps(), { ...asked, id })
    expect(left.members).toMatchObject([{ from: '2027-01-01', to: '2027-02-01' }])
    const nobody = { ...asked, id: mast, ...always }
    await expect(addTeamMember(deps(), nobody)).rejects.toMatchObject({ code: 'validation_failed' })
  })
})

test('a team without a zone goes by the one above, then by the organization’s', async () => {
  const settings = { has_person_pages: false, has_rankings: false, time_zone: 'America/Bogota' }
  await updatePeopleSettings(deps(), { ...asked, settings })
  const above = await make('Nave', null, 'Europe/Oslo')
  const below = await make('Oar', above)
  const alone = await make('Pier')
  const zoneOf = async (id: string) => (await getTeam(deps(), { organizationId, id })).calendar.time_zone
  expect([await zoneOf(below), await zoneOf(alone)]).toEqual(['Europe/Oslo', 'America/Bogota'])
  await expect(
    updatePeopleSettings(deps(), { ...asked, settings: { ...settings, has_rankings: true } }),
  ).rejects.toMatchObject({ code: 'validation_failed' })
})
