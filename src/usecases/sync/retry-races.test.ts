import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { isAppError } from '../../lib/app-error.ts'
import { retryDelivery } from './deliveries.ts'
import { processDelivery } from './process-delivery.ts'
import { pushDefect } from './push-defect.ts'

let world: SyncWorld
let item: Awaited<ReturnType<SyncWorld['sendProblem']>>
beforeAll(async () => {
  world = await createSyncWorld({ mode: '2026' })
  item = await world.sendProblem()
})
afterAll(() => world.close())

const key = (id: string) => ({ organizationId: world.ids.organizationId, id })
/** What each call came to: `ok`, or the code of its refusal; anything else is a fault of ours and fails the test. */
const outcomes = async (calls: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(calls)).map((one) => {
    if (one.status === 'fulfilled') return 'ok'
    if (isAppError(one.reason)) return one.reason.code
    throw one.reason
  })

/** A message whose sending was refused for good, as people see it in the log. */
const failOnce = async (body: string) => {
  world.simulator.planFault({
    method: 'POST',
    path: '*/comments',
    action: { kind: 'answer', status: 400, body: '{"type": "error", "error": {"message": "No."}}' },
  })
  await world.say(item.vulnerabilityId, body)
  await world.settle()
  const operation = (await world.operations(item.vulnerabilityId)).at(-1)
  expect(operation?.state).toBe('failed')
  return operation?.id ?? ''
}

test('many people who retry at once send it once', async () => {
  const id = await failOnce('Retried by many')
  expect(await outcomes(Array.from({ length: 6 }, () => retryDelivery(world.deps, key(id))))).toEqual(
    Array.from({ length: 6 }, () => 'ok'),
  )
  await world.settle()
  expect((await item.remoteTexts()).filter((text) => text.includes('Retried by many'))).toHaveLength(1)
})

test('a retry while it is being sent succeeds or is refused with a reason, and sends nothing twice', async () => {
  for (let round = 0; round < 5; round++) {
    const body = `Race ${round}`
    const id = await failOnce(body)
    await retryDelivery(world.deps, key(id))
    const pushing = pushDefect(world.deps, { organizationId: world.ids.organizationId, defectId: item.defectId })
    const retries = Array.from({ length: 6 }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, index * 8))
      return retryDelivery(world.deps, key(id))
    })
    for (const outcome of await outcomes([pushing, ...retries])) expect(['ok', 'conflict']).toContain(outcome)
    await world.settle()
    expect((await world.operations(item.vulnerabilityId)).find((one) => one.id === id)?.state).toBe('done')
    expect((await item.remoteTexts()).filter((text) => text.includes(body))).toHaveLength(1)
  }
})

test('a webhook replayed by many while it is processed has one effect', async () => {
  await item.answer('Replayed by many')
  await world.settle()
  const { id } = await world.db
    .selectFrom('delivery')
    .select('id')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  const { organizationId } = world.ids
  const calls = Array.from({ length: 12 }, async (_, index) => {
    await new Promise((resolve) => setTimeout(resolve, index * 4))
    if (index % 3 === 2) return processDelivery(world.deps, { organizationId, deliveryId: id })
    return retryDelivery(world.deps, key(id))
  })
  for (const outcome of await outcomes(calls)) expect(['ok', 'conflict']).toContain(outcome)
  await processDelivery(world.deps, { organizationId, deliveryId: id })
  const texts = (await world.thread(item.vulnerabilityId)).map(({ body }) => body)
  expect(texts.filter((body) => body === 'Replayed by many')).toHaveLength(1)
  const last = await world.db.selectFrom('delivery').select('state').where('id', '=', id).executeTakeFirstOrThrow()
  expect(last.state).toBe('processed')
})
