import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestApp, setUp, type TestApp, type TestClient } from '../../../test/app.ts'
import { insertDeliveryPlace, insertPullRequests } from '../../../test/delivery-facts.ts'
import { newId } from '../../lib/ids.ts'
import { metrics } from '../../metrics/registry.ts'
import { computeChangedFigures } from './compute-figures.ts'

let weir: TestApp
let member: TestClient
const foreign = newId()
const [repositoryId, ada, ben] = [newId(), newId(), newId()]
const clock = () => new Date('2026-05-01T00:00:00Z')
const of = (hours: number) => new Date(Date.parse('2026-03-02T08:00:00Z') + hours * 3600_000).toISOString()

beforeAll(async () => {
  weir = await createTestApp({ clock })
  member = await setUp(weir)
  const { db } = weir.database
  const { organizationId, connectionId } = { organizationId: foreign, connectionId: newId() }
  const people = [ada, ben].map((id) => ({ id, name: 'Somebody' }))
  await insertDeliveryPlace(db, {
    organizationId,
    connectionId,
    repositories: [{ id: repositoryId, slug: 'warehouse' }],
    people,
  })
  const ours = Object((await member.send('GET', '/api/v1/session')).body).organization.id
  await db.updateTable('organization').set({ name: 'Other' }).where('organization_id', '=', foreign).execute()
  await insertOurs(ours)
  await computeChangedFigures({ db, clock })
})
afterAll(async () => weir.close())

/** Four pull requests opened at eight, an hour apart, first reviewed 1, 2, 4 and 8 hours later, merged after 10. */
async function insertOurs(organizationId: string): Promise<void> {
  const { db } = weir.database
  for (const table of ['connection', 'repository', 'contributor'] as const) {
    const rows = await db.selectFrom(table).selectAll().where('organization_id', '=', foreign).execute()
    await db
      .insertInto(table)
      .values(rows.map((row) => ({ ...row, organization_id: organizationId })))
      .execute()
  }
  const waits = [1, 2, 4, 8]
  const pullRequests = waits.map((wait, index) => ({
    id: newId(),
    repositoryId,
    number: index + 1,
    authorId: ada,
    openedAt: of(index),
    state: 'merged' as const,
    events: [
      { kind: 'approval' as const, at: of(index + wait), by: ben },
      { kind: 'merged' as const, at: of(index + 10), by: ada },
    ],
  }))
  await insertPullRequests(db, organizationId, pullRequests)
}

const range = 'from=2026-03-01T00:00:00Z&to=2026-03-15T00:00:00Z'
const get = async (path: string) => {
  const { status, body } = await member.send('GET', `/api/v1/analytics/metrics${path}`)
  return { status, body: Object(body) }
}

test('every figure is listed with what it is', async () => {
  const { body } = await get('')
  expect(body).toHaveLength(metrics.length)
  expect(body).toContainEqual(
    expect.objectContaining({ key: 'pickup_time', unit: 'seconds', shape: 'distribution', group: 'flow' }),
  )
})

describe('a figure of four waits of 1, 2, 4 and 8 hours', () => {
  test.each([
    ['median', 3],
    ['p75', 4],
    ['p90', 8],
    ['mean', 3.75],
  ])('has a %s of %d hours', async (statistic, hours) => {
    const { body } = await get(`/pickup_time?${range}&statistic=${statistic}`)
    expect(body).toMatchObject({ key: 'pickup_time', statistic, value: hours * 3600, n: 4 })
    expect(body).toMatchObject({ coverage: { counted: 4, total: 4 }, excluded: [], previous: null, parts: null })
  })
  test('is shown by weeks from Monday, with none where nothing is known', async () => {
    const { body } = await get(`/pickup_time?${range}&interval=week&compare=true`)
    expect(body.previous).toEqual({ value: null, n: 0 })
    expect(body.buckets).toEqual([
      { from: '2026-03-01T00:00:00.000Z', to: '2026-03-02T00:00:00.000Z', value: null, n: 0, goal: null, rating: null },
      {
        from: '2026-03-02T00:00:00.000Z',
        to: '2026-03-09T00:00:00.000Z',
        value: 3 * 3600,
        n: 4,
        goal: null,
        rating: null,
      },
      { from: '2026-03-09T00:00:00.000Z', to: '2026-03-15T00:00:00.000Z', value: null, n: 0, goal: null, rating: null },
    ])
  })
  test('hides the statistic of two, and tells that there are two', async () => {
    const { body } = await get(`/pickup_time?from=2026-03-01T00:00:00Z&to=${of(4)}`)
    expect(body).toMatchObject({ value: null, n: 2 })
  })
  test('comes with its rows, page by page', async () => {
    const first = await get(`/pickup_time/rows?${range}&limit=3`)
    const second = await get(`/pickup_time/rows?${range}&limit=3&cursor=${first.body.next}`)
    const rows = [...first.body.items, ...second.body.items]
    expect(rows.map(({ number, value }) => [number, value / 3600])).toEqual([
      [4, 8],
      [3, 4],
      [2, 2],
      [1, 1],
    ])
    expect(rows[0]).toMatchObject({ title: 'Change 4', repository: { name: 'warehouse' }, flags: ['draft_unknown'] })
    expect(second.body.next).toBeNull()
  })
  test('counts nothing as nothing only since something is known', async () => {
    const { body } = await get(`/pr_throughput?${range}&interval=week`)
    expect(body.value).toBe(4)
    expect(body.buckets.map((bucket: { value: number | null }) => bucket.value)).toEqual([null, 4, 0])
  })
})

describe('what cannot be asked', () => {
  test.each(metrics.map(({ key }) => key))('is refused of %s: a filter nobody knows', async (key) => {
    expect((await get(`/${key}?tide=high`)).status).toBe(422)
    expect((await get(`/${key}/rows?tide=high`)).status).toBe(422)
  })
  test.each([
    ['no figure at all', '/tide_height', 404],
    ['a statistic of a count', '/pr_throughput?statistic=p90', 422],
    ['a range that ends before it begins', '/pickup_time?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z', 422],
    ['a century', '/pickup_time?from=1926-03-02T00:00:00Z&to=2026-03-01T00:00:00Z', 422],
    ['a repository that is not here', `/pickup_time?repository=${newId()}`, 422],
    ['a zone that is none', '/pickup_time?time_zone=Europe/Quay', 422],
    ['a cursor of no page', '/pickup_time/rows?cursor=tide', 422],
  ])('%s', async (_, path, status) => expect((await get(path)).status).toBe(status))
})
