import { createHmac, hash, randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createRemotesRig, createTurnedClock, type RemotesRig } from '../../../test/remotes.ts'
import { openDatabase } from '../../store/db.ts'
import type { AcceptedDelivery } from '../../store/remotes/accepted-deliveries.ts'
import { listUnprocessedDeliveries } from '../../store/sync/deliveries.ts'
import type { Enqueue, Job } from '../../store/sync/jobs.ts'
import { type AcceptDeliveryDeps, acceptDelivery } from './accept-delivery.ts'
import { createDeliveryIntake } from './delivery-intake.ts'
import { largestDeliveryBytes } from './read-delivery.ts'
import { rotateWebhookSecret } from './rotate-webhook-secret.ts'
import { setUpRepositories } from './set-up-repositories.ts'
import { removeWebhook } from './webhook-actions.ts'

const turned = createTurnedClock()
let rig: RemotesRig
let webhookId: string
let connectionId: string
let jobs: Job[]
let deps: AcceptDeliveryDeps

beforeAll(async () => {
  rig = await createRemotesRig({ turned, repositories: 1 })
  connectionId = await rig.connect()
  await setUpRepositories(rig.deps, { organizationId: rig.organizationId, connectionId, uuids: 'all' })
})
afterAll(async () => {
  await rig.close()
})
beforeEach(async () => {
  const row = await rig.db.selectFrom('webhook').select('id').where('health', '=', 'ok').executeTakeFirstOrThrow()
  webhookId = row.id
  // Its own list for each test: a wake-up may come after the test that caused it.
  const mine: Job[] = []
  jobs = mine
  const enqueue: Enqueue = async (_tx, more) => {
    mine.push(...more)
  }
  deps = { ...rig.deps, intake: createDeliveryIntake({ ...rig.deps, enqueue }) }
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

const other = '0197c0de-0000-7000-8000-00000000beef'

/** One that was verified. */
function delivery(): AcceptedDelivery {
  const body = Buffer.from(JSON.stringify({ at: randomUUID() }))
  return {
    organizationId: rig.organizationId,
    id: rig.deps.newId(),
    webhookId,
    connectionId,
    remoteDeliveryId: randomUUID(),
    attempt: 1,
    eventKey: 'pullrequest:comment_created',
    body,
    bodySha256: hash('sha256', body),
    receivedAt: turned.clock(),
  }
}

function deliver(message: Message = {}, into = deps) {
  const body = message.body ?? JSON.stringify({ at: randomUUID() })
  return acceptDelivery(into, {
    kind: 'bitbucket',
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

const expectJobs = (wanted: unknown[]) => vi.waitFor(() => expect(jobs).toEqual(wanted), 15_000)
const stored = () => rig.db.selectFrom('delivery').selectAll().execute()

describe('a webhook that arrives', () => {
  it('is stored byte for byte before it is answered, and wakes the worker', async () => {
    const body = '{"text":"Grüße \\u0000 ✓"}'
    const outcome = await deliver({ body, id: 'a1' })
    const [row, ...others] = await stored()
    expect(others).toEqual([])
    expect(outcome).toEqual({ kind: 'accepted', deliveryId: row?.id })
    expect(row?.body?.toString('utf8')).toBe(body)
    expect(row).toMatchObject({
      state: 'received',
      event_key: 'pullrequest:comment_created',
      remote_delivery_id: 'a1',
      webhook_id: webhookId,
    })
    await expectJobs([
      { name: 'process-deliveries', data: { organizationId: rig.organizationId, deliveryIds: [row?.id] } },
    ])
  })

  it('failure 16: twice is one delivery, also both at once, also under another id', async () => {
    const body = '{"n":1}'
    const [first, second] = await Promise.all([deliver({ body, id: 'twin' }), deliver({ body, id: 'twin' })])
    expect([first?.kind, second?.kind].toSorted()).toEqual(['accepted', 'duplicate'])
    expect(await deliver({ body, id: 'twin' })).toEqual({ kind: 'duplicate' })
    expect(await deliver({ body, id: 'replayed' })).toEqual({ kind: 'duplicate' })
    const [row, ...others] = await stored()
    expect(others).toEqual([])
    await expectJobs([
      { name: 'process-deliveries', data: { organizationId: rig.organizationId, deliveryIds: [row?.id] } },
    ])
  })

  // Pushes carry no time, so that two with the same bytes are two; the key, which is not signed, must not make a push of
  // a body that somebody captured. Hooks of ours ask for no pushes.
  it('is ignored under an event no hook asks for, also with a body that came before', async () => {
    const body = '{"push":{"changes":[]}}'
    expect(await deliver({ body })).toMatchObject({ kind: 'accepted' })
    expect(await deliver({ body, eventKey: 'repo:push' })).toEqual({ kind: 'ignored' })
    expect(await deliver({ body, eventKey: 'repo:push' })).toEqual({ kind: 'ignored' })
    expect(await stored()).toHaveLength(1)
  })

  it('is a duplicate under another event our hooks ask for', async () => {
    const body = '{"captured":1}'
    expect(await deliver({ body })).toMatchObject({ kind: 'accepted' })
    expect(await deliver({ body, eventKey: 'repo:deleted' })).toEqual({ kind: 'duplicate' })
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

describe('failure 15: what is no delivery of ours', () => {
  const body = '{"x":1}'
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
    ['too large', () => ({ body: 'x'.repeat(largestDeliveryBytes.bitbucket + 1) }), 'too_large'],
    ['without an event', () => ({ eventKey: '' }), 'malformed'],
    ['with an event that is none', () => ({ eventKey: '<script>' }), 'malformed'],
    ['without a delivery id', () => ({ id: '' }), 'malformed'],
    ['with an endless delivery id', () => ({ id: 'a'.repeat(5000) }), 'malformed'],
  ])('is refused when %s, and nothing is stored', async (_what, message, reason) => {
    expect(await deliver({ body, ...message() })).toEqual({ kind: 'refused', reason })
    expect(await stored()).toEqual([])
    expect(jobs).toEqual([])
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

describe('a clock that is set back', () => {
  it('does not keep a hook known that is gone', async () => {
    const process = createTurnedClock()
    const mine = { ...deps, intake: createDeliveryIntake({ ...rig.deps, clock: process.clock }) }
    expect(await deliver({}, mine)).toMatchObject({ kind: 'accepted' })
    process.advance(-3_600_000)
    await rig.db.updateTable('webhook').set({ health: 'removed' }).where('id', '=', webhookId).execute()
    const outcome = await deliver({}, mine)
    await rig.db.updateTable('webhook').set({ health: 'ok' }).where('id', '=', webhookId).execute()
    expect(outcome).toEqual({ kind: 'refused', reason: 'unknown_webhook' })
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
    const refused = { ...delivery(), webhookId: other }
    const intake = createDeliveryIntake(rig.deps)
    const outcomes = await Promise.allSettled([delivery(), refused, delivery()].map((one) => intake.store(one)))
    expect(outcomes.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await stored()).toHaveLength(2)
  })

  it('keeps what is stored when the worker cannot be woken: the sweep finds it', async () => {
    const enqueue = () => Promise.reject(new Error('the queue is away'))
    const deaf = { ...deps, intake: createDeliveryIntake({ ...rig.deps, enqueue }) }
    expect(await deliver({ body: '{"unheard":1}' }, deaf)).toMatchObject({ kind: 'accepted' })
    const before = new Date(turned.clock().getTime() + 1)
    const due = await listUnprocessedDeliveries(rig.db, { before, now: before, limit: 10 })
    expect(due).toEqual([{ organizationId: rig.organizationId, deliveryId: (await stored())[0]?.id }])
  })

  it('wakes it once for many that come together', async () => {
    const bodies = Array.from({ length: 12 }, (_, n) => `{"burst":${n}}`)
    await Promise.all(bodies.map((body) => deliver({ body })))
    const ids = (await stored()).map((row) => row.id).toSorted()
    const woken = () => jobs.flatMap((job) => (job.name === 'process-deliveries' ? job.data.deliveryIds : []))
    await vi.waitFor(() => expect(woken().toSorted()).toEqual(ids), 15_000)
    expect(jobs.length).toBeLessThan(6)
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
