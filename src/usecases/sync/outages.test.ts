import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { listDueDefects } from '../../store/sync/operations.ts'
import { getConnectionView } from '../remotes/connection-view.ts'
import { pushDefect } from './push-defect.ts'

let world: SyncWorld
beforeAll(async () => {
  world = await createSyncWorld({ mode: '2026' })
})
afterAll(() => world.close())

const key = () => ({ organizationId: world.ids.organizationId, connectionId: world.ids.connectionId })
const view = () => getConnectionView(world.deps, key())

function failAlways() {
  for (let count = 0; count < 60; count += 1)
    world.simulator.planFault({ method: 'POST', path: '*', action: { kind: 'answer', status: 503 } })
  for (let count = 0; count < 60; count += 1)
    world.simulator.planFault({ method: 'GET', path: '*', action: { kind: 'answer', status: 503 } })
}

test('after several failures in a row nothing is tried but a probe; what waits goes out in order when it answers', async () => {
  const item = await world.sendProblem()
  const other = await world.sendProblem({ title: 'Another', line: 21 })
  const push = (defectId: string) => pushDefect(world.deps, { organizationId: world.ids.organizationId, defectId })
  failAlways()
  await world.say(item.vulnerabilityId, 'One')
  for (let count = 0; count < 5; count += 1) {
    await push(item.defectId)
    world.later(60_000)
  }
  const out = await view()
  expect(out).toMatchObject({ state: 'unreachable', outage: { failures: 5 } })
  // Another item of the connection is not tried, and its attempt does not count.
  world.later(-60_000)
  await world.say(other.vulnerabilityId, 'Two')
  const before = world.simulator.requests.length
  await push(other.defectId)
  expect(world.simulator.requests).toHaveLength(before)
  const [waiting] = (await world.operations(other.vulnerabilityId)).slice(-1)
  expect(waiting).toMatchObject({ state: 'waiting', attempts: 0, error_code: 'remote_unavailable' })
  expect(waiting?.error).toContain('has not been reachable since')
  const due = { before: world.deps.clock(), now: world.deps.clock(), limit: 10 }
  expect(await listDueDefects(world.db, due)).toEqual([])

  // The probe fails: one request, and a longer pause.
  world.later(31_000)
  await push(other.defectId)
  expect(world.simulator.requests.length - before).toBe(1)
  await push(item.defectId)
  expect(world.simulator.requests.length - before).toBe(1)
  expect((await view()).outage).toMatchObject({ failures: 6 })

  world.simulator.clearFaults()
  world.later(61_000)
  await push(other.defectId)
  expect(await view()).toMatchObject({ state: 'active', outage: null })
  await push(item.defectId)
  expect((await item.remoteTexts()).join()).toContain('One')
  expect((await other.remoteTexts()).join()).toContain('Two')
})

test('one item that fails again and again between others that succeed holds nobody back', async () => {
  const item = await world.sendProblem({ title: 'Third', line: 31 })
  for (let count = 0; count < 8; count += 1) {
    world.simulator.planFault({ method: 'POST', path: '*/comments', action: { kind: 'answer', status: 500 } })
    await world.say(item.vulnerabilityId, `Try ${count}`)
    await world.settle()
    world.later(3_700_000)
    await world.reconcile()
  }
  expect((await view()).outage).toBeNull()
})
