import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'

let world: SyncWorld
beforeAll(async () => {
  world = await createSyncWorld({ mode: '2026' })
})
afterAll(() => world.close())
afterEach(async () => {
  await world.db.deleteFrom('route').execute()
})

/** Sends a problem of this severity; answers how many tasks its thread has. */
async function send(severity: 'critical' | 'high' | 'medium' | 'low') {
  const vulnerabilityId = await world.addProblem()
  await world.db.updateTable('vulnerability').set({ severity }).where('id', '=', vulnerabilityId).execute()
  await world.send(vulnerabilityId)
  const { path, rootId } = await world.itemOf(vulnerabilityId)
  expect(path).toBe('/pullrequests/4')
  const listed = await world.dana.call('GET', `${path}/tasks?pagelen=100`)
  const tasks = listed.values.filter((one: { comment?: { id: number } }) => String(one.comment?.id) === rootId)
  return { vulnerabilityId, path, rootId, tasks: tasks.length }
}

const route = (mustFix: string) =>
  world.db
    .insertInto('route')
    .values({
      organization_id: world.ids.organizationId,
      id: world.deps.newId(),
      tracker: 'bitbucket-discussions',
      settings: JSON.stringify({ must_fix: mustFix }),
    })
    .execute()

test('from high on a thread has a task, below it has none', async () => {
  expect(await send('high')).toMatchObject({ tasks: 1 })
  expect(await send('medium')).toMatchObject({ tasks: 0 })
})

test('a route says from where on', async () => {
  await route('critical')
  expect(await send('critical')).toMatchObject({ tasks: 1 })
  expect(await send('high')).toMatchObject({ tasks: 0 })
})

test('a thread without a task is done when it is resolved, and in progress when it is reopened', async () => {
  const { vulnerabilityId, path, rootId } = await send('low')
  await world.dana.call('POST', `${path}/comments/${rootId}/resolve`)
  await world.settle()
  expect(await world.statusOf(vulnerabilityId)).toBe('awaiting_validation')
  await world.dana.call('DELETE', `${path}/comments/${rootId}/resolve`)
  await world.settle()
  expect(await world.statusOf(vulnerabilityId)).toBe('in_progress')
})

test('a thread whose making broke off gets no task either', async () => {
  world.simulator.planFault({ method: 'POST', path: '*/comments', action: { kind: 'cut', when: 'after' } })
  const vulnerabilityId = await world.addProblem()
  await world.db.updateTable('vulnerability').set({ severity: 'low' }).where('id', '=', vulnerabilityId).execute()
  const before = (await world.dana.call('GET', '/pullrequests/4/tasks?pagelen=100')).values.length
  await world.send(vulnerabilityId)
  world.later(60_000)
  await world.db
    .updateTable('operation')
    .set({ next_attempt_at: world.deps.clock() })
    .where('state', '=', 'queued')
    .execute()
  const { id: defectId } = await world.db
    .selectFrom('defect')
    .select('id')
    .where('vulnerability_id', '=', vulnerabilityId)
    .executeTakeFirstOrThrow()
  const { organizationId } = world.ids
  world.state.jobs.push({ name: 'push-defect', data: { organizationId, defectId }, lane: 'person' })
  await world.settle()
  expect((await world.itemOf(vulnerabilityId)).path).toBe('/pullrequests/4')
  expect((await world.dana.call('GET', '/pullrequests/4/tasks?pagelen=100')).values).toHaveLength(before)
})
