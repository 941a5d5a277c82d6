import { createHmac, randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createJiraRig, type JiraRig } from '../../../test/jira-rig.ts'
import { acceptDelivery } from './accept-delivery.ts'
import { checkConnection } from './check-connection.ts'
import { createJiraConnection } from './create-connection.ts'
import { createDeliveryIntake } from './delivery-intake.ts'
import { revealWebhook } from './reveal-webhook.ts'
import { rotateWebhookSecret } from './rotate-webhook-secret.ts'
import { listWebhooks } from './webhook-view.ts'

let rig: JiraRig

beforeAll(async () => {
  rig = await createJiraRig()
})
afterAll(async () => {
  await rig.close()
})
afterEach(async () => {
  await rig.forget()
})

/** A connection of somebody, with the key and row of its webhook. */
async function connect(name: string) {
  const by = { organizationId: rig.organizationId, actor: rig.actor }
  const view = await createJiraConnection(rig.deps, { ...by, siteUrl: rig.simulator.site, ...rig.credentialOf(name) })
  const key = { organizationId: rig.organizationId, connectionId: view.id }
  const [hook] = (await listWebhooks(rig.deps, key)).items
  if (hook === undefined) throw new Error('There is no webhook.')
  return { view, key, hook, action: { ...by, webhookId: hook.id } }
}

type Message = { body?: unknown; id?: string; secret: string; retry?: string; kind?: 'bitbucket' | 'jira' }

function deliver(webhookId: string, message: Message) {
  const rawBody = Buffer.from(JSON.stringify(message.body ?? { webhookEvent: 'comment_created', at: randomUUID() }))
  const deps = { ...rig.deps, intake: createDeliveryIntake(rig.deps) }
  return acceptDelivery(deps, {
    kind: message.kind ?? 'jira',
    organizationId: rig.organizationId,
    webhookId,
    rawBody,
    headers: {
      'x-atlassian-webhook-identifier': message.id ?? randomUUID(),
      ...(message.retry === undefined ? {} : { 'x-atlassian-webhook-retry': message.retry }),
      'x-hub-signature': `sha256=${createHmac('sha256', message.secret).update(rawBody).digest('hex')}`,
      // What Bitbucket's deliveries carry means nothing here.
      'x-event-key': 'pullrequest:created',
      'x-request-uuid': randomUUID(),
    },
  })
}

const stored = () => rig.db.selectFrom('delivery').selectAll().execute()
const secretThere = () => rig.simulator.sim.hooks[0]?.secret ?? ''

describe('a delivery of Jira', () => {
  it('is stored under the event of its signed body, once for all its retries', async () => {
    const { hook, view } = await connect('mara')
    const message = {
      body: { webhookEvent: 'jira:issue_updated', issue: { id: '1' } },
      id: 'd-1',
      secret: secretThere(),
    }
    expect(await deliver(hook.id, message)).toMatchObject({ kind: 'accepted' })
    expect(await deliver(hook.id, { ...message, retry: '2' })).toEqual({ kind: 'duplicate' })
    expect(await stored()).toMatchObject([
      { event_key: 'jira:issue_updated', remote_delivery_id: 'd-1', connection_id: view.id, remote_attempt: 1 },
    ])
    expect(await deliver(hook.id, { id: 'd-2', secret: secretThere(), retry: '3' })).toMatchObject({ kind: 'accepted' })
    expect((await stored()).find((one) => one.remote_delivery_id === 'd-2')).toMatchObject({
      event_key: 'comment_created',
      remote_attempt: 4,
    })
  })

  it.each([
    ['an event nobody asked for is signed', { body: { webhookEvent: 'jira:worklog_updated' } }, { kind: 'ignored' }],
    ['the body names no event', { body: { issue: {} } }, { kind: 'refused', reason: 'malformed' }],
    ['the id is none', { id: 'a b' }, { kind: 'refused', reason: 'malformed' }],
    ['another secret signed it', { secret: 'other' }, { kind: 'refused', reason: 'bad_signature' }],
    ['it comes to the address of Bitbucket', { kind: 'bitbucket' }, { kind: 'refused', reason: 'unknown_webhook' }],
  ] as const)('is not stored when %s', async (_what, change, outcome) => {
    const { hook } = await connect('mara')
    expect(await deliver(hook.id, { secret: secretThere(), ...change })).toEqual(outcome)
    expect(await stored()).toEqual([])
  })
})

describe('a webhook that nothing can test', () => {
  it('is proved by what arrives, and disproved by what only a comparison found since', async () => {
    const { hook, key } = await connect('mara')
    const missed = async () => (await listWebhooks(rig.deps, key)).items[0]?.missed_changes
    const compare = async (healed: number, hours: number) => {
      const at = new Date(Date.now() + hours * 3_600_000)
      await rig.db
        .insertInto('reconciliation')
        .values({
          organization_id: key.organizationId,
          connection_id: key.connectionId,
          id: rig.deps.newId(),
          is_full: false,
          items: 1,
          requests: 1,
          healed,
          conflicts: 0,
          needs_you: 0,
          differences: JSON.stringify([]),
          started_at: at,
          finished_at: at,
        })
        .execute()
    }
    await compare(0, 1)
    expect(await missed()).toBe(0)
    await compare(2, 2)
    await compare(1, 3)
    expect(await missed()).toBe(3)
    const setArrival = (hours: number) =>
      rig.db
        .updateTable('webhook')
        .set({ last_delivery_at: new Date(Date.now() + hours * 3_600_000) })
        .where('id', '=', hook.id)
        .execute()
    await setArrival(2.5)
    expect(await missed()).toBe(1)
    await setArrival(4)
    expect(await missed()).toBe(0)
    await rig.db.deleteFrom('reconciliation').execute()
  })
})

describe('a webhook that Weir may not make', () => {
  it('is shown with its secret, and is healthy once a signed delivery has arrived', async () => {
    const { key, view, hook, action } = await connect('sync')
    expect(view).toMatchObject({ state: 'limited', webhooks_ok: 0, webhooks_total: 1 })
    expect(hook).toMatchObject({ health: 'forbidden', health_reason: expect.stringContaining('Set up by hand') })
    const byHand = await revealWebhook(rig.deps, action)
    expect(byHand).toMatchObject({ url: hook.url, events: hook.events, name: 'Weir (weir.example.org)' })
    expect(await deliver(hook.id, { secret: byHand.secret })).toMatchObject({ kind: 'accepted' })
    await expect.poll(async () => (await listWebhooks(rig.deps, key)).items[0]?.last_delivery_at).not.toBeNull()
    expect(await checkConnection(rig.deps, key)).toMatchObject({ state: 'active', webhooks_ok: 1 })
    const audit = await rig.db.selectFrom('audit_event').select('action').where('target_id', '=', hook.id).execute()
    expect(audit).toEqual([{ action: 'webhook.secret_shown' }])
  })

  it('gets a new secret by hand; the former one is taken for one more hour', async () => {
    const { hook, action, key } = await connect('sync')
    const before = await revealWebhook(rig.deps, action)
    await rotateWebhookSecret(rig.deps, action)
    const after = await revealWebhook(rig.deps, action)
    expect(after.secret).not.toBe(before.secret)
    for (const { secret } of [before, after])
      expect(await deliver(hook.id, { secret })).toMatchObject({ kind: 'accepted' })
    const [row] = (await listWebhooks(rig.deps, key)).items
    expect(row?.health_reason).toContain('the new secret')
  })

  it('is not shown where Weir made it itself', async () => {
    const { action } = await connect('mara')
    await expect(revealWebhook(rig.deps, action)).rejects.toMatchObject({ code: 'conflict' })
  })
})
