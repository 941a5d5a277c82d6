import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { listUnprocessedDeliveries } from '../../store/sync/deliveries.ts'
import { listDueDefects } from '../../store/sync/operations.ts'
import { processDelivery } from './process-delivery.ts'
import { pushDefect } from './push-defect.ts'

let world: SyncWorld
let item: Awaited<ReturnType<SyncWorld['sendProblem']>>
beforeAll(async () => {
  world = await createSyncWorld({ mode: '2026' })
  item = await world.sendProblem()
})
afterAll(() => world.close())

const hours = (count: number) => new Date(world.deps.clock().getTime() + count * 3_600_000)
const list = () => ({ before: world.deps.clock(), now: world.deps.clock(), limit: 10 })

test('failure 32: an operation put off by a clock that was a year ahead is due; one put off by a day waits', async () => {
  const said = await world.say(item.vulnerabilityId, 'Please look at this.')
  const putOff = (at: Date) =>
    world.db.updateTable('operation').set({ next_attempt_at: at }).where('message_id', '=', said.id).execute()
  const key = { organizationId: world.ids.organizationId, defectId: item.defectId }
  await putOff(hours(24))
  expect(await listDueDefects(world.db, list())).toEqual([])
  expect(await pushDefect(world.deps, key)).toEqual({ kind: 'idle', attempted: 0 })
  await putOff(hours(8760))
  expect(await listDueDefects(world.db, list())).toMatchObject([key])
  expect(await pushDefect(world.deps, key)).toEqual({ kind: 'idle', attempted: 1 })
})

test('a delivery put off by such a clock is due as well', async () => {
  await item.answer('Done.')
  await world.settle()
  const { id } = await world.db
    .selectFrom('delivery')
    .select('id')
    .where('event_key', 'like', '%comment_created')
    .orderBy('received_at', 'desc')
    .executeTakeFirstOrThrow()
  const putOff = (at: Date) =>
    world.db
      .updateTable('delivery')
      .set({ state: 'received', processed_at: null, next_attempt_at: at })
      .where('id', '=', id)
      .execute()
  const state = async () =>
    (await world.db.selectFrom('delivery').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state
  const key = { organizationId: world.ids.organizationId, deliveryId: id }
  await putOff(hours(24))
  expect(await listUnprocessedDeliveries(world.db, list())).toEqual([])
  await processDelivery(world.deps, key)
  expect(await state()).toBe('received')
  await putOff(hours(8760))
  expect(await listUnprocessedDeliveries(world.db, list())).toEqual([key])
  await processDelivery(world.deps, key)
  expect(await state()).toBe('processed')
})
