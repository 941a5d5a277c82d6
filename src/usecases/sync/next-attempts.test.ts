import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { claimDelivery, listUnprocessedDeliveries, resumeDeliveries } from '../../store/sync/deliveries.ts'
import { getDelivery, retryDelivery } from './deliveries.ts'
import { processDelivery } from './process-delivery.ts'
import { pushDefect } from './push-defect.ts'

let world: SyncWorld
let item: Awaited<ReturnType<SyncWorld['sendProblem']>>
beforeAll(async () => {
  world = await createSyncWorld({ mode: 'legacy' })
  item = await world.sendProblem()
})
afterEach(() => {
  world.simulator.clearFaults()
  world.state.jobs.length = 0
})
afterAll(() => world.close())

const fail = (status: number, headers: Record<string, string> = {}) =>
  world.simulator.planFault({
    path: '*/repositories/*',
    times: 100,
    action: { kind: 'answer', status, headers, body: '{"type": "error", "error": {"message": "No."}}' },
  })
const organizationId = () => world.ids.organizationId
const push = () => pushDefect(world.deps, { organizationId: organizationId(), defectId: item.defectId })
const wakeUps = (name: string) =>
  world.state.jobs.splice(0).filter((job) => job.name === name && job.notBefore !== undefined)
const newest = () =>
  world.db.selectFrom('delivery').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()
const pauseS = async () =>
  Math.round((((await newest()).next_attempt_at?.getTime() ?? 0) - world.deps.clock().getTime()) / 1000)
/** A comment whose webhook has come in and waits. */
const receive = async (text: string) => {
  await item.answer(text)
  await world.simulator.flush()
  return { organizationId: organizationId(), deliveryId: (await newest()).id }
}

test.each([
  [503, {}, 5],
  [429, { 'retry-after': '120' }, 120],
])('after a %i the work is woken when its pause is over', async (status, headers, seconds) => {
  fail(status, headers)
  await world.say(item.vulnerabilityId, 'Later')
  world.state.jobs.length = 0
  await push()
  const operation = (await world.operations(item.vulnerabilityId)).at(-1)
  const [wakeUp, ...more] = wakeUps('push-defect')
  expect(more).toEqual([])
  expect(wakeUp).toMatchObject({
    data: { defectId: item.defectId },
    lane: 'person',
    notBefore: operation?.next_attempt_at,
  })
  const pausedMs = (wakeUp?.notBefore?.getTime() ?? 0) - world.deps.clock().getTime()
  expect(Math.ceil(pausedMs / 1000)).toBe(seconds)
  world.simulator.clearFaults()
  world.later(seconds * 1000)
  await push()
  expect((await world.operations(item.vulnerabilityId)).at(-1)?.state).toBe('done')
})

test('what waits for the connection is not woken by the clock', async () => {
  fail(403)
  await world.say(item.vulnerabilityId, 'Behind the door')
  world.state.jobs.length = 0
  await push()
  expect((await world.operations(item.vulnerabilityId)).at(-1)?.state).toBe('waiting')
  expect(wakeUps('push-defect')).toEqual([])
  world.simulator.clearFaults()
  world.later(601_000)
  await push()
  await world.settle()
})

test('a delivery has the pauses operations have, is left alone before they end, and is woken then', async () => {
  const key = await receive('Pauses')
  fail(503)
  for (const seconds of [5, 10, 20]) {
    world.state.jobs.length = 0
    await processDelivery(world.deps, key)
    expect(await pauseS()).toBe(seconds)
    const { next_attempt_at: notBefore, attempts } = await newest()
    expect(wakeUps('process-deliveries')).toMatchObject([{ data: { deliveryIds: [key.deliveryId] }, notBefore }])
    await processDelivery(world.deps, key)
    expect((await newest()).attempts).toBe(attempts)
    world.later(seconds * 1000)
  }
  world.simulator.clearFaults()
  await processDelivery(world.deps, key)
  expect(await newest()).toMatchObject({ state: 'processed', next_attempt_at: null })
})

test('a delivery whose worker died over it is due at once, at a first attempt and at a later one', async () => {
  const key = await receive('Died over')
  const begin = async () => {
    const now = world.deps.clock()
    const claimed = await claimDelivery(world.db, { organizationId: organizationId(), id: key.deliveryId, now })
    expect(claimed).toBeDefined()
  }
  const isDue = async () => {
    const now = world.deps.clock()
    const due = await listUnprocessedDeliveries(world.db, { before: now, now, limit: 10 })
    return due.some((one) => one.deliveryId === key.deliveryId)
  }
  // All that a worker leaves that is killed: the attempt is counted, and nothing ends it.
  await begin()
  expect(await isDue()).toBe(true)
  fail(503)
  await processDelivery(world.deps, key)
  expect(await isDue()).toBe(false)
  world.later((await pauseS()) * 1000 + 1)
  await begin()
  expect(await isDue()).toBe(true)
  world.simulator.clearFaults()
  await processDelivery(world.deps, key)
  expect(await newest()).toMatchObject({ state: 'processed', attempts: 4 })
})

test('an old delivery that is replayed pauses as a new one does', async () => {
  const key = await receive('Old')
  await processDelivery(world.deps, key)
  world.later(5 * 3_600_000)
  await retryDelivery(world.deps, { organizationId: organizationId(), id: key.deliveryId })
  fail(503)
  await processDelivery(world.deps, key)
  expect(await pauseS()).toBe(5)
  const now = world.deps.clock()
  const due = async (before: Date) =>
    (await listUnprocessedDeliveries(world.db, { before, now: before, limit: 10 })).map((one) => one.deliveryId)
  const line = await getDelivery(world.deps, { organizationId: organizationId(), id: key.deliveryId })
  expect(line.next_attempt_at).toBe(((await newest()).next_attempt_at ?? now).toISOString())
  expect(await due(now)).not.toContain(key.deliveryId)
  expect(await due(new Date(now.getTime() + 6000))).toContain(key.deliveryId)
  world.simulator.clearFaults()
  world.later(5000)
  await processDelivery(world.deps, key)
})

test('a delivery our account may not look into waits without losing tries, and goes on when rights are given', async () => {
  const key = await receive('Forbidden')
  fail(403)
  for (let round = 0; round < 15; round++) {
    await processDelivery(world.deps, key)
    world.later(601_000)
  }
  expect(await newest()).toMatchObject({ state: 'received', attempts: 1, error_code: 'remote_forbidden' })
  await processDelivery(world.deps, key)
  expect(wakeUps('process-deliveries')).toEqual([])
  world.simulator.clearFaults()
  const { connectionId } = world.ids
  await resumeDeliveries(world.db, { organizationId: organizationId(), connectionId, now: world.deps.clock() })
  await processDelivery(world.deps, key)
  expect(await newest()).toMatchObject({ state: 'processed' })
})
