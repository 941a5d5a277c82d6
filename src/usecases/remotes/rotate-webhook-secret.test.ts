import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRemotesRig, type RemotesRig } from '../../../test/remotes.ts'
import { findWebhook, lockWebhookSecret } from '../../store/remotes/webhooks.ts'
import { rotateWebhookSecret } from './rotate-webhook-secret.ts'
import { setUpRepositories } from './set-up-repositories.ts'
import { repairWebhook } from './webhook-actions.ts'
import { openWebhookSecret } from './webhook-secret.ts'

let rig: RemotesRig
let webhookId: string
beforeAll(async () => {
  rig = await createRemotesRig({ repositories: 1 })
  const connectionId = await rig.connect()
  await setUpRepositories(rig.deps, { organizationId: rig.organizationId, connectionId, uuids: 'all' })
  webhookId = (await rig.db.selectFrom('webhook').select('id').executeTakeFirstOrThrow()).id
})
afterAll(async () => {
  await rig.close()
})

const key = () => ({ organizationId: rig.organizationId, webhookId })
const rotate = () => rotateWebhookSecret(rig.deps, { ...key(), actor: rig.actor })
const there = () => rig.simulator.sim.hooks[0]?.secret
const here = async () => {
  const row = await findWebhook(rig.db, key())
  return row === undefined ? undefined : openWebhookSecret(rig.deps.secretBox, key(), row.sealed_secret)
}
const writes = () => rig.simulator.requests.filter((one) => one.method === 'PUT').length
const slow = (times: number) =>
  rig.simulator.planFault({
    method: 'PUT',
    path: '/2.0/workspaces/*/hooks/*',
    times,
    action: { kind: 'delay', ms: 300 },
  })

test('whoever changes the secret at the same time, the remote and Weir end with the same one', async () => {
  // The first to ask is the last to arrive.
  slow(1)
  const first = there()
  const views = await Promise.all([rotate(), rotate(), rotate()])
  expect(views.map((view) => view.health)).toEqual(['ok', 'ok', 'ok'])
  expect(there()).not.toBe(first)
  expect(await here()).toBe(there())
})

test('a repair in the middle of a rotation writes the same secret', async () => {
  slow(1)
  const rotating = rotate()
  while ((await findWebhook(rig.db, key()))?.health !== 'changed') await new Promise((done) => setTimeout(done, 5))
  await repairWebhook(rig.deps, { ...key(), actor: rig.actor })
  await rotating
  expect(await here()).toBe(there())
})

test('a rotation of another process is waited for', async () => {
  const before = { writes: writes(), secret: await here() }
  const running = await rig.db.transaction().execute(async (other) => {
    await lockWebhookSecret(other, key())
    const rotating = rotate()
    await new Promise((done) => setTimeout(done, 200))
    expect(writes()).toBe(before.writes)
    expect(await here()).toBe(before.secret)
    return { rotating }
  })
  await running.rotating
  expect(await here()).not.toBe(before.secret)
  expect(await here()).toBe(there())
})
