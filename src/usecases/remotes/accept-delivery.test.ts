import { createHmac, randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createRemotesRig, createTurnedClock, type RemotesRig } from '../../../test/remotes.ts'
import { openDatabase } from '../../store/db.ts'
import { type AcceptDeliveryDeps, acceptDelivery, largestDeliveryBytes } from './accept-delivery.ts'
import { createDeliveryIntake } from './delivery-intake.ts'
import { setUpRepositories } from './set-up-repositories.ts'
import { removeWebhook, rotateWebhookSecret } from './webhook-actions.ts'

const turned = createTurnedClock()
let rig: RemotesRig
let webhookId: string
let deps: AcceptDeliveryDeps

beforeAll(async () => {
  rig = await createRemotesRig({ turned, repositories: 1 })
  const connectionId = await rig.connect()
  await setUpRepositories(rig.deps, { organizationId: rig.organizationId, connectionId, uuids: 'all' })
})
afterAll(async () => {
  await rig.close()
})
beforeEach(async () => {
  const row = await rig.db.selectFrom('webhook').select('id').where('health', '=', 'ok').executeTakeFirstOrThrow()
  webhookId = row.id
  deps = { ...rig.deps, intake: createDeliveryIntake(rig.deps) }
  rig.jobs.length = 0
})
afterEach(async () => {
  await rig.db.deleteFrom('delivery').execute()
})

function secret(): string {
  return rig.simulator.sim.hooks[0]?.secret ?? ''
}

function sign(body: string | Uint8Array, key = secret()): string {
  return `sha256=${createHmac('sha256', key).update(body).digest('hex')}`
}

type Message = {
  body?: string
  id?: string
  eventKey?: string
  signature?: string | undefined
  hook?: string
  organizationId?: string
}

function deliver(message: Message = {}, into = deps) {
  const body = message.body ?? JSON.stringify({ at: randomUUID() })
  return acceptDelivery(into, {
    organizationId: message.organizationId ?? rig.organizationId,
    webhookId: message.hook ?? webhookId,
    rawBody: Buffer.from(body),
    headers: {
      'x-event-key': message.eventKey ?? 'pullrequest:comment_created',
      'x-request-uuid': message.id ?? randomUUID(),
      'x-attempt-number': '1',
      'x-hub-signature': 'signature' in message ? message.signature : sign(body),
    },
  })
}

const stored = () => rig.db.selectFrom('delivery').selectAll().execute()

describe('a webhook that arrives', () => {
  it('is stored byte for byte and enqueued before it is answered', async () => {
    const body = '{"text":"Grüße \\u0000 ✓"}'
    const outcome = await deliver({ body, id: 'a1' })
    const [row, ...others] = await stored()
    expect(others).toEqual([])
    expect(outcome).toEqual({ kind: 'accepted', deliveryId: row?.id })
    expect(row?.body.toString('utf8')).toBe(body)
    expect(row).toMatchObject({
      state: 'received',
      event_key: 'pullrequest:comment_created',
      remote_delivery_id: 'a1',
      webhook_id: webhookId,
    })
    expect(rig.jobs).toEqual([
      { name: 'process-delivery', data: { organizationId: rig.organizationId, deliveryId: row?.id } },
    ])
  })

  it('twice is one delivery, also both at once, also under another id', async () => {
    const body = '{"n":1}'
    const [first, second] = await Promise.all([deliver({ body, id: 'twin' }), deliver({ body, id: 'twin' })])
    expect([first?.kind, second?.kind].toSorted()).toEqual(['accepted', 'duplicate'])
    expect(await deliver({ body, id: 'twin' })).toEqual({ kind: 'duplicate' })
    expect(await deliver({ body, id: 'replayed' })).toEqual({ kind: 'duplicate' })
    expect(await stored()).toHaveLength(1)
    expect(rig.jobs).toHaveLength(1)
  })

  it('with the same bytes is two pushes, because pushes carry no time', async () => {
    const body = '{"push":{"changes":[]}}'
    expect(await deliver({ body, eventKey: 'repo:push' })).toMatchObject({ kind: 'accepted' })
    expect(await deliver({ body, eventKey: 'repo:push' })).toMatchObject({ kind: 'accepted' })
  })

  it('under a known id with other bytes is refused', async () => {
    expect(await deliver({ id: 'same' })).toMatchObject({ kind: 'accepted' })
    expect(await deliver({ id: 'same' })).toEqual({ kind: 'refused', reason: 'id_reused' })
    expect(await stored()).toHaveLength(1)
  })

  it('in a crowd of five hundred is stored once each, in few commits', async () => {
    let enqueues = 0
    const counted = { ...rig.deps, enqueue: async () => void (enqueues += 1) }
    const crowd = { ...deps, intake: createDeliveryIntake(counted) }
    const outcomes = await Promise.all(Array.from({ length: 500 }, () => deliver({}, crowd)))
    expect(new Set(outcomes.map((one) => one.kind === 'accepted' && one.deliveryId)).size).toBe(500)
    expect(await stored()).toHaveLength(500)
    expect(enqueues).toBeLessThan(50)
  })

  it('notes on its hook when something last arrived, without a write for each', async () => {
    const at = turned.clock()
    await deliver()
    await expect
      .poll(
        async () =>
          (await rig.db.selectFrom('webhook').select('last_delivery_at').where('id', '=', webhookId).executeTakeFirst())
            ?.last_delivery_at,
      )
      .toEqual(at)
    turned.advance(1000)
    await deliver()
    const again = await rig.db
      .selectFrom('webhook')
      .select('last_delivery_at')
      .where('id', '=', webhookId)
      .executeTakeFirst()
    expect(again?.last_delivery_at).toEqual(at)
  })
})

describe('what is no delivery of ours', () => {
  const body = '{"x":1}'
  const other = '0197d000-0000-7000-8000-000000000009'
  it.each<[string, () => Message, string]>([
    ['unsigned', () => ({ signature: undefined }), 'unsigned'],
    ['with an empty signature', () => ({ signature: '' }), 'unsigned'],
    ['with a wrong signature', () => ({ signature: sign(body, 'wrong') }), 'bad_signature'],
    ['signed with an empty secret', () => ({ signature: sign(body, '') }), 'bad_signature'],
    ['signed for another body', () => ({ signature: sign('{"x":2}') }), 'bad_signature'],
    [
      'signed with SHA-1',
      () => ({ signature: `sha1=${createHmac('sha1', secret()).update(body).digest('hex')}` }),
      'bad_signature',
    ],
    ['for an unknown hook', () => ({ hook: other }), 'unknown_webhook'],
    ['for our hook under another organization', () => ({ organizationId: other }), 'unknown_webhook'],
    ['for a hook that is no id', () => ({ hook: "1' or '1'='1" }), 'unknown_webhook'],
    ['too large', () => ({ body: 'x'.repeat(largestDeliveryBytes + 1) }), 'too_large'],
    ['without an event', () => ({ eventKey: '' }), 'malformed'],
    ['with an event that is none', () => ({ eventKey: '<script>' }), 'malformed'],
    ['without a delivery id', () => ({ id: '' }), 'malformed'],
    ['with an endless delivery id', () => ({ id: 'a'.repeat(5000) }), 'malformed'],
  ])('is refused when %s, and nothing is stored', async (_what, message, reason) => {
    expect(await deliver({ body, ...message() })).toEqual({ kind: 'refused', reason })
    expect(await stored()).toEqual([])
    expect(rig.jobs).toEqual([])
  })
})

describe('a secret that is replaced', () => {
  it('is accepted beside the one before for an hour, also by a process that had read the old one', async () => {
    const old = secret()
    const body = '{"y":1}'
    expect(await deliver({ body })).toMatchObject({ kind: 'accepted' })
    await rotateWebhookSecret(rig.deps, { organizationId: rig.organizationId, webhookId, actor: rig.actor })
    expect(secret()).not.toBe(old)
    expect(await deliver()).toMatchObject({ kind: 'accepted' })
    expect(await deliver({ body: '{"y":2}', signature: sign('{"y":2}', old) })).toMatchObject({ kind: 'accepted' })
    turned.advance(3_600_001)
    expect(await deliver({ body: '{"y":3}', signature: sign('{"y":3}', old) })).toEqual({
      kind: 'refused',
      reason: 'bad_signature',
    })
    expect(await deliver()).toMatchObject({ kind: 'accepted' })
  })
})

describe('when the database is away', () => {
  it('fails as unavailable, so that Bitbucket sends it again, and takes it then', async () => {
    const gone = await openDatabase({ url: rig.open.url }, { poolSize: 1 })
    const broken = { ...deps, db: gone.db, intake: createDeliveryIntake({ ...rig.deps, db: gone.db }) }
    expect(await deliver({}, broken)).toMatchObject({ kind: 'accepted' })
    await gone.close()
    const body = '{"z":1}'
    await expect(deliver({ body, id: 'z' }, broken)).rejects.toMatchObject({ code: 'unavailable', status: 503 })
    expect(await deliver({ body, id: 'z' })).toMatchObject({ kind: 'accepted' })
  })

  it('loses none of those that share a commit with one the database refuses', async () => {
    let tries = 0
    const picky = createDeliveryIntake({
      ...rig.deps,
      enqueue: async (_tx, jobs) => {
        tries += 1
        if (jobs.length > 1) throw Object.assign(new Error('constraint'), { code: '23503' })
      },
    })
    const outcomes = await Promise.all(
      [1, 2, 3].map((n) => deliver({ body: `{"shared":${n}}` }, { ...deps, intake: picky })),
    )
    expect(outcomes.map((one) => one.kind)).toEqual(['accepted', 'accepted', 'accepted'])
    expect(tries).toBeGreaterThan(3)
    expect(await stored()).toHaveLength(3)
  })
})

describe('a hook that was removed', () => {
  it('is heard no more', async () => {
    await removeWebhook(rig.deps, { organizationId: rig.organizationId, webhookId, actor: rig.actor })
    const body = '{"late":1}'
    const fresh = { ...deps, intake: createDeliveryIntake(rig.deps) }
    expect(await deliver({ body, signature: sign(body, 'whatever') }, fresh)).toEqual({
      kind: 'refused',
      reason: 'unknown_webhook',
    })
  })
})
