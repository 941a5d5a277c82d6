import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createOutgoingWorld } from '../../../../test/outgoing-world.ts'
import { parsePageRequest } from '../../../store/page.ts'
import { changeOutgoingWebhook, deleteOutgoingWebhook, rotateOutgoingSecret } from './change-outgoing-webhook.ts'
import { listOutgoingDeliveries, listOutgoingWebhooks } from './outgoing-views.ts'
import { testOutgoingWebhook } from './queue-outgoing.ts'

let world: Awaited<ReturnType<typeof createOutgoingWorld>>
beforeAll(async () => {
  world = await createOutgoingWorld()
})
afterEach(() => world.forget())
afterAll(() => world.close())

const acting = (id: string) => ({ organizationId: world.ids.organizationId, id, actor: world.actor })

test.each([
  ['not an address', 'validation_failed'],
  ['http://example.com/hooks', 'validation_failed'],
  ['http://127.0.0.1:9/hooks', 'validation_failed'],
  ['https://10.0.0.7/hooks', 'address_refused'],
  ['https://ada:secret@example.com/hooks', 'address_refused'],
  ['ftp://example.com/hooks', 'address_refused'],
])('%s is refused', async (url, code) => {
  await expect(world.create({ events: ['message.created'], url })).rejects.toMatchObject({ code })
  const { webhook } = await world.create({ events: ['message.created'] })
  const change = { ...acting(webhook.id), change: { url } }
  await expect(changeOutgoingWebhook(world.deps, change)).rejects.toMatchObject({ code })
})

test('neither the address nor a secret is shown again, nor in the audit log', async () => {
  const { webhook, secret } = await world.create({ events: ['message.created'] })
  const change = { name: 'Other', url: `${world.receiver.url}2`, minSeverity: 'high' } as const
  await changeOutgoingWebhook(world.deps, { ...acting(webhook.id), change })
  const rotated = await rotateOutgoingSecret(world.deps, acting(webhook.id))
  const page = parsePageRequest({})
  const listed = await listOutgoingWebhooks(world.deps, { organizationId: world.ids.organizationId, page })
  expect(listed.items).toMatchObject([
    { name: 'Other', address: `http://${world.receiver.host}`, min_severity: 'high' },
  ])
  const audited = await world.db
    .selectFrom('audit_event')
    .selectAll()
    .where('target_id', '=', webhook.id)
    .orderBy('id')
    .execute()
  const actions = ['outgoing_webhook.created', 'outgoing_webhook.changed', 'outgoing_webhook.secret_rotated']
  expect(audited.map(({ action }) => action)).toEqual(actions)
  const shown = JSON.stringify([listed, audited, rotated.webhook])
  for (const hidden of ['canary-in-address', secret ?? '', rotated.secret]) expect(shown).not.toContain(hidden)
})

test('messages to a channel are not signed, and go out as the channel reads them', async () => {
  const { webhook, secret } = await world.create({ events: ['message.created'], kind: 'slack' })
  expect(secret).toBeNull()
  await expect(rotateOutgoingSecret(world.deps, acting(webhook.id))).rejects.toMatchObject({ code: 'conflict' })
  await world.say(await world.addProblem({ title: 'Open <redirect>' }), 'Hello & welcome')
  await world.sendAll()
  const [sent] = world.receiver.received
  expect(sent?.headers['webhook-signature']).toBeUndefined()
  expect(JSON.parse(sent?.body ?? '{}')).toMatchObject({ text: expect.stringContaining('Open &lt;redirect&gt;') })
})

test('a disabled one takes no test, and a deleted one is gone with its log', async () => {
  const { webhook } = await world.create({ events: ['message.created'] })
  await testOutgoingWebhook(world.deps, acting(webhook.id))
  await changeOutgoingWebhook(world.deps, { ...acting(webhook.id), change: { enabled: false } })
  await world.sendAll()
  expect(world.receiver.received).toEqual([])
  await expect(testOutgoingWebhook(world.deps, acting(webhook.id))).rejects.toMatchObject({ code: 'conflict' })
  await deleteOutgoingWebhook(world.deps, acting(webhook.id))
  expect(await world.deliveries(webhook.id)).toEqual([])
  await expect(listOutgoingDeliveries(world.deps, acting(webhook.id))).rejects.toMatchObject({ code: 'not_found' })
})
