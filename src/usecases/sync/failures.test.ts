import { afterAll, beforeAll, expect, test } from 'vitest'
import * as contract from '../../../contract/sync/deliveries.ts'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { getDelivery, listDeliveries } from './deliveries.ts'
import { listFailures, retryByPerson, retryFailures, skipFailure } from './failures.ts'
import { processDelivery } from './process-delivery.ts'

let world: SyncWorld
beforeAll(async () => {
  world = await createSyncWorld({ mode: '2026' })
})
afterAll(() => world.close())

const organization = () => ({ organizationId: world.ids.organizationId })
const actor = () => ({ ...world.champion, ipAddress: null })

function refuse(times = 1): void {
  for (let count = 0; count < times; count += 1)
    world.simulator.planFault({
      method: 'POST',
      path: '*/comments',
      action: { kind: 'answer', status: 400, body: '{"type": "error", "error": {"message": "No."}}' },
    })
}

const failedOut = async (vulnerabilityId: string) =>
  (
    await listDeliveries(world.deps, {
      ...organization(),
      direction: 'out',
      state: ['failed'],
      vulnerability_id: vulnerabilityId,
    })
  ).items
const audited = async () =>
  (
    await world.db
      .selectFrom('audit_event')
      .select(['action', 'actor_name'])
      .orderBy('created_at')
      .orderBy('id')
      .execute()
  ).map(({ action, actor_name: name }) => `${action} by ${name}`)

test('what failed shows its attempts with their times, what skipping would lose, and is retried by name', async () => {
  const item = await world.sendProblem()
  refuse()
  await world.say(item.vulnerabilityId, 'First words')
  await world.settle()
  const [failed] = await failedOut(item.vulnerabilityId)
  const key = { ...organization(), id: failed?.id ?? '' }
  const shown = await getDelivery(world.deps, key)
  expect(shown).toMatchObject({
    can_skip: true,
    loss: expect.stringContaining('never gets this message'),
    failed_attempts: [{ error_code: 'remote_refused', error: expect.stringContaining('"No."') }],
  })
  expect(contract.getDelivery.response?.parse(shown)).toEqual(shown)
  await retryByPerson(world.deps, { ...key, actor: actor() })
  await world.settle()
  expect(await getDelivery(world.deps, key)).toMatchObject({ state: 'done', can_skip: false, loss: null })
  expect(await audited()).toContain('delivery.retried by Carla Champion')
})

test('a skipped message is never sent, says who gave it up, and calls nobody any more', async () => {
  const item = await world.sendProblem({ title: 'Second', line: 11 })
  refuse()
  await world.say(item.vulnerabilityId, 'Given up')
  await world.settle()
  const [failed] = await failedOut(item.vulnerabilityId)
  const key = { ...organization(), id: failed?.id ?? '', actor: actor() }
  expect(await skipFailure(world.deps, key)).toMatchObject({
    state: 'cancelled',
    outcome: 'Skipped by Carla Champion.',
    can_skip: false,
  })
  await world.settle()
  expect(await item.remoteTexts()).toEqual([])
  const [said] = await world.thread(item.vulnerabilityId)
  expect(said?.links).toMatchObject([{ state: 'removed', error: 'Skipped by Carla Champion.' }])
  const unread = await world.db
    .selectFrom('notification')
    .select('id')
    .where('vulnerability_id', '=', item.vulnerabilityId)
    .where('kind', '=', 'sync_failed')
    .where('read_at', 'is', null)
    .execute()
  expect(unread).toEqual([])
  await expect(skipFailure(world.deps, key)).rejects.toMatchObject({ code: 'conflict' })
})

test('an item that could not be made is given up with what waits behind it, and can be sent again', async () => {
  const vulnerabilityId = await world.addProblem({ title: 'Third', line: 12 })
  refuse(2)
  await world.send(vulnerabilityId)
  const [failed] = await failedOut(vulnerabilityId)
  expect(failed).toMatchObject({ kind: 'create_defect' })
  await world.say(vulnerabilityId, 'Behind it')
  await skipFailure(world.deps, { ...organization(), id: failed?.id ?? '', actor: actor() })
  await world.settle()
  expect((await world.operations(vulnerabilityId)).map(({ state }) => state)).toEqual(['cancelled', 'cancelled'])
  world.simulator.clearFaults()
  await world.send(vulnerabilityId)
  const live = await world.db
    .selectFrom('defect')
    .select(['link'])
    .where('vulnerability_id', '=', vulnerabilityId)
    .where('ended_at', 'is', null)
    .execute()
  expect(live).toEqual([{ link: 'ok' }])
})

test('all that failed with one error on one connection is retried at once, and nothing else', async () => {
  const items = [await world.sendProblem({ title: 'Fourth', line: 13 }), await world.sendProblem({ title: 'Fifth' })]
  refuse(2)
  for (const { vulnerabilityId } of items) await world.say(vulnerabilityId, 'Both of them')
  await world.settle()
  const { items: groups } = await listFailures(world.deps, organization())
  expect(groups).toMatchObject([{ direction: 'out', error_code: 'remote_refused', count: 2 }])
  for (const group of groups) expect(contract.deliveryFailure.strict().parse(group)).toEqual(group)
  const group = { ...organization(), direction: 'out' as const, connectionId: world.ids.connectionId, actor: actor() }
  expect(await retryFailures(world.deps, { ...group, code: 'tracker_gone' })).toEqual({ retried: 0 })
  expect(
    await retryFailures(world.deps, { ...group, organizationId: world.deps.newId(), code: 'remote_refused' }),
  ).toEqual({
    retried: 0,
  })
  expect(await retryFailures(world.deps, { ...group, code: 'remote_refused' })).toEqual({ retried: 2 })
  await world.settle()
  for (const item of items) expect((await item.remoteTexts()).join()).toContain('Both of them')
  expect(await listFailures(world.deps, organization())).toEqual({ items: [] })
  expect((await audited()).filter((line) => line.startsWith('deliveries.'))).toEqual([
    'deliveries.retried by Carla Champion',
  ])
})

test('a webhook that failed is skipped or replayed with all others of its error; one without a body stays', async () => {
  const item = await world.sendProblem({ title: 'Sixth', line: 14 })
  for (const text of ['One', 'Two', 'Three']) await item.answer(text)
  await world.settle()
  const { items: lines } = await listDeliveries(world.deps, { ...organization(), direction: 'in', limit: 3 })
  const ids = lines.map(({ id }) => id)
  const failed = { state: 'failed' as const, error_code: 'internal', error: 'Lost.', processed_at: new Date() }
  await world.db.updateTable('delivery').set(failed).where('id', 'in', ids).execute()
  await world.db
    .updateTable('delivery')
    .set({ body: null })
    .where('id', '=', ids[0] ?? '')
    .execute()
  const skipped = await skipFailure(world.deps, { ...organization(), id: ids[1] ?? '', actor: actor() })
  expect(skipped).toMatchObject({ state: 'ignored', outcome: 'Skipped by Carla Champion.', error: null })
  const { connectionId } = world.ids
  const group = { direction: 'in' as const, connectionId, code: 'internal' }
  expect(await retryFailures(world.deps, { ...organization(), ...group, actor: actor() })).toEqual({ retried: 1 })
  for (const deliveryId of ids) await processDelivery(world.deps, { ...organization(), deliveryId })
  const states = await Promise.all(
    ids.map(async (id) => (await getDelivery(world.deps, { ...organization(), id })).state),
  )
  expect(states).toEqual(['failed', 'ignored', 'processed'])
})
