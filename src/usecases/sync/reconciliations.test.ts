import { afterAll, beforeAll, expect, test } from 'vitest'
import * as contract from '../../../contract/sync/reconciliations.ts'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { deleteOldReconciliations } from '../../store/sync/reconciliations.ts'
import { reconcileConnection } from './reconcile-connection.ts'
import { askForReconciliation, listReconciliations } from './reconciliations.ts'

let world: SyncWorld
beforeAll(async () => {
  world = await createSyncWorld({ mode: '2026' })
})
afterAll(() => world.close())

const key = () => ({ organizationId: world.ids.organizationId, connectionId: world.ids.connectionId })
const runs = async () => (await listReconciliations(world.deps, key())).items

test('each comparison says who asked, what it cost, and what it found, in sentences; those without news fold away', async () => {
  const item = await world.sendProblem()
  await world.reconcile()
  expect(await runs()).toMatchObject([{ by: null, items: 1, healed: 0, differences: [], error: null }])
  world.simulator.planWebhookFault({ event: 'pullrequest:*', action: { kind: 'drop' } })
  await item.answer('Nobody told you')
  await world.settle()
  await world.reconcile()
  await world.reconcile()
  const [latest, found, ...others] = await runs()
  expect(latest).toMatchObject({ healed: 0 })
  expect(found).toMatchObject({
    healed: 1,
    differences: [
      {
        kind: 'healed',
        sentence: 'A message of Tomas Okoye was taken in.',
        vulnerability: { id: item.vulnerabilityId },
      },
    ],
  })
  expect(found?.requests).toBeGreaterThan(0)
  expect(others).toEqual([])
  for (const run of await runs()) expect(contract.reconciliation.strict().parse(run)).toEqual(run)
})

test('a comparison that broke off says why', async () => {
  world.simulator.planFault({ method: 'GET', path: '*', action: { kind: 'answer', status: 401 }, times: 20 })
  await expect(world.reconcile(true)).rejects.toMatchObject({ code: 'remote_unauthorized' })
  const [latest] = await runs()
  expect(latest).toMatchObject({ is_full: true, error: expect.stringContaining('no longer accepts the credential') })
  world.simulator.clearFaults()
  await world.db.updateTable('connection').set({ state: 'active', state_reason: null }).execute()
})

test('a person asks for one: queued once, in full, by name, and written down', async () => {
  world.state.jobs.length = 0
  await askForReconciliation(world.deps, { ...key(), actor: { ...world.champion, ipAddress: null } })
  const [job] = world.state.jobs
  expect(job).toMatchObject({
    name: 'reconcile-connection',
    data: { ...key(), full: true, memberName: 'Carla Champion' },
  })
  await reconcileConnection(world.deps, { ...key(), full: true, memberName: 'Carla Champion' })
  expect((await runs())[0]).toMatchObject({ by: 'Carla Champion', is_full: true, error: null })
  const stranger = { ...key(), organizationId: world.deps.newId() }
  await expect(listReconciliations(world.deps, stranger)).rejects.toMatchObject({ code: 'not_found' })
  const asked = askForReconciliation(world.deps, { ...stranger, actor: { ...world.champion, ipAddress: null } })
  await expect(asked).rejects.toMatchObject({ code: 'not_found' })
})

test('what was found long ago is forgotten', async () => {
  const { organizationId } = key()
  const before = new Date(world.deps.clock().getTime() + 1000)
  await deleteOldReconciliations(world.db, { organizationId: world.deps.newId(), before })
  expect(await runs()).not.toEqual([])
  await deleteOldReconciliations(world.db, { organizationId, before })
  expect(await runs()).toEqual([])
})
