import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSyncWorld, type SyncWorld } from '../../../test/sync-world.ts'
import { pushDefect } from './push-defect.ts'

let world: SyncWorld
const items: Awaited<ReturnType<SyncWorld['sendProblem']>>[] = []
beforeAll(async () => {
  world = await createSyncWorld({ mode: 'legacy' })
  for (let index = 0; index < 3; index++) items.push(await world.sendProblem())
})
afterAll(() => world.close())

/** Everything is refused: an account without access, or a credential without the scope. */
const forbid = (body: unknown) => {
  world.simulator.planFault({
    path: '*/repositories/*',
    times: 1000,
    action: {
      kind: 'answer',
      status: 403,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'error', error: body }),
    },
  })
  return () => {
    world.simulator.clearFaults()
  }
}
const withoutAccess = { message: 'Forbidden' }
const withoutScope = {
  message: 'Your credentials lack one or more required privilege scopes.',
  detail: { required: ['write:issue:bitbucket'], granted: ['read:issue:bitbucket'] },
}
const pushAll = () =>
  Promise.all(
    items.map(({ defectId }) => pushDefect(world.deps, { organizationId: world.ids.organizationId, defectId })),
  )
const calls = () =>
  world.db.selectFrom('notification').selectAll().where('kind', '=', 'sync_failed').orderBy('id').execute()
const links = async () =>
  (await Promise.all(items.map(({ vulnerabilityId }) => world.thread(vulnerabilityId)))).map(
    (thread) => thread.at(-1)?.links[0],
  )

test.each([
  ['access', withoutAccess, 'may not'],
  ['a scope', withoutScope, 'write:issue:bitbucket'],
])('work that waits for %s calls people once, and every thread says why it waits', async (_what, body, words) => {
  await world.db.deleteFrom('notification').execute()
  const allow = forbid(body)
  for (const { vulnerabilityId } of items) {
    await world.say(vulnerabilityId, 'First')
    await world.say(vulnerabilityId, 'Second')
  }
  for (let round = 0; round < 3; round++) {
    await pushAll()
    world.later(601_000)
  }
  const called = await calls()
  expect(called.map((one) => one.member_id).toSorted()).toEqual([world.ids.champion, world.ids.admin].toSorted())
  expect(called[0]?.subject).toContain('Waiting')
  expect(called[0]?.subject).toContain(words)
  for (const item of items) {
    const first = (await world.thread(item.vulnerabilityId)).at(-2)?.links[0]
    expect(first).toMatchObject({ state: 'queued', error: expect.stringContaining(words) })
  }
  allow()
  await pushAll()
  await world.settle()
  for (const link of await links()) expect(link).toMatchObject({ state: 'sent', error: null })

  const again = forbid(body)
  await world.say(items[0]?.vulnerabilityId ?? '', 'Third')
  await pushAll()
  expect(await calls()).toHaveLength(4)
  again()
  world.later(601_000)
  await pushAll()
  await world.settle()
})

test('a credential that is refused altogether is told on the connection, not per vulnerability', async () => {
  await world.db.deleteFrom('notification').execute()
  world.simulator.planFault({
    path: '*',
    times: 1000,
    action: { kind: 'answer', status: 401, body: '{}' },
  })
  await world.say(items[0]?.vulnerabilityId ?? '', 'Unheard')
  await pushAll()
  expect(await calls()).toEqual([])
  expect((await links())[0]).toMatchObject({ state: 'queued', error: expect.stringContaining('no longer accepts') })
})
