import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createRemotesRig, type RemotesRig } from '../../../test/remotes.ts'
import { checkConnection } from './check-connection.ts'
import { getConnectionView } from './connection-view.ts'
import { disconnect } from './disconnect.ts'
import { getConnectionProgress } from './set-up-progress.ts'
import { setUpRepositories } from './set-up-repositories.ts'
import { removeWebhook } from './webhook-actions.ts'
import { listWebhooks } from './webhook-view.ts'

let rig: RemotesRig
let connectionId: string

beforeAll(async () => {
  rig = await createRemotesRig({ repositories: 3 })
  connectionId = await rig.connect()
  await setUpRepositories(rig.deps, { ...key(), uuids: 'all' })
})
beforeEach(() => {
  rig.jobs.length = 0
})
afterAll(async () => rig.close())

const key = () => ({ organizationId: rig.organizationId, connectionId })

async function runSetUps(): Promise<number> {
  const wished = rig.jobs.flatMap((job) => (job.name === 'set-up-repositories' ? [job.data] : []))
  for (const data of wished) await setUpRepositories(rig.deps, data)
  return wished.length
}

async function expectOneHealthyWebhook(): Promise<void> {
  const { items } = await listWebhooks(rig.deps, key())
  expect(items).toMatchObject([{ health: 'ok' }])
  expect(rig.simulator.sim.hooks).toMatchObject([{ url: items[0]?.url }])
}

async function removeByHand(): Promise<void> {
  const { items } = await listWebhooks(rig.deps, key())
  for (const { id: webhookId } of items)
    await removeWebhook(rig.deps, { organizationId: rig.organizationId, webhookId, actor: rig.actor })
  expect(rig.simulator.sim.hooks).toEqual([])
}

describe('a webhook that is gone', () => {
  it('is made again when the workspace is connected again, for the repositories chosen before', async () => {
    await disconnect(rig.deps, { ...key(), actor: rig.actor })
    expect(rig.simulator.sim.hooks).toEqual([])
    expect(await rig.connect()).toBe(connectionId)
    expect(await getConnectionProgress(rig.deps, key())).toMatchObject({ state: 'running' })
    expect(await runSetUps()).toBe(1)
    await expectOneHealthyWebhook()
  })

  it('is made again by a person who checks, not by the hourly check of what somebody removed', async () => {
    await removeByHand()
    await checkConnection(rig.deps, { ...key(), repair: true })
    expect(await runSetUps()).toBe(0)
    await checkConnection(rig.deps, key())
    expect(await runSetUps()).toBe(1)
    await expectOneHealthyWebhook()
    rig.jobs.length = 0
    await checkConnection(rig.deps, key())
    expect(await runSetUps()).toBe(0)
  })

  it('is not asked for where nothing was chosen', async () => {
    const empty = await createRemotesRig({ repositories: 1 })
    try {
      const id = await empty.connect()
      empty.jobs.length = 0
      await checkConnection(empty.deps, { organizationId: empty.organizationId, connectionId: id })
      expect(empty.jobs.filter((job) => job.name === 'set-up-repositories')).toEqual([])
    } finally {
      await empty.close()
    }
  })

  it('and refused by Bitbucket keeps the connection from claiming that it works', async () => {
    await removeByHand()
    rig.simulator.switches.hooksPerSubject = 0
    await setUpRepositories(rig.deps, { ...key(), uuids: 'all' })
    const view = await getConnectionView(rig.deps, key())
    expect(view).toMatchObject({ state: 'limited', webhooks_ok: 0, webhooks_total: 1 })
    expect(view.state_reason).toMatch(/^The webhook does not work: .+WEIR_PUBLIC_URL/)
    rig.simulator.switches.hooksPerSubject = 50
    await setUpRepositories(rig.deps, { ...key(), uuids: 'all' })
    expect(await getConnectionView(rig.deps, key())).toMatchObject({ state: 'active', state_reason: null })
  })
})
