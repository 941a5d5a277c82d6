import { afterAll, beforeAll, expect, test } from 'vitest'
import * as contract from '../../../../contract/delivery/reading.ts'
import { fillRepository } from '../../../../test/fill-repository.ts'
import { createReadingWorld, type ReadingWorld } from '../../../../test/reading-world.ts'
import { wakeFeeds } from '../../../store/delivery/feeds.ts'
import { askForReading } from './ask-for-reading.ts'
import { getBadRecords, getReading } from './get-reading.ts'
import { recompute } from './recompute.ts'

let world: ReadingWorld
let repository: ReturnType<typeof fillRepository>
beforeAll(async () => {
  world = await createReadingWorld()
  repository = fillRepository(world.simulator, 'storefront-api', 60)
  await world.read()
})
afterAll(() => world.close())

const events = () =>
  world.db
    .selectFrom('pull_request_event')
    .select(['pull_request_id', 'kind', 'remote_key', 'at', 'contributor_id', 'is_deleted'])
    .orderBy('pull_request_id')
    .orderBy('kind')
    .orderBy('remote_key')
    .execute()

test('how far it is, is told as the contract says', async () => {
  const reading = await getReading(world.deps, world.key)
  expect(contract.reading.strict().parse(reading)).toEqual(reading)
  expect(reading).toMatchObject({ repositories: 1, repositories_read: 1, requests_remaining: 0, done_at: null })
  expect(reading.items.map(({ repository: one }) => one?.full_name ?? null)).toEqual([
    null,
    'meadow-goods/storefront-api',
  ])
  const stranger = { ...world.key, organizationId: world.deps.newId() }
  await expect(getReading(world.deps, stranger)).rejects.toMatchObject({ code: 'not_found' })
})

test('a webhook has what it tells of read at once, and nothing else', async () => {
  const open = repository.pullRequests.find(({ state }) => state === 'OPEN')
  const { id } = await world.dana.call('POST', `/pullrequests/${open?.id}/comments`, { content: { raw: 'Look here' } })
  await world.simulator.flush()
  world.asked()
  await world.settle()
  const asked: string[] = []
  for (const job of world.state.jobs.splice(0)) expect(job.name).toBe('read-feed')
  await world.read()
  asked.push(...world.asked().map((path) => path.replace(/\?.*/, '')))
  expect(asked.filter((path) => path.startsWith('~/pullrequests')).toSorted()).toEqual([
    '~/pullrequests',
    '~/pullrequests/activity',
  ])
  expect(asked).not.toContain('~/deployments')
  expect((await events()).map(({ remote_key: key }) => key)).toContain(String(id))
  await world.dana.call('DELETE', `/pullrequests/${open?.id}/comments/${id}`)
  await world.settle()
  expect((await events()).find(({ remote_key: key }) => key === String(id))).toMatchObject({ is_deleted: true })
})

test('a person who asks has everything new read', async () => {
  await world.read()
  world.asked()
  await askForReading(world.deps, { ...world.key, actor: { ...world.champion, ipAddress: null } })
  expect(world.state.jobs.splice(0)).toEqual([{ name: 'read-feed', data: world.key }])
  await world.read()
  expect(world.asked()).toHaveLength(6)
})

test('the daily comparison counts what no webhook told', async () => {
  const [pattern] = repository.pullRequests
  if (pattern === undefined) throw new Error('There is no pull request.')
  const at = new Date(world.deps.clock().getTime() - 3_600_000).toISOString()
  repository.pullRequests.push({ ...pattern, id: 900, activity: [], createdOn: at, updatedOn: at })
  world.later(25 * 3_600_000)
  await world.read()
  expect(await world.feed('pull_requests')).toMatchObject({ pass: 'reconcile', reconciled_missing: 1, state: 'fresh' })
  expect(await world.feed('activity')).toMatchObject({ pass: 'reconcile', reconciled_missing: 0 })
})

test('what was kept is understood anew without a request, and says the same', async () => {
  const before = await events()
  world.asked()
  await world.db.updateTable('pull_request').set({ title: 'lost' }).execute()
  const done = await recompute(world.deps, { organizationId: world.key.organizationId })
  expect(done.pages).toBeGreaterThan(0)
  expect(world.asked()).toEqual([])
  expect(await events()).toEqual(before)
  expect(await world.db.selectFrom('pull_request').select('id').where('title', '=', 'lost').execute()).toEqual([])
})

test('a record that makes no sense is kept, counted once and listed; its page is taken all the same', async () => {
  const [pattern] = repository.pullRequests
  if (pattern === undefined) throw new Error('There is no pull request.')
  const at = new Date(world.deps.clock().getTime()).toISOString()
  const odd = { ...pattern, id: 901, title: 'Odd', activity: [], createdOn: 'long ago', updatedOn: at }
  repository.pullRequests.push(odd, { ...odd, id: 902, title: 'Plain', createdOn: at })
  for (let round = 0; round < 2; round++) {
    await wakeFeeds(world.db, { ...world.key, kinds: ['pull_requests'], now: world.deps.clock() })
    await world.read()
  }
  expect(await world.feed('pull_requests')).toMatchObject({ records_bad: 1, state: 'fresh' })
  const { items } = await getBadRecords(world.deps, world.key)
  expect(items).toMatchObject([{ kind: 'pull_requests', remote_key: '901', repository: 'meadow-goods/storefront-api' }])
  for (const item of items) expect(contract.badRecord.strict().parse(item)).toEqual(item)
  const plain = await world.db.selectFrom('pull_request').select('title').where('remote_id', '=', 902).execute()
  expect(plain).toEqual([{ title: 'Plain' }])
})
