import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { openReceiver, type Receiver } from '../../shared/receiver.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { defaultSwitches } from '../switches.ts'
import { type Ask, askAs } from '../try-api.ts'
import { signBody } from './sign.ts'

let simulator: Simulator
let receiver: Receiver
let mara: Ask
let hookUuid: string
const comments = '/repositories/meadow-goods/storefront-api/pullrequests/4/comments'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  mara = askAs(simulator, 'mara-lind')
})
beforeEach(async () => {
  receiver = await openReceiver()
  Object.assign(simulator.switches, defaultSwitches(), { webhookRetryDelayMs: 5 })
  simulator.sim.hooks = []
  simulator.deliveries.length = 0
  const hook = await mara('POST', '/repositories/meadow-goods/storefront-api/hooks', {
    url: receiver.url,
    secret: 'top',
    events: ['pullrequest:comment_created'],
  })
  hookUuid = String(hook.at('uuid'))
})
afterEach(async () => {
  await simulator.flush()
  await receiver.close()
})
afterAll(async () => await simulator.close())

async function say(raw: string): Promise<void> {
  expect((await mara('POST', comments, { content: { raw } })).status).toBe(201)
}

function heard(): unknown[] {
  return receiver.caught.map((one) => at(one.body, 'comment', 'content', 'raw'))
}

test('a delivery carries the remote’s headers and a signature over its raw bytes', async () => {
  await say('grüße')
  await simulator.flush()
  const [one] = receiver.caught
  expect(one?.headers).toMatchObject({
    'user-agent': 'Bitbucket-Webhooks/2.0',
    'content-type': 'application/json',
    'x-event-key': 'pullrequest:comment_created',
    'x-hook-uuid': hookUuid.slice(1, -1),
    'x-attempt-number': '1',
    'x-hub-signature': signBody('top', one?.raw ?? ''),
  })
  expect(one?.headers['x-request-uuid']).toMatch(/^[0-9a-f-]{36}$/)
  expect(one?.headers['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
})

test('5xx is tried twice more, and no more', async () => {
  receiver.answers.push(500, 503, 502, 200)
  await say('one')
  await simulator.flush()
  expect(receiver.caught.map((one) => one.headers['x-attempt-number'])).toEqual(['1', '2', '3'])
  expect(new Set(receiver.caught.map((one) => one.headers['x-request-uuid'])).size).toBe(1)
  expect(simulator.deliveries[0]).toMatchObject({ state: 'failed' })
})

test('5xx and then success ends the attempts', async () => {
  receiver.answers.push(500, 200)
  await say('one')
  await simulator.flush()
  expect(simulator.deliveries[0]).toMatchObject({ state: 'delivered', attempts: [{ status: 500 }, { status: 200 }] })
})

test.each([[404], [301]])('%i is not tried again', async (status) => {
  receiver.answers.push(status)
  await say('one')
  await simulator.flush()
  expect(receiver.caught).toHaveLength(1)
})

test('a time-out is logged and not tried again', async () => {
  simulator.switches.webhookTimeoutMs = 300
  receiver.delayMs = 600
  await say('slow')
  await simulator.flush()
  expect(simulator.deliveries[0]).toMatchObject({ state: 'failed', attempts: [{ status: null }] })
  expect(receiver.caught).toHaveLength(1)
})

test('a body over 256 KB is silently not sent', async () => {
  await mara('PUT', '/repositories/meadow-goods/storefront-api/pullrequests/4', { description: 'x'.repeat(100_000) })
  await say('too much around me')
  await simulator.flush()
  expect(receiver.caught).toHaveLength(0)
  expect(simulator.deliveries.at(-1)?.state).toBe('too_large')
  await mara('PUT', '/repositories/meadow-goods/storefront-api/pullrequests/4', { description: 'Short again' })
})

test('deliveries are dropped, doubled, delayed and reordered on request', async () => {
  simulator.planWebhookFault({ action: { kind: 'drop' } })
  await say('lost')
  simulator.planWebhookFault({ action: { kind: 'duplicate' } })
  await say('twice')
  await simulator.flush()
  expect(heard()).toEqual(['twice', 'twice'])
  expect(new Set(receiver.caught.map((one) => one.headers['x-request-uuid'])).size).toBe(1)
  simulator.planWebhookFault({ times: 2, action: { kind: 'hold' } })
  await say('first')
  await say('second')
  expect(receiver.caught).toHaveLength(2)
  await simulator.flush()
  expect(heard().slice(2)).toEqual(['second', 'first'])
  simulator.planWebhookFault({ action: { kind: 'delay', ms: 100 } })
  const before = performance.now()
  await say('late')
  await simulator.flush()
  expect(performance.now() - before).toBeGreaterThan(95)
})

test('an inactive hook and one for other events hear nothing', async () => {
  await mara('PUT', `/repositories/meadow-goods/storefront-api/hooks/${encodeURIComponent(hookUuid)}`, {
    active: false,
  })
  await say('anyone?')
  await simulator.flush()
  expect(simulator.deliveries).toHaveLength(0)
})

test('the log of deliveries keeps the newest, and says how many are gone', async () => {
  await say('first')
  const [first] = simulator.deliveries
  if (first === undefined) throw new Error('nothing was delivered')
  simulator.deliveries.push(...Array.from({ length: 4999 }, () => first))
  await say('last')
  expect([simulator.deliveries.length, simulator.sim.forgotten.deliveries]).toEqual([2501, 2500])
  expect(simulator.deliveries.at(-1)?.body).toContain('last')
})
