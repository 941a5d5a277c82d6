import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { fillRepository } from '../../../../test/fill-repository.ts'
import { createReadingWorld, type ReadingWorld } from '../../../../test/reading-world.ts'

let world: ReadingWorld
let repository: ReturnType<typeof fillRepository>
beforeAll(async () => {
  world = await createReadingWorld()
  repository = fillRepository(world.simulator, 'storefront-api', 110)
})
afterAll(() => world.close())
beforeEach(async () => {
  world.simulator.clearFaults()
  for (const table of [
    'raw_page',
    'feed',
    'pull_request_event',
    'pull_request_reviewer',
    'pull_request',
    'pipeline',
    'deployment',
    'environment',
  ] as const)
    await world.db.deleteFrom(table).execute()
  await world.db.updateTable('connection').set({ state: 'active', paused_until: null, pause_seconds: 0 }).execute()
  world.asked()
})

const requests = () => world.asked().map((path) => path.replace(/&?page=[^&]*/, ' page'))
const numbers = async () =>
  (await world.db.selectFrom('pull_request').select('remote_id').orderBy('remote_id').execute()).map(
    ({ remote_id: number }) => number,
  )

test('a read that ends anywhere goes on at its page and asks for none twice', async () => {
  await world.read()
  const whole = requests()
  const events = await world.db.selectFrom('pull_request_event').select(['kind', 'remote_key', 'at']).execute()
  await world.db.deleteFrom('raw_page').execute()
  await world.db.deleteFrom('feed').execute()
  const pieces: string[] = []
  for (let round = 0; round < 60; round++) {
    const { kind } = await world.read({ isOver: stopAfterOnePage() })
    pieces.push(...requests())
    if (kind === 'done') break
  }
  expect(pieces.toSorted()).toEqual(whole.toSorted())
  expect(await world.db.selectFrom('pull_request_event').select(['kind', 'remote_key', 'at']).execute()).toHaveLength(
    events.length,
  )
})

function stopAfterOnePage(): () => boolean {
  let asked = 0
  // Asked before the feed, and after its page.
  return () => asked++ > 0
}

test('a limit of the remote pauses it, and it goes on where it was', async () => {
  const fault = { path: '*/pullrequests', action: { kind: 'answer', status: 429 }, from: 2 } as const
  world.simulator.planFault({ method: 'GET', ...fault })
  expect(await world.read()).toMatchObject({ kind: 'stopped', code: 'remote_rate_limited' })
  const { state, pages_read, cursor } = await world.feed('pull_requests')
  expect({ state, pages_read, hasPlace: cursor !== null }).toEqual({ state: 'reading', pages_read: 1, hasPlace: true })
  expect(await world.read()).toMatchObject({ kind: 'stopped', code: 'remote_rate_limited' })
  world.later(61_000)
  expect(await world.read()).toEqual({ kind: 'done' })
  expect(await numbers()).toHaveLength(110)
})

test('what one credential may not read is said of that feed alone, with the scope it lacks', async () => {
  const detail = { required: ['read:pipeline:bitbucket'], granted: ['read:repository:bitbucket'] }
  const body = {
    type: 'error',
    error: { message: 'Your credentials lack one or more required privilege scopes.', detail },
  }
  for (const path of ['*/pipelines', '*/deployments', '*/environments'])
    world.simulator.planFault({ method: 'GET', path, action: { kind: 'answer', status: 403, body }, times: 5 })
  expect(await world.read()).toEqual({ kind: 'done' })
  const feeds = await world.feeds()
  const stopped = feeds.filter(({ state }) => state === 'forbidden')
  expect(stopped.map(({ kind, missing_scope }) => `${kind} ${missing_scope}`)).toEqual([
    'deployments read:pipeline:bitbucket',
    'environments read:pipeline:bitbucket',
    'pipelines read:pipeline:bitbucket',
  ])
  expect(await world.feed('activity')).toMatchObject({ state: 'fresh' })
  world.simulator.clearFaults()
  expect(await world.read()).toEqual({ kind: 'done' })
  expect(await world.feed('pipelines')).toMatchObject({ state: 'forbidden' })
  // Another credential is tried at once.
  await world.db
    .updateTable('connection')
    .set((set) => ({ credential_version: set('credential_version', '+', 1) }))
    .execute()
  await world.read()
  expect((await world.feeds()).every(({ state }) => state === 'fresh')).toBe(true)
  expect(await world.feed('pipelines')).toMatchObject({ missing_scope: null, error: null })
})

test('where the activity of the whole repository is refused, each pull request is asked for its own', async () => {
  repository.pullRequests.splice(25)
  world.simulator.planFault({
    method: 'GET',
    path: '*/pullrequests/activity',
    action: { kind: 'answer', status: 404 },
    times: 5,
  })
  expect(await world.read()).toEqual({ kind: 'done' })
  const asked = world.asked().filter((path) => /^~\/pullrequests\/\d+\/activity/.test(path))
  expect(new Set(asked.map((path) => path.split('/')[2])).size).toBe(25)
  expect(await world.feed('activity')).toMatchObject({ state: 'fresh', is_by_pull_request: true })
  const events = await world.db.selectFrom('pull_request_event').select('kind').distinct().execute()
  expect(events.map(({ kind }) => kind)).toContain('merged')
})
