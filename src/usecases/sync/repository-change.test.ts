import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { processDelivery } from './process-delivery.ts'

let world: SyncWorld
beforeAll(async () => {
  world = await createSyncWorld({ mode: '2026' })
  world.simulator.sim.hooks.at(-1)?.events.push('repo:updated')
  world.later(60_000)
})
afterAll(() => world.close())

const repository = () =>
  world.db
    .selectFrom('repository')
    .select(['name', 'description', 'state', 'former_name', 'updated_at'])
    .where('id', '=', world.ids.repositoryId)
    .executeTakeFirstOrThrow()
const describeIt = (description: string) => world.bot.call('PUT', '', { description })
const reads = () =>
  world.simulator.requests.filter((one) => /^\/2\.0\/repositories\/[^/]+\/[^/]+$/.test(one.path)).length
const listings = () =>
  world.simulator.requests.filter((one) => /\/hooks|^\/2\.0\/repositories\/[^/]+$/.test(one.path)).length
const waiting = () =>
  world.db.selectFrom('delivery').select(['id', 'outcome']).where('state', '=', 'received').execute()

test('a burst of changes is one look at that repository now and one some seconds later, and the last change is seen', async () => {
  await describeIt('First')
  await world.settle()
  const before = { reads: reads(), listings: listings() }
  world.later(10_000)
  for (let change = 1; change <= 8; change++) await describeIt(`Change ${change}`)
  await world.settle()
  expect(reads() - before.reads - 8).toBe(1)
  expect(await repository()).toMatchObject({ description: 'Change 8', former_name: null })

  await describeIt('The very last')
  await world.settle()
  expect(reads() - before.reads - 9).toBe(1)
  const [late, ...others] = await waiting()
  expect(others).toEqual([])
  expect(late).toMatchObject({ outcome: expect.stringContaining('in a few seconds') })

  world.later(5000)
  await processDelivery(world.deps, { organizationId: world.ids.organizationId, deliveryId: late?.id ?? '' })
  expect(await waiting()).toEqual([])
  expect(await repository()).toMatchObject({ description: 'The very last' })
  expect(listings()).toBe(before.listings)
  expect(world.state.jobs).toEqual([])
})

test('a rename is followed by the identity of the repository', async () => {
  world.later(10_000)
  await world.bot.call('PUT', '', { name: 'Shop window' })
  await world.settle()
  const former = { former_name: 'meadow-goods/storefront-api' }
  expect(await repository()).toMatchObject({ name: 'Shop window', state: 'here', ...former })
  const [last] = (await world.deliveries()).slice(-1)
  expect(last).toMatchObject({ event_key: 'repo:updated', state: 'processed', error: null })
})
