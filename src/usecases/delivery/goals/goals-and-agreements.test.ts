import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApp, setUp, type TestApp, type TestClient } from '../../../../test/app.ts'
import { insertDeliveryPlace, insertPullRequests, type StatedPullRequest } from '../../../../test/delivery-facts.ts'
import { newId } from '../../../lib/ids.ts'
import { computeChangedFigures } from '../compute-figures.ts'

let weir: TestApp
let member: TestClient
let teamId = ''
const [repositoryId, ada, ben, robot] = [newId(), newId(), newId(), newId()]
const now = new Date('2026-05-01T00:00:00Z')
const clock = () => now
const of = (hours: number) => new Date(Date.parse('2026-03-02T08:00:00Z') + hours * 3600_000).toISOString()
const range = 'from=2026-03-01T00:00:00Z&to=2026-03-15T00:00:00Z'

/** Merged after 200 hours in the next week, the first review after `wait` hours; null: without one. */
function merged(number: number, authorId: string, wait: number | null, lines?: [number, number]): StatedPullRequest {
  const other = authorId === ada ? ben : ada
  return {
    id: newId(),
    repositoryId,
    number,
    authorId,
    openedAt: of(0),
    state: 'merged',
    ...(lines !== undefined && { lines }),
    events: [
      ...(wait === null ? [] : [{ kind: 'approval' as const, at: of(wait), by: other }]),
      { kind: 'merged', at: of(number === 1 ? 100 : 200), by: other },
    ],
  }
}
const stated = [
  merged(1, ada, 1, [10, 5]),
  merged(2, ada, 24, [400, 0]),
  merged(3, ada, 24.01, [401, 0]),
  merged(4, ben, null),
  merged(5, robot, null, [9000, 0]),
]

beforeAll(async () => {
  weir = await createTestApp({ clock })
  member = await setUp(weir)
  const { db } = weir.database
  const ours = Object((await member.send('GET', '/api/v1/session')).body).organization.id
  const foreign = newId()
  const people = [
    { id: ada, name: 'Ada Quill' },
    { id: ben, name: 'Ben Oar' },
    { id: robot, name: 'Bump Robot', isBot: true },
  ]
  await insertDeliveryPlace(db, {
    organizationId: foreign,
    connectionId: newId(),
    repositories: [{ id: repositoryId, slug: 'quay' }],
    people,
  })
  for (const table of ['connection', 'repository', 'contributor'] as const) {
    const rows = await db.selectFrom(table).selectAll().where('organization_id', '=', foreign).execute()
    await db
      .insertInto(table)
      .values(rows.map((row) => ({ ...row, organization_id: ours })))
      .execute()
  }
  await insertPullRequests(db, ours, stated)
  await insertPullRequests(db, foreign, stated)
  const titled = { title: 'QUAY-7 Mend the gate' }
  await db
    .updateTable('pull_request')
    .set(titled)
    .where('organization_id', '=', ours)
    .where('remote_id', '=', 1)
    .execute()
  await db
    .updateTable('pull_request')
    .set({ source_branch: 'feature/QUAY-8-gate' })
    .where('organization_id', '=', ours)
    .where('remote_id', '=', 2)
    .execute()
  await db
    .updateTable('pull_request')
    .set({ title: 'Read utf-8' })
    .where('organization_id', '=', ours)
    .where('remote_id', '=', 3)
    .execute()
  await computeChangedFigures({ db, clock })
  const made = await member.send('POST', '/api/v1/teams', { json: { name: 'Harbour' } })
  teamId = Object(made.body).id
  await member.send('POST', `/api/v1/teams/${teamId}/members`, {
    json: { contributor_id: ada, role: 'member', from: null, to: '2026-03-10' },
  })
})
afterAll(async () => weir.close())

const get = async (path: string) => Object((await member.send('GET', `/api/v1${path}`)).body)
const put = (path: string, json: object) => member.send('PUT', `/api/v1/settings/${path}`, { json })

describe('a goal', () => {
  const goalOf = async (key: string) => {
    const { items } = await get('/settings/goals')
    return items.find((one: { metric: string }) => one.metric === key)
  }
  test('is the figure’s own until one is set', async () => {
    expect(await goalOf('rri')).toMatchObject({ target: 0.8, amber: 0.6, valid_from: null, set: [] })
  })
  test('rates the figure, and the past keeps the goal it had', async () => {
    await put('goals', { metric: 'pickup_time', target: 3600, amber: 2 * 86_400, valid_from: '2026-03-03' })
    const { status } = await put('goals', {
      metric: 'pickup_time',
      target: 2 * 86_400,
      amber: null,
      valid_from: '2026-03-12',
    })
    expect(status).toBe(200)
    const answer = await get(`/analytics/metrics/pickup_time?${range}`)
    expect(answer).toMatchObject({ value: 24 * 3600, goal: { target: 2 * 86_400, amber: null }, rating: 'green' })
    const weeks = answer.buckets.map(({ goal, rating }: Record<string, unknown>) => [
      Object(goal).target ?? null,
      rating,
    ])
    expect(weeks).toEqual([
      [null, null],
      [3600, 'amber'],
      [2 * 86_400, null],
    ])
    expect((await goalOf('pickup_time')).set).toHaveLength(2)
  })
  test('is of the median: another statistic is not rated by it', async () => {
    expect(await get(`/analytics/metrics/pickup_time?${range}&statistic=p90`)).toMatchObject({
      goal: null,
      rating: null,
    })
  })
  test('can be taken away', async () => {
    await put('goals', { metric: 'rri', target: null, amber: null })
    expect(await goalOf('rri')).toMatchObject({ target: null, valid_from: '2026-05-01' })
  })
  test.each([
    ['a second bound that is better than the target', { metric: 'pickup_time', target: 10, amber: 5 }, 422],
    ['more than all', { metric: 'rri', target: 80, amber: null }, 422],
    ['a bound without a target', { metric: 'rri', target: null, amber: 0.5 }, 422],
    ['a figure that is none', { metric: 'tide_height', target: 1, amber: null }, 404],
  ])('is refused of %s', async (_, json, status) => expect((await put('goals', json)).status).toBe(status))
})

describe('working agreements', () => {
  const terms = (kind: string, threshold: number | null, team_id: string | null = null, is_on = true) => ({
    kind,
    threshold,
    is_on,
    team_id,
  })
  beforeAll(async () => {
    const items = [
      terms('first_review_within', 24),
      terms('reviewed_before_merge', null),
      terms('size_at_most', 400),
      terms('linked_key', null),
      terms('size_at_most', 100, teamId),
      terms('linked_key', null, teamId, false),
    ]
    const { status } = await put('agreements', { items })
    if (status !== 200) throw new Error(`Agreements were answered with ${status}.`)
  })
  const keptOf = async () => {
    const { items } = await get(`/analytics/agreements?${range}`)
    return items
  }
  test('tell how many kept them, programs apart, and what is not known apart', async () => {
    const found = (await keptOf()).map(({ kind, team, n, kept, unknown, share }: Record<string, unknown>) => [
      kind,
      Object(team).name ?? null,
      n,
      kept,
      unknown,
      share,
    ])
    expect(found).toEqual([
      ['first_review_within', null, 4, 2, 0, 0.5],
      ['linked_key', null, 4, 2, 0, 0.5],
      ['reviewed_before_merge', null, 4, 3, 0, 0.75],
      ['size_at_most', null, 3, 2, 1, 2 / 3],
      // Ada's, who left the team on the tenth: the one merged before.
      ['size_at_most', 'Harbour', 1, 1, 0, null],
    ])
  })
  test('are shown by weeks that hold what the whole does', async () => {
    for (const { n, kept, weeks } of await keptOf()) {
      expect(weeks).toHaveLength(3)
      const sum = (field: 'n' | 'kept') =>
        weeks.reduce((all: number, week: Record<string, number>) => all + (week[field] ?? 0), 0)
      expect([sum('n'), sum('kept')]).toEqual([n, kept])
    }
  })
  test('open the pull requests that broke them, page by page, as many as did', async () => {
    for (const { id, n, kept } of await keptOf()) {
      const first = await get(`/analytics/agreements/${id}/broken?${range}&limit=1`)
      const rest =
        first.next === null
          ? { items: [] }
          : await get(`/analytics/agreements/${id}/broken?${range}&cursor=${first.next}`)
      const rows = [...first.items, ...rest.items]
      expect(new Set(rows.map((row) => row.id)).size).toBe(n - kept)
    }
    const [size] = (await keptOf()).filter(
      (one: { kind: string; team: unknown }) => one.kind === 'size_at_most' && one.team === null,
    )
    expect((await get(`/analytics/agreements/${size.id}/broken?${range}`)).items).toMatchObject([
      { number: 3, value: 401 },
    ])
  })
  test('keep their ids when they are set again, and go when they are not named', async () => {
    const before = await keptOf()
    await put('agreements', { items: [terms('size_at_most', 500)] })
    const after = await keptOf()
    expect(after).toHaveLength(1)
    expect(after[0]).toMatchObject({ threshold: 500, kept: 3 })
    expect(before.map(({ id }: { id: string }) => id)).toContain(after[0].id)
  })
  test.each([
    ['hours that are not said', [terms('first_review_within', null)]],
    ['a number where there is none', [terms('linked_key', 5)]],
    ['the same twice', [terms('linked_key', null), terms('linked_key', null)]],
    ['a team that is not here', [terms('linked_key', null, newId())]],
  ])('are refused of %s', async (_, items) => expect((await put('agreements', { items })).status).toBe(422))
})
