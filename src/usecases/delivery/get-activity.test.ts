import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/database.ts'
import { insertDeliveryPlace, insertPullRequests, type StatedEvent } from '../../../test/delivery-facts.ts'
import { newId } from '../../lib/ids.ts'
import type { OpenDatabase } from '../../store/db.ts'
import { computeChangedFigures } from './compute-figures.ts'
import { getActivity } from './get-activity.ts'

let open: OpenDatabase
const [organizationId, other, harbour, mill] = [newId(), newId(), newId(), newId()]
const repositories = [
  { id: newId(), slug: 'storefront-api' },
  { id: newId(), slug: 'warehouse' },
]
const names = ['Ada Quill', 'Ben Oar', 'Cleo Weft', 'Dora Ash', 'Bump Robot']
const people = names.map((name) => ({ id: newId(), name, isBot: name === 'Bump Robot' }))
const [ada, ben, cleo, dora, robot] = people.map(({ id }) => id)
const clock = () => new Date('2026-05-01T00:00:00Z')

/** Monday 2026-03-23 to Sunday 2026-04-05 in Berlin, where clocks go forward on Sunday 29: 08:30 UTC is 09:30, then 10:30. */
const said: StatedEvent[] = [
  // 09:30 and 16:59:59 on Monday: in hours. 17:00: outside.
  { kind: 'comment', at: '2026-03-23T08:30:00Z', by: ben ?? null },
  { kind: 'comment', at: '2026-03-23T15:59:59Z', by: ben ?? null },
  { kind: 'approval', at: '2026-03-23T16:00:00Z', by: ben ?? null },
  // 23:30 UTC on Monday is Tuesday there: another date, outside hours.
  { kind: 'comment', at: '2026-03-23T23:30:00Z', by: cleo ?? null },
  // Saturday.
  { kind: 'comment', at: '2026-03-28T10:00:00Z', by: cleo ?? null },
  // Monday after the change: 07:00 UTC is 09:00, in hours; 06:59 is not.
  { kind: 'comment', at: '2026-03-30T07:00:00Z', by: cleo ?? null },
  { kind: 'comment', at: '2026-03-30T06:59:00Z', by: ben ?? null },
  // Good Friday, a holiday.
  { kind: 'comment', at: '2026-04-03T09:00:00Z', by: ben ?? null },
  { kind: 'comment', at: '2026-04-03T09:30:00Z', by: robot ?? null },
  { kind: 'comment', at: '2026-04-03T09:30:00Z', by: ben ?? null, isDeleted: true },
]

beforeAll(async () => {
  open = await createTestDatabase()
  const { db } = open
  for (const id of [organizationId, other])
    await insertDeliveryPlace(db, { organizationId: id, connectionId: newId(), repositories, people })
  // Opened by Ada on Monday at 09:00 there.
  const one = {
    id: newId(),
    repositoryId: repositories[0]?.id ?? '',
    number: 1,
    authorId: ada ?? null,
    openedAt: '2026-03-23T08:00:00Z',
    events: said,
  }
  await insertPullRequests(db, organizationId, [one])
  await insertPullRequests(db, other, [one])
  await db
    .insertInto('commit')
    .values({
      organization_id: organizationId,
      repository_id: repositories[1]?.id ?? '',
      sha: 'a'.repeat(40),
      author_id: dora ?? null,
      // By the organization's clocks, which are UTC's: nine to five.
      authored_at: '2026-03-24T16:30:00Z',
      committed_at: '2026-03-24T16:30:00Z',
    })
    .execute()
  const team = (id: string, name: string) => {
    return { organization_id: organizationId, id, name, created_at: clock(), updated_at: clock() }
  }
  await db
    .insertInto('team')
    .values([
      { ...team(harbour, 'Harbour'), time_zone: 'Europe/Berlin' },
      { ...team(mill, 'Mill'), time_zone: null },
    ])
    .execute()
  await db
    .insertInto('team_holiday')
    .values({ organization_id: organizationId, team_id: harbour, day: '2026-04-03', name: 'Good Friday' })
    .execute()
  const member = (team_id: string, contributor_id: string) => {
    const place = { organization_id: organizationId, id: newId(), team_id, contributor_id }
    return { ...place, role: 'member' as const, created_at: clock() }
  }
  await db
    .insertInto('team_member')
    .values([...[ada, ben, cleo].map((id) => member(harbour, id ?? '')), member(mill, dora ?? '')])
    .execute()
  await computeChangedFigures({ db, clock })
})
afterAll(async () => open.close())

const ask = (more = {}) =>
  getActivity(
    { db: open.db, clock },
    { organizationId, from: '2026-03-22T23:00:00Z', to: '2026-04-06T00:00:00Z', ...more },
  )

test('what people did is placed by the clocks, hours and holidays of their teams, over a change of clocks', async () => {
  const { teams } = await ask()
  expect(teams).toEqual([
    {
      id: harbour,
      name: 'Harbour',
      people: 3,
      // Ada, Ben and Cleo in the first week with 1, 1 and 2 dates; Ben and Cleo in the second with 2 and 1.
      weeks: 5,
      events: 9,
      active_days_per_week: 1,
      // 17:00, half past midnight, Saturday, 08:59, the holiday.
      out_of_hours: 5 / 9,
      non_working_day: 2 / 9,
    },
    // One person alone: that there is one, and nothing of what they did.
    {
      id: mill,
      name: 'Mill',
      people: 1,
      weeks: null,
      events: null,
      active_days_per_week: null,
      out_of_hours: null,
      non_working_day: null,
    },
  ])
})

test('everybody counts as a whole, and week by week; programs and what was deleted do not', async () => {
  const { all, course } = await ask()
  expect(all).toMatchObject({ people: 4, events: 10, out_of_hours: 0.5 })
  expect(course.map(({ week, people: of, events }) => [week, of, events])).toEqual([
    ['2026-03-23', 4, 7],
    ['2026-03-30', 2, null],
  ])
  expect(course[1]?.out_of_hours).toBeNull()
})

test('it is narrowed by team, to whoever is in one', async () => {
  const { all, teams } = await ask({ team: [harbour] })
  expect([all.people, all.events, teams.map(({ name }) => name)]).toEqual([3, 9, ['Harbour']])
  await expect(ask({ team: [newId()] })).rejects.toMatchObject({ code: 'validation_failed' })
})

test('it is narrowed by repository, and a time without anything is no data', async () => {
  expect((await ask({ repository: [repositories[0]?.id ?? ''] })).all).toMatchObject({ people: 3, events: 9 })
  const early = await ask({ from: '2001-01-01T00:00:00Z', to: '2001-02-01T00:00:00Z' })
  expect(early).toMatchObject({ all: { people: 0, events: 0, out_of_hours: null }, teams: [], course: [] })
})
