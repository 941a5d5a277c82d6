import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createRemotesRig, createTurnedClock, type RemotesRig } from '../../../test/remotes.ts'
import { acceptDelivery } from './accept-delivery.ts'
import { checkConnection } from './check-connection.ts'
import { getConnectionView } from './connection-view.ts'
import { createDeliveryIntake } from './delivery-intake.ts'
import { setUpRepositories } from './set-up-repositories.ts'
import { testWebhook, testWebhookByPerson } from './test-webhook.ts'
import { listWebhooks } from './webhook-view.ts'

const turned = createTurnedClock()
const withinMs = 3000
let rig: RemotesRig
let server: Server
let connectionId: string
let webhookId: string
/** What answers deliveries: taken in as Weir does, or something between that loses them. */
const door = { isOpen: true }

beforeAll(async () => {
  let receive = async (_url: string, _headers: object, _body: Buffer): Promise<number> => 500
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const status = door.isOpen ? await receive(request.url ?? '', request.headers, Buffer.concat(chunks)) : 404
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  rig = await createRemotesRig({ turned, repositories: 2, publicUrl: `http://127.0.0.1:${port}` })
  const deps = { ...rig.deps, intake: createDeliveryIntake(rig.deps) }
  receive = async (url, headers, rawBody) => {
    const [, , kind, organizationId = '', id = ''] = url.split('/')
    if (kind !== 'bitbucket') return 404
    const given = { kind, organizationId, webhookId: id, rawBody, headers: { ...headers } } as const
    return (await acceptDelivery(deps, given)).kind === 'refused' ? 401 : 202
  }
  connectionId = await rig.connect()
  await setUpRepositories(rig.deps, { ...key(), uuids: 'all' })
  const [hook] = (await listWebhooks(rig.deps, key())).items
  webhookId = hook?.id ?? ''
})
beforeEach(async () => {
  door.isOpen = true
  await rig.db
    .updateTable('webhook')
    .set({ tested_at: null, test_outcome: null, last_delivery_at: null, refused_at: null })
    .execute()
})
afterAll(async () => {
  await rig.close()
  await new Promise((resolve) => server.close(resolve))
})

const key = () => ({ organizationId: rig.organizationId, connectionId })
const one = () => ({ organizationId: rig.organizationId, webhookId })
const remote = () => {
  const [hook] = rig.simulator.sim.hooks
  if (hook === undefined) throw new Error('The simulator has no webhook.')
  return hook
}
const view = async () => (await listWebhooks(rig.deps, key())).items[0]
const isDue = () => turned.advance(25 * 3_600_000)

describe('a test of a webhook', () => {
  it('says that it arrived, when and after how long, and leaves the webhook as it was', async () => {
    const before = [...remote().events]
    const shown = await testWebhookByPerson(rig.deps, { ...one(), withinMs, actor: rig.actor })
    expect(shown.test).toMatchObject({ outcome: 'arrived', at: turned.clock().toISOString() })
    expect(shown.test?.ms).toBeGreaterThanOrEqual(0)
    expect(remote().events).toEqual(before)
    const audit = await rig.db
      .selectFrom('audit_event')
      .select('action')
      .where('action', '=', 'webhook.tested')
      .execute()
    expect(audit).toHaveLength(1)
  })

  it('puts one status on one commit, however often it is asked for', async () => {
    await testWebhook(rig.deps, { ...one(), withinMs })
    await testWebhook(rig.deps, { ...one(), withinMs })
    const statuses = rig.simulator.requests.filter(
      ({ method, path }) => method === 'POST' && path.includes('/statuses/'),
    )
    expect(new Set(statuses.map(({ path }) => path)).size).toBe(1)
  })

  it('that does not come back says so, and the connection claims no longer that it works', async () => {
    door.isOpen = false
    expect(await testWebhook(rig.deps, { ...one(), withinMs: 300 })).toMatchObject({ outcome: 'lost', ms: null })
    expect((await view())?.test?.note).toMatch(/^Nothing arrived .+WEIR_PUBLIC_URL/)
    const connection = await getConnectionView(rig.deps, key())
    expect(connection).toMatchObject({ state: 'limited', webhooks_ok: 0 })
    expect(connection.state_reason).toMatch(/^The webhook does not work: Nothing arrived/)
    door.isOpen = true
    await testWebhook(rig.deps, { ...one(), withinMs })
    expect(await getConnectionView(rig.deps, key())).toMatchObject({ state: 'active', webhooks_ok: 1 })
  })

  it('repairs one that was switched off or deleted before it waits', async () => {
    remote().active = false
    expect(await testWebhook(rig.deps, { ...one(), withinMs })).toMatchObject({ outcome: 'arrived' })
    rig.simulator.sim.hooks.length = 0
    expect(await testWebhook(rig.deps, { ...one(), withinMs })).toMatchObject({ outcome: 'arrived' })
  })

  it('is refused while another one runs', async () => {
    const both = await Promise.allSettled([
      testWebhook(rig.deps, { ...one(), withinMs }),
      testWebhook(rig.deps, { ...one(), withinMs }),
    ])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('the scheduled check', () => {
  it('proves a webhook that has been silent for a day, and leaves one alone that is heard', async () => {
    isDue()
    await checkConnection(rig.deps, { ...key(), repair: true })
    expect((await view())?.test).toMatchObject({ outcome: 'arrived', at: turned.clock().toISOString() })
    const tested = (await view())?.test?.at
    turned.advance(3_600_000)
    await checkConnection(rig.deps, { ...key(), repair: true })
    expect((await view())?.test?.at).toBe(tested)
  })

  it('gives a webhook its secret again once deliveries came in that were signed with another one', async () => {
    isDue()
    remote().secret = 'somebody typed another one'
    await testWebhook(rig.deps, { ...one(), withinMs })
    // The test's own change of the hook has given it back; now it is changed again, and a delivery is refused.
    remote().secret = 'and again'
    await fetch(remote().url, { method: 'POST', body: '{}', headers: { 'x-hub-signature': 'sha256=00' } })
    await expect.poll(async () => (await row()).refused_at).not.toBeNull()
    await checkConnection(rig.deps, { ...key(), repair: true })
    expect(await view()).toMatchObject({ health: 'ok', health_reason: null })
    expect((await row()).refused_at).toBeNull()
    expect(remote().secret).not.toBe('and again')
  })

  it('takes back what a test that died left behind', async () => {
    remote().events.push('repo:commit_status_updated')
    await checkConnection(rig.deps, { ...key(), repair: true })
    expect(remote().events).not.toContain('repo:commit_status_updated')
    expect(await view()).toMatchObject({ health: 'ok' })
  })
})

const row = () => rig.db.selectFrom('webhook').selectAll().where('id', '=', webhookId).executeTakeFirstOrThrow()
