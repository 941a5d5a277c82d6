import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openReceiver, type Receiver } from '../shared/receiver.ts'
import { type Simulator, startSimulator } from './simulator.ts'
import { defaultSwitches } from './switches.ts'
import { type Ask, askAs, asker } from './try-api.ts'

let modern: Simulator
let legacy: Simulator
let receiver: Receiver
let mara: Ask
const shop = '/repositories/meadow-goods/storefront-api'

beforeAll(async () => {
  modern = await startSimulator({ repositories: 0 })
  legacy = await startSimulator({ repositories: 0, mode: 'legacy' })
  receiver = await openReceiver()
  mara = askAs(modern, 'mara-lind')
})
afterEach(() => {
  Object.assign(modern.switches, defaultSwitches())
  receiver.caught.length = 0
})
afterAll(async () => {
  await modern.close()
  await legacy.close()
  await receiver.close()
})

test('anonymousStatus hides private resources instead of asking for a login', async () => {
  modern.switches.anonymousStatus = 404
  const reply = await asker(modern, undefined)('GET', shop)
  expect([reply.status, reply.at('error', 'message')]).toEqual([
    404,
    'Repository meadow-goods/storefront-api not found',
  ])
})

test('issueEvents2026 lets a dead subscription in', async () => {
  const body = { url: receiver.url, events: ['issue:created'] }
  expect((await mara('POST', `${shop}/hooks`, body)).status).toBe(400)
  modern.switches.issueEvents2026 = 'inert'
  expect((await mara('POST', `${shop}/hooks`, body)).status).toBe(201)
})

test('taskWebhooks makes tasks heard as an updated pull request', async () => {
  await mara('POST', `${shop}/hooks`, { url: receiver.url, events: ['pullrequest:updated'] })
  await mara('POST', `${shop}/pullrequests/4/tasks`, { content: { raw: 'quiet' } })
  await modern.flush()
  expect(receiver.caught).toHaveLength(0)
  modern.switches.taskWebhooks = true
  await mara('POST', `${shop}/pullrequests/4/tasks`, { content: { raw: 'loud' } })
  await modern.flush()
  expect(receiver.caught.map((one) => one.headers['x-event-key'])).toEqual(['pullrequest:updated'])
})

test('sameRequestUuidOnRetry gives each attempt its own', async () => {
  await mara('POST', `${shop}/hooks`, { url: receiver.url, events: ['pullrequest:comment_created'] })
  Object.assign(modern.switches, { sameRequestUuidOnRetry: false, webhookRetryDelayMs: 1 })
  receiver.answers.push(500, 500)
  await mara('POST', `${shop}/pullrequests/4/comments`, { content: { raw: 'x' } })
  await modern.flush()
  expect(receiver.caught).toHaveLength(3)
  expect(new Set(receiver.caught.map((one) => one.headers['x-request-uuid'])).size).toBe(3)
})

test('deprecationHeaders announce the end of the tracker', async () => {
  const ask = askAs(legacy, 'mara-lind')
  expect((await ask('GET', `${shop}/issues`)).headers.get('sunset')).toBeNull()
  legacy.switches.deprecationHeaders = true
  const reply = await ask('GET', `${shop}/issues`)
  expect([reply.headers.get('sunset'), reply.headers.get('deprecation')]).toEqual([
    'Fri, 21 Aug 2026 00:00:00 GMT',
    '@1771545600',
  ])
  expect(reply.headers.get('link')).toContain('changelog#CHANGE-3071>; rel="deprecation"')
})

test('browsers may call from anywhere', async () => {
  const reply = await asker(modern, undefined)('OPTIONS', shop)
  expect([reply.status, reply.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
})
