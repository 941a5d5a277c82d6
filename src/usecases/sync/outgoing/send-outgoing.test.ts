import { createHmac } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createOutgoingWorld } from '../../../../test/outgoing-world.ts'
import type { Received } from '../../../../test/webhook-receiver.ts'
import { outgoingEventTypes } from '../../../domain/outgoing/outgoing-event.ts'
import { leaseDueWebhooks } from '../../../store/sync/outgoing-webhooks.ts'
import { applyMoves } from '../../security/vulnerabilities/apply-move.ts'
import { createMessage } from '../create-message.ts'
import { changeOutgoingWebhook, rotateOutgoingSecret } from './change-outgoing-webhook.ts'
import { resendOutgoingDelivery, testOutgoingWebhook } from './queue-outgoing.ts'

let world: Awaited<ReturnType<typeof createOutgoingWorld>>
beforeAll(async () => {
  world = await createOutgoingWorld()
})
afterEach(() => world.forget())
afterAll(() => world.close())

const organizationId = () => world.ids.organizationId
const typesOf = () => world.receiver.received.map(({ body }) => JSON.parse(body).type)
const dataOf = (index: number) => JSON.parse(world.receiver.received[index]?.body ?? '{}').data
/** As a receiver checks it, without our own code. */
const sign = (secret: string, { headers, body }: Received) =>
  `v1,${createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
    .update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`)
    .digest('base64')}`
const move = (vulnerabilityId: string, to: 'in_progress' | 'identified') =>
  world.db.transaction().execute((tx) =>
    applyMoves(world.deps, tx, {
      organizationId: organizationId(),
      moves: [{ vulnerabilityId, to }],
      actor: world.champion,
      moveActor: 'champion',
    }),
  )
const acting = (id: string) => ({ organizationId: organizationId(), id, actor: world.actor })
const only = <Row>([row]: Row[]): Row => {
  if (row === undefined) throw new Error('There is none.')
  return row
}

describe('what happens is told outside', () => {
  test('in its order, signed, each once, under the id of the line in the history', async () => {
    const { webhook, secret } = await world.create({ events: [...outgoingEventTypes] })
    const vulnerabilityId = await world.addProblem()
    await move(vulnerabilityId, 'in_progress')
    await world.say(vulnerabilityId, 'Is **this** reachable?')
    await move(vulnerabilityId, 'identified')
    await world.sendAll()
    expect(typesOf()).toEqual(['vulnerability.status_changed', 'message.created', 'vulnerability.status_changed'])
    expect(dataOf(0)).toMatchObject({
      actor: { kind: 'member', name: 'Carla Champion' },
      vulnerability: { id: vulnerabilityId, severity: 'high', status: 'in_progress', asset: { key: 'storefront-api' } },
      before: { status: 'identified' },
      after: { status: 'in_progress' },
      message: null,
    })
    expect(dataOf(1)).toMatchObject({ message: { author: 'Carla Champion', body: 'Is **this** reachable?' } })
    for (const one of world.receiver.received) {
      expect(one.headers['webhook-signature']).toBe(sign(secret ?? '', one))
      expect(one.headers['webhook-id']).toBe(JSON.parse(one.body).data.event_id)
    }
    await world.sendAll()
    expect(world.receiver.received).toHaveLength(3)
    expect(await world.deliveries(webhook.id)).toMatchObject([
      { state: 'delivered', attempts: 1, response_status: 204, error: null },
      { state: 'delivered' },
      { state: 'delivered' },
    ])
  })

  test('an item in a tracker, with where it is', async () => {
    await world.create({ events: ['vulnerability.sent'] })
    await world.sendProblem()
    await world.sendAll()
    expect(typesOf()).toEqual(['vulnerability.sent'])
    expect(dataOf(0).after).toMatchObject({ tracker: 'bitbucket-issues', url: expect.stringContaining('/issues/') })
  })

  test('but never an internal note', async () => {
    const { webhook } = await world.create({ events: [...outgoingEventTypes] })
    const vulnerabilityId = await world.addProblem()
    const note = { organizationId: organizationId(), vulnerabilityId, actor: world.champion, internal: true }
    await createMessage(world.deps, { ...note, body: 'Keep this to ourselves' })
    expect(await world.deliveries(webhook.id)).toEqual([])
  })

  test('only what was asked for, from the severity asked for, and only while it is enabled', async () => {
    const wanted = await world.create({ events: ['vulnerability.status_changed'], minSeverity: 'high' })
    const others = [
      await world.create({ events: ['message.created'] }),
      await world.create({ events: ['vulnerability.status_changed'], minSeverity: 'critical' }),
      await world.create({ events: ['vulnerability.status_changed'] }),
    ]
    const disabled = only(others.slice(-1)).webhook.id
    await changeOutgoingWebhook(world.deps, { ...acting(disabled), change: { enabled: false } })
    await move(await world.addProblem(), 'in_progress')
    expect(await world.deliveries(wanted.webhook.id)).toHaveLength(1)
    for (const { webhook } of others) expect(await world.deliveries(webhook.id)).toEqual([])
  })

  test('not when its transaction is rolled back', async () => {
    const { webhook } = await world.create({ events: [...outgoingEventTypes] })
    const vulnerabilityId = await world.addProblem()
    const broken = world.db.transaction().execute(async (tx) => {
      const moves = [{ vulnerabilityId, to: 'in_progress' as const }]
      const shared = { organizationId: organizationId(), actor: world.champion, moveActor: 'champion' as const }
      await applyMoves(world.deps, tx, { ...shared, moves })
      throw new Error('broken off')
    })
    await expect(broken).rejects.toThrow('broken off')
    expect(await world.deliveries(webhook.id)).toEqual([])
  })
})

describe('where the receiver fails', () => {
  test('an event is sent again later, under the same id, and the next ones wait behind it', async () => {
    const { webhook } = await world.create({ events: ['vulnerability.status_changed'] })
    const vulnerabilityId = await world.addProblem()
    await move(vulnerabilityId, 'in_progress')
    await move(vulnerabilityId, 'identified')
    Object.assign(world.receiver.state, { status: 500, text: 'down for a moment' })
    await world.sendAll()
    await world.sendAll()
    expect(world.receiver.received).toHaveLength(1)
    expect(await world.deliveries(webhook.id)).toMatchObject([
      { state: 'queued', attempts: 1, response_text: 'down for a moment', error: 'The receiver answered 500.' },
      { state: 'queued', attempts: 0 },
    ])
    world.receiver.state.status = 204
    world.later(10_000)
    await world.sendAll()
    const ids = world.receiver.received.map(({ headers }) => headers['webhook-id'])
    expect(ids).toHaveLength(3)
    expect([ids[0], ids[1] === ids[2]]).toEqual([ids[1], false])
    expect(await world.rowOf(webhook.id)).toMatchObject({ failing_since: null, next_attempt_at: null, leased_by: null })
  })

  test('a redirect is not followed, and an address inside is not asked at all', async () => {
    const { webhook } = await world.create({ events: ['message.created'] })
    const inside = await world.create({ events: ['message.created'], url: 'https://localhost:9/' })
    Object.assign(world.receiver.state, { status: 302, headers: { location: 'http://127.0.0.1:1/' } })
    await world.say(await world.addProblem(), 'Hello')
    await world.sendAll()
    expect(await world.deliveries(webhook.id)).toMatchObject([{ state: 'queued', response_status: 302 }])
    expect(await world.deliveries(inside.webhook.id)).toMatchObject([
      { state: 'queued', response_status: null, error: expect.stringContaining('private') },
    ])
  })

  test('after sixteen attempts it is given up, and the next one has its turn', async () => {
    const { webhook } = await world.create({ events: ['vulnerability.status_changed'] })
    const vulnerabilityId = await world.addProblem()
    await move(vulnerabilityId, 'in_progress')
    await move(vulnerabilityId, 'identified')
    const first = only(await world.deliveries(webhook.id))
    await world.db.updateTable('outgoing_delivery').set({ attempts: 15 }).where('id', '=', first.id).execute()
    world.receiver.state.status = 400
    await world.sendAll()
    world.later(2 * 3600_000)
    world.receiver.state.status = 204
    await world.sendAll()
    expect(await world.deliveries(webhook.id)).toMatchObject([
      { state: 'failed', attempts: 16 },
      { state: 'delivered', attempts: 1 },
    ])
    await resendOutgoingDelivery(world.deps, { organizationId: organizationId(), id: first.id })
    await world.sendAll()
    expect(await world.deliveries(webhook.id)).toMatchObject([{ state: 'delivered', attempts: 1 }, {}])
  })

  test.each([
    { how: 'a 410', status: 410, sinceMs: 0, reason: 'The receiver answered 410: it wants no more of these.' },
    { how: 'three days', status: 503, sinceMs: 3 * 86_400_000, reason: 'Nothing could be delivered for three days.' },
  ])('after $how it is disabled, and administrators are called once', async ({ status, sinceMs, reason }) => {
    const { webhook } = await world.create({ events: ['vulnerability.status_changed'] })
    const failing = { failing_since: sinceMs === 0 ? null : new Date(world.deps.clock().getTime() - sinceMs) }
    await world.db.updateTable('outgoing_webhook').set(failing).execute()
    await move(await world.addProblem(), 'in_progress')
    world.receiver.state.status = status
    await world.sendAll()
    await world.sendAll()
    expect(await world.rowOf(webhook.id)).toMatchObject({ state: 'disabled', state_reason: reason })
    const called = await world.db.selectFrom('notification').selectAll().execute()
    expect(called).toMatchObject([
      {
        member_id: world.ids.admin,
        kind: 'webhook_disabled',
        vulnerability_id: null,
        subject: `The webhook “Receiver” was disabled. ${reason}`,
      },
    ])
    await changeOutgoingWebhook(world.deps, { ...acting(webhook.id), change: { enabled: true } })
    world.receiver.state.status = 204
    await world.sendAll()
    expect(await world.deliveries(webhook.id)).toMatchObject([{ state: 'delivered', attempts: 2 }])
  })
})

test('what a sender left that was killed is sent by the next when its lease ends', async () => {
  const { webhook } = await world.create({ events: ['message.created'] })
  await world.say(await world.addProblem(), 'Hello')
  const now = world.deps.clock()
  const lease = { by: world.deps.newId(), now, until: new Date(now.getTime() + 60_000), limit: 8 }
  expect(await leaseDueWebhooks(world.db, lease)).toHaveLength(1)
  expect(await leaseDueWebhooks(world.db, { ...lease, by: world.deps.newId() })).toEqual([])
  await world.db.updateTable('outgoing_delivery').set({ attempts: 1 }).execute()
  world.later(60_001)
  await world.sendAll()
  expect(await world.deliveries(webhook.id)).toMatchObject([{ state: 'delivered', attempts: 2 }])
})

test('a new secret signs beside the former one for a day', async () => {
  const { webhook, secret } = await world.create({ events: ['message.created'] })
  const rotated = await rotateOutgoingSecret(world.deps, acting(webhook.id))
  const test = async () => {
    await testOutgoingWebhook(world.deps, acting(webhook.id))
    await world.sendAll()
    const sent = only(world.receiver.received.splice(0))
    return { given: sent.headers['webhook-signature'], sent }
  }
  const during = await test()
  expect(during.given).toBe(`${sign(rotated.secret, during.sent)} ${sign(secret ?? '', during.sent)}`)
  expect(JSON.parse(during.sent.body)).toMatchObject({ type: 'webhook.test', data: { actor: { name: 'Adam Admin' } } })
  world.later(86_400_001)
  const after = await test()
  expect(after.given).toBe(sign(rotated.secret, after.sent))
})
