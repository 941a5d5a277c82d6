import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/database.ts'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { listMessages } from './list-messages.ts'
import { processDeliveries } from './process-delivery.ts'

let world: SyncWorld
const statements: string[] = []
beforeAll(async () => {
  const database = await createTestDatabase({ poolSize: 8, onStatement: (text) => statements.push(text) })
  world = await createSyncWorld({ mode: '2026', database })
})
afterAll(() => world.close())

const count = async (work: () => Promise<unknown>): Promise<number> => {
  statements.length = 0
  await work()
  return statements.length
}

test('ten comments of one job reach the champion by few statements each, and are read by fewer still', async () => {
  const item = await world.sendProblem()
  // From then on the account is known.
  await item.answer('Before')
  await world.settle()
  const texts = Array.from({ length: 10 }, (_, index) => `Comment ${index}`)
  for (const text of texts) await item.answer(text)
  const { organizationId, champion: memberId } = world.ids
  const listReceived = () => world.db.selectFrom('delivery').select('id').where('state', '=', 'received').execute()
  await world.simulator.flush()
  await expect.poll(listReceived, { interval: 10 }).toHaveLength(texts.length)
  const deliveryIds = (await listReceived()).map(({ id }) => id)
  const spent = await count(() => processDeliveries(world.deps, { organizationId, deliveryIds }))
  const { vulnerabilityId } = item
  expect((await world.thread(vulnerabilityId)).map((one) => one.body)).toEqual(['Before', ...texts])
  expect(spent / texts.length).toBeLessThanOrEqual(21)
  expect(await count(() => listMessages(world, { organizationId, vulnerabilityId, memberId }))).toBeLessThanOrEqual(7)
})
