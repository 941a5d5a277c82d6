import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CallingWorld, createCallingWorld } from '../../test/calling-world.ts'
import { composeCall } from '../store/sync/outgoing-calls.ts'
import { createOutgoingWebhook } from '../usecases/sync/outgoing/change-outgoing-webhook.ts'

const script = fileURLToPath(new URL('../../test/worker-process.ts', import.meta.url))
const children: ChildProcess[] = []
const events = 150
const mails = 60
const kills = 4
/** Of one process at a time: one event of a webhook, eight messages to members. */
const inFlight = { event: 1, mail: 8 }
let world: CallingWorld
let webhookId: string

beforeAll(async () => {
  world = await createCallingWorld()
  const { organizationId, admin } = world.ids
  const actor = { ...world.champion, memberId: admin, name: 'Adam Admin', ipAddress: null }
  const wish = {
    name: 'Receiver',
    kind: 'standard' as const,
    url: world.receiver.url,
    events: ['message.created' as const],
  }
  const made = await createOutgoingWebhook(world.deps, { organizationId, actor, ...wish, minSeverity: 'notification' })
  webhookId = made.webhook.id
  world.server.state.beforeReply = () => sleep(15)
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await world.close()
})

const startWorker = async (): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [script], {
    env: {
      ...process.env,
      WORKER_DATABASE_URL: world.open.url,
      WORKER_REMOTE_HOST: [new URL(world.simulator.web).host, world.receiver.host].join(','),
      WORKER_MAIL_PORT: String(world.server.port),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  if (child.stdout !== null) await once(child.stdout, 'data')
  return child
}

const openEvents = async () =>
  (await world.db.selectFrom('outgoing_delivery').select('id').where('state', '=', 'queued').execute()).length
const openMails = async () =>
  (await world.db.selectFrom('outgoing_call').select('id').where('state', '=', 'queued').execute()).length

/** As if the time of a lease had gone by: who held it is dead. */
async function endLeases(): Promise<void> {
  const past = new Date(Date.now() - 1000)
  await world.db
    .updateTable('outgoing_webhook')
    .set({ leased_until: past })
    .where('leased_by', 'is not', null)
    .execute()
  await world.db.updateTable('outgoing_call').set({ leased_until: past }).where('leased_by', 'is not', null).execute()
}

async function fill(): Promise<void> {
  const { organizationId, champion } = world.ids
  const vulnerabilityId = await world.addProblem()
  for (let index = 0; index < events; index += 1) await world.say(vulnerabilityId, `Message ${index}`)
  await world.db.deleteFrom('notification').execute()
  for (let index = 0; index < mails; index += 1) {
    await world.call('assigned', await world.addProblem(), `Mail ${index}`)
    const now = new Date()
    const whole = { organizationId, memberId: champion, channel: 'email' as const, isDigest: false, until: now, now }
    await composeCall(world.deps, world.db, whole)
  }
}

/** Kills whoever sends, in the middle of it, and lets the next one go on; the last one ends it. */
async function sendThroughDeaths(): Promise<number> {
  let died = 0
  for (; died < kills; died += 1) {
    const worker = await startWorker()
    const [before, mailed] = [world.receiver.received.length, world.mails.length]
    const limit = performance.now() + 20_000
    while (world.receiver.received.length < before + 12 + died || world.mails.length < mailed + 5)
      if (performance.now() < limit) await sleep(2)
      else throw new Error('Nothing is sent.')
    worker.kill('SIGKILL')
    await once(worker, 'exit')
    expect(await openEvents()).toBeGreaterThan(0)
    await endLeases()
  }
  await startWorker()
  const limit = performance.now() + 40_000
  while ((await openEvents()) + (await openMails()) > 0 && performance.now() < limit) await sleep(50)
  return died
}

describe('senders that are killed while they send', () => {
  test('lose nothing, and send twice only what was in their hands, under the same id', async () => {
    await fill()
    expect([await openEvents(), await openMails()]).toEqual([events, mails])
    const died = await sendThroughDeaths()
    expect(died).toBe(kills)
    const rows = await world.db
      .selectFrom('outgoing_delivery')
      .selectAll()
      .where('webhook_id', '=', webhookId)
      .execute()
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['delivered']))
    const { received } = world.receiver
    const ids = received.map(({ headers }) => headers['webhook-id'])
    expect(new Set(ids)).toEqual(new Set(rows.map((row) => row.event_id)))
    expect(new Set(received.map(({ body }) => body)).size).toBe(events)
    expect(ids.length - events).toBeLessThanOrEqual(kills * inFlight.event)
    const calls = await world.calls()
    expect(new Set(calls.map(({ state }) => state))).toEqual(new Set(['sent']))
    const messageIds = world.mails.map(({ headers }) => headers['message-id'])
    expect(new Set(messageIds)).toEqual(new Set(calls.map(({ id }) => `<${id}@weir.example>`)))
    expect(messageIds.length - mails).toBeLessThanOrEqual(kills * inFlight.mail)
    const texts = Map.groupBy(world.mails, ({ headers }) => headers['message-id'])
    for (const same of texts.values()) expect(new Set(same.map(({ headers }) => headers['subject'])).size).toBe(1)
  }, 180_000)
})
