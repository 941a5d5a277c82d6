import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import * as contract from '../../../../contract/sync/deliveries.ts'
import { createSyncWorld, type SyncWorld } from '../../../../test/sync-world.ts'
import { getConnectionView } from '../../remotes/connection-view.ts'
import { getDelivery, listDeliveries } from '../deliveries.ts'
import { listFailures, retryByPerson, retryFailures, skipFailure } from '../failures.ts'
import { queueCommitTelling } from './queue-commit-telling.ts'

let world: SyncWorld
let head: string
const branch = 'feature/product-badges'

beforeAll(async () => {
  world = await createSyncWorld({ mode: '2026' })
  head = (await world.dana.call('GET', `/refs/branches/${branch}`)).target.hash
  await world.addProblem({ branch })
})
afterAll(() => world.close())
beforeEach(async () => {
  world.simulator.clearFaults()
  await world.db.deleteFrom('commit_report').execute()
})

const organization = () => ({ organizationId: world.ids.organizationId })
const actor = () => ({ ...world.champion, ipAddress: null })
const refuse = () =>
  world.simulator.planFault({
    method: 'PUT',
    path: '*/reports/weir',
    action: { kind: 'answer', status: 400, body: '{"type": "error", "error": {"message": "No."}}' },
  })
const tell = async () => {
  const { organizationId, assetId, importId } = world.ids
  const scan = { organizationId, assetId, importId, branch, commitHash: head, pullRequestId: null }
  await world.db.transaction().execute((tx) => queueCommitTelling(world.deps, tx, scan))
  await world.settle()
}
const fail = async () => {
  refuse()
  await tell()
  const [line] = await lines()
  return { ...organization(), id: line?.id ?? '' }
}
const lines = async () =>
  (await listDeliveries(world.deps, { ...organization(), direction: 'out' })).items.filter(
    ({ kind }) => kind === 'report_commit',
  )

test('a report that Bitbucket refused stands in the log with its error, its attempts and what it was about', async () => {
  const key = await fail()
  const shown = await getDelivery(world.deps, key)
  expect(shown).toMatchObject({
    kind: 'report_commit',
    state: 'failed',
    action: 'retry',
    can_skip: true,
    vulnerability: null,
    error_code: 'remote_refused',
    failed_attempts: [{ error: expect.stringContaining('"No."') }],
    loss: expect.stringContaining('The next import'),
  })
  expect(JSON.parse(shown.content)).toMatchObject({ branch, commit: head })
  expect(contract.getDelivery.response?.parse(shown)).toEqual(shown)
  expect((await listFailures(world.deps, organization())).items).toMatchObject([{ direction: 'out', count: 1 }])
  const connection = { ...organization(), connectionId: world.ids.connectionId }
  expect(await getConnectionView(world.deps, connection)).toMatchObject({ operations_failed: 1 })
})

test('it is retried by hand, alone or with all that failed so', async () => {
  await retryByPerson(world.deps, { ...(await fail()), actor: actor() })
  await world.settle()
  expect(await lines()).toMatchObject([{ state: 'done', error: null }])
  const { connectionId } = world.ids
  await fail()
  const group = { ...organization(), direction: 'out', connectionId, code: 'remote_refused', actor: actor() } as const
  expect(await retryFailures(world.deps, group)).toEqual({ retried: 1 })
  await world.settle()
  expect(await lines()).toMatchObject([{ state: 'done' }])
  expect((await listFailures(world.deps, organization())).items).toEqual([])
})

test('it is skipped by hand, and the next import tells the commit again', async () => {
  const key = await fail()
  await skipFailure(world.deps, { ...key, actor: actor() })
  expect(await lines()).toMatchObject([{ state: 'cancelled', outcome: 'Skipped by Carla Champion.', action: 'none' }])
  await tell()
  expect(await lines()).toMatchObject([{ state: 'done', attempts: 1 }])
})

test('it is in the log of its connection, and in that of no vulnerability', async () => {
  await fail()
  const vulnerabilityId = await world.addProblem()
  const of = async (filter: object) => (await listDeliveries(world.deps, { ...organization(), ...filter })).items
  expect(await of({ connection_id: [world.ids.connectionId], state: ['failed'] })).toHaveLength(1)
  expect(await of({ connection_id: [vulnerabilityId] })).toEqual([])
  expect(await of({ vulnerability_id: vulnerabilityId })).toEqual([])
})
