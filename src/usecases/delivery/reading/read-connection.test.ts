import { afterAll, beforeAll, expect, test } from 'vitest'
import { fillRepository } from '../../../../test/fill-repository.ts'
import { createReadingWorld, type ReadingWorld } from '../../../../test/reading-world.ts'
import { fullReadRequests } from '../../../domain/delivery/feed-kinds.ts'
import { wakeFeeds } from '../../../store/delivery/feeds.ts'

let world: ReadingWorld
let counts: { pull_requests: number; activity: number; pipelines: number; deployments: number; environments: number }

beforeAll(async () => {
  world = await createReadingWorld()
  const repository = fillRepository(world.simulator, 'storefront-api', 120)
  counts = {
    pull_requests: repository.pullRequests.length,
    activity: repository.pullRequests.reduce((sum, one) => sum + one.activity.length, 0),
    pipelines: repository.pipelines.length,
    deployments: repository.deployments.length,
    environments: repository.environments.length,
  }
})
afterAll(() => world.close())

test('a first read takes the least requests there are, and reads everything', async () => {
  world.asked()
  expect(await world.read()).toEqual({ kind: 'done' })
  const asked = world.asked()
  const ofRepository = asked.filter((path) => path.startsWith('~'))
  expect(ofRepository).toHaveLength(fullReadRequests(counts))
  expect(asked.filter((path) => path.includes('/members'))).toHaveLength(1)
  expect(asked).toHaveLength(ofRepository.length + 1)
  const feeds = await world.feeds()
  expect(feeds.map(({ kind, state, records_bad }) => ({ kind, state, records_bad }))).toEqual(
    ['activity', 'deployments', 'environments', 'members', 'pipelines', 'pull_requests'].map((kind) => ({
      kind,
      state: 'fresh',
      records_bad: 0,
    })),
  )
  expect(feeds.reduce((sum, one) => sum + one.requests_spent, 0)).toBe(asked.length)
  const count = async (table: 'pull_request' | 'pipeline' | 'deployment' | 'environment') =>
    (await world.db.selectFrom(table).select('id').execute()).length
  expect(await count('pull_request')).toBe(counts.pull_requests)
  expect(await count('pipeline')).toBe(counts.pipelines)
  expect(await count('deployment')).toBe(counts.deployments)
  expect(await count('environment')).toBeGreaterThanOrEqual(counts.environments)
})

test('what was merged says when, by its history', async () => {
  const rows = await world.db
    .selectFrom('pull_request')
    .select(['state', 'merged_at', 'closed_at', 'closing_source'])
    .execute()
  for (const { state, merged_at, closed_at } of rows) {
    expect(merged_at !== null).toBe(state === 'merged')
    expect(closed_at !== null).toBe(state === 'declined' || state === 'superseded')
  }
  expect(new Set(rows.map(({ closing_source }) => closing_source))).toEqual(new Set(['activity', null]))
})

test('reading again takes one page a feed and changes nothing', async () => {
  const before = await world.db.selectFrom('pull_request_event').selectAll().orderBy('remote_key').execute()
  expect(before.length).toBeGreaterThan(0)
  const kinds = ['pull_requests', 'activity', 'pipelines', 'deployments'] as const
  await wakeFeeds(world.db, { ...world.key, kinds, now: world.deps.clock() })
  world.asked()
  expect(await world.read()).toEqual({ kind: 'done' })
  const asked = world.asked()
  expect(asked.map((path) => path.replace(/\?.*/, '')).toSorted()).toEqual([
    '~/deployments',
    '~/pipelines',
    '~/pullrequests',
    '~/pullrequests/activity',
  ])
  expect(await world.db.selectFrom('pull_request_event').selectAll().orderBy('remote_key').execute()).toEqual(before)
})
