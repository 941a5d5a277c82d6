import { afterEach, beforeEach, expect, test } from 'vitest'
import type { WebhookAction } from '../../shared/fault-plan.ts'
import { at } from '../../shared/json.ts'
import { openReceiver, type Receiver } from '../../shared/receiver.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs, says } from '../try-api.ts'
import { signBody } from './sign.ts'

let simulator: Simulator
let receiver: Receiver
let mara: Ask
let tomas: Ask
const hooks = '/rest/webhooks/1.0/webhook'

beforeEach(async () => {
  simulator = await startSimulator({ switches: { webhookRetryDelayMs: 2, commentsRaiseIssueUpdated: false } })
  receiver = await openReceiver()
  mara = askAs(simulator, 'mara')
  tomas = askAs(simulator, 'tomas')
})
afterEach(async () => {
  await simulator.close()
  await receiver.close()
})

const allEvents = [
  'jira:issue_created',
  'jira:issue_updated',
  'jira:issue_deleted',
  'comment_created',
  'comment_updated',
  'comment_deleted',
]

async function hook(change: object = {}): Promise<string> {
  const made = await mara('POST', hooks, {
    name: 'Sync',
    url: receiver.url,
    secret: 'top',
    events: allEvents,
    ...change,
  })
  expect(made.status).toBe(201)
  return String(made.at('self')).split('/').at(-1) ?? ''
}

async function say(text: string): Promise<void> {
  expect((await tomas('POST', '/issue/SHOP-1/comment', { body: says(text) })).status).toBe(201)
}

function heard(): unknown[] {
  return receiver.caught.map((one) => at(one.body, 'comment', 'body'))
}

function plan(...steps: (WebhookAction | null)[]): void {
  simulator.switches.webhookFaults = [{ event: 'comment_*', plan: { kind: 'script', steps } }]
}

test('a delivery carries the remote’s headers and a signature over its raw bytes', async () => {
  await hook()
  await say('grüße')
  await simulator.flush()
  const [one] = receiver.caught
  expect(one?.headers).toMatchObject({
    'content-type': 'application/json; charset=UTF-8',
    'user-agent': 'Atlassian Webhook HTTP Client',
    'x-atlassian-webhook-identifier': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'x-atlassian-webhook-flow': 'Primary',
    'x-hub-signature': signBody('top', one?.raw ?? ''),
  })
  expect(one?.headers['x-atlassian-webhook-retry']).toBeUndefined()
  expect(one?.body).toMatchObject({
    webhookEvent: 'comment_created',
    timestamp: expect.any(Number),
    comment: { body: 'grüße', author: { displayName: 'Tomas Okoye' } },
    issue: { key: 'SHOP-1', fields: { status: { name: 'In Progress' } } },
  })
})

test('creating, changing, moving and deleting an issue each raise their event', async () => {
  await hook()
  const fields = { project: { key: 'SHOP' }, issuetype: { name: 'Bug' }, summary: 'New', description: says('Text') }
  await tomas('POST', '/issue', { fields })
  await tomas('PUT', '/issue/SHOP-4', { fields: { summary: 'Newer' } })
  await tomas('POST', '/issue/SHOP-4/transitions', { transition: { id: '31' } })
  await tomas('POST', '/issue/SHOP-4/comment', { body: says('x') })
  await mara('DELETE', '/issue/SHOP-4')
  await simulator.flush()
  const byEvent = (name: string) =>
    receiver.caught.filter((one) => at(one.body, 'webhookEvent') === name).map((one) => one.body)
  expect(byEvent('jira:issue_created')).toMatchObject([
    {
      issue_event_type_name: 'issue_created',
      user: { displayName: 'Tomas Okoye' },
      issue: { key: 'SHOP-4', fields: { description: 'Text' } },
    },
  ])
  const updates = byEvent('jira:issue_updated')
  expect(updates).toHaveLength(2)
  expect(updates).toContainEqual(
    expect.objectContaining({
      issue_event_type_name: 'issue_updated',
      changelog: expect.objectContaining({
        items: [expect.objectContaining({ field: 'summary', fromString: 'New', toString: 'Newer' })],
      }),
    }),
  )
  expect(updates).toContainEqual(
    expect.objectContaining({
      issue_event_type_name: 'issue_generic',
      changelog: expect.objectContaining({
        items: [
          expect.objectContaining({ field: 'resolution', toString: 'Done' }),
          expect.objectContaining({ field: 'status', fromString: 'To Do', toString: 'Done' }),
        ],
      }),
    }),
  )
  expect(byEvent('jira:issue_deleted')).toMatchObject([{ issue: { key: 'SHOP-4' } }])
  const gone = receiver.caught.find((one) => at(one.body, 'webhookEvent') === 'comment_deleted')
  expect(gone?.headers['x-atlassian-webhook-flow']).toBe('Secondary')
})

test('a comment also counts as a change of its issue, as the switch says', async () => {
  simulator.switches.commentsRaiseIssueUpdated = true
  await hook({ events: ['jira:issue_updated'] })
  await say('hello')
  await simulator.flush()
  expect(receiver.caught.map((one) => one.body)).toMatchObject([
    { issue_event_type_name: 'issue_commented', comment: { body: 'hello' } },
  ])
})

test('a hook hears its events, of issues its JQL finds, while it is enabled', async () => {
  await hook({ events: ['comment_created'], filters: { 'issue-related-events-section': 'project = LEDG' } })
  await say('not this')
  await tomas('PUT', '/issue/LEDG-1', { fields: { summary: 'nor this' } })
  await tomas('POST', '/issue/LEDG-1/comment', { body: says('this') })
  await simulator.flush()
  expect(heard()).toEqual(['this'])
  const [one] = simulator.sim.hooks
  await mara('PUT', `${hooks}/${one?.id ?? ''}`, { enabled: false })
  await tomas('POST', '/issue/LEDG-1/comment', { body: says('silence') })
  await simulator.flush()
  expect(heard()).toEqual(['this'])
})

test('a filter that names one issue hears of its end, and then harms no other', async () => {
  const made = { project: { key: 'SHOP' }, issuetype: { name: 'Bug' }, summary: 'New' }
  await tomas('POST', '/issue', { fields: made })
  await hook({ filters: { 'issue-related-events-section': 'key = SHOP-4' } })
  expect((await mara('DELETE', '/issue/SHOP-4')).status).toBe(204)
  await say('still possible')
  await simulator.flush()
  expect(receiver.caught.map((one) => at(one.body, 'webhookEvent'))).toEqual(['jira:issue_deleted'])
})

test('by chance deliveries are lost, the same ones for the same seed', async () => {
  simulator.switches.rateLimits.issueWrites2s = 1000
  await hook()
  const lost = async (): Promise<string[]> => {
    simulator.switches.webhookFaults = [
      { event: '*', plan: { kind: 'chance', probability: 0.4, seed: 8, actions: [{ kind: 'drop' }] } },
    ]
    const before = simulator.deliveries.length
    for (let round = 0; round < 12; round += 1) await say(String(round))
    await simulator.flush()
    return simulator.deliveries.slice(before).map((one) => one.state)
  }
  const first = await lost()
  expect(new Set(first)).toEqual(new Set(['dropped', 'delivered']))
  expect(await lost()).toEqual(first)
})

test('the address can name the issue', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is Jira's own notation.
  await hook({ url: `${receiver.url}?issue=\${issue.key}` })
  await say('x')
  await simulator.flush()
  expect(simulator.deliveries[0]?.url).toBe(`${receiver.url}?issue=SHOP-1`)
})

test.each([[408], [409], [425], [429], [500], [503]])('%i is tried again with the same identifier', async (status) => {
  await hook()
  receiver.answers.push(status, status)
  await say('x')
  await simulator.flush()
  expect(receiver.caught.map((one) => one.headers['x-atlassian-webhook-retry'])).toEqual([undefined, '1', '2'])
  expect(new Set(receiver.caught.map((one) => one.headers['x-atlassian-webhook-identifier'])).size).toBe(1)
  expect(simulator.deliveries[0]?.state).toBe('delivered')
})

test('after five more attempts it gives up; other refusals are not tried again', async () => {
  await hook()
  receiver.answers.push(500, 500, 500, 500, 500, 500, 404)
  await say('x')
  await simulator.flush()
  expect(receiver.caught).toHaveLength(6)
  await say('y')
  await simulator.flush()
  expect(receiver.caught).toHaveLength(7)
  expect(simulator.deliveries.map((one) => one.state)).toEqual(['failed', 'failed'])
})

test('a connection that cannot be made is tried again too', async () => {
  await hook({ url: 'http://127.0.0.1:1/nowhere' })
  await say('x')
  await simulator.flush()
  expect(simulator.deliveries[0]?.state).toBe('failed')
  expect(simulator.deliveries[0]?.attempts.map((one) => one.status)).toEqual([null, null, null, null, null, null])
})

test('deliveries are dropped, doubled, unsigned and signed with an old secret, step by step', async () => {
  const id = await hook()
  await mara('PUT', `${hooks}/${id}`, { secret: 'new' })
  plan({ kind: 'drop' }, { kind: 'duplicate' }, { kind: 'unsigned' }, { kind: 'old_secret' }, null)
  for (const text of ['lost', 'twice', 'bare', 'old', 'good']) {
    await say(text)
    await simulator.flush()
  }
  expect(heard()).toEqual(['twice', 'twice', 'bare', 'old', 'good'])
  const ids = receiver.caught.map((one) => one.headers['x-atlassian-webhook-identifier'])
  expect(ids[0]).toBe(ids[1])
  const signatures = receiver.caught.map((one) => one.headers['x-hub-signature'])
  const raw = (index: number) => receiver.caught[index]?.raw ?? ''
  expect(signatures.slice(2)).toEqual([undefined, signBody('top', raw(3)), signBody('new', raw(4))])
  expect(simulator.deliveries[0]?.state).toBe('dropped')
})

test('a held delivery arrives after the next one, or when flushed', async () => {
  await hook()
  plan({ kind: 'hold' }, null, { kind: 'hold' })
  await say('first')
  await say('second')
  await simulator.flush()
  expect(heard()).toEqual(['second', 'first'])
  await say('third')
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(heard()).toHaveLength(2)
  await simulator.flush()
  expect(heard()).toEqual(['second', 'first', 'third'])
})

test('a delayed delivery comes late', async () => {
  await hook()
  plan({ kind: 'delay', ms: 60 })
  const before = performance.now()
  await say('late')
  await simulator.flush()
  expect(performance.now() - before).toBeGreaterThan(55)
})

test('hooks are the site administrators’ alone, never show their secret, and are checked', async () => {
  expect((await tomas('GET', hooks)).status).toBe(403)
  const id = await hook()
  const shown = await mara('GET', `${hooks}/${id}`)
  expect(shown.body).toMatchObject({ name: 'Sync', enabled: true, events: allEvents, isSigned: true })
  expect(shown.text).not.toContain('top')
  for (const change of [
    { events: ['nonsense'] },
    { url: 'nowhere' },
    { name: '' },
    { filters: { 'issue-related-events-section': 'x = 1' } },
  ])
    expect((await mara('POST', hooks, { name: 'Sync', url: receiver.url, events: [], ...change })).status).toBe(400)
  simulator.switches.allowPrivateHookUrls = false
  expect((await mara('POST', hooks, { name: 'Sync', url: receiver.url, events: [] })).status).toBe(400)
  expect((await mara('DELETE', `${hooks}/${id}`)).status).toBe(204)
  expect((await mara('GET', hooks)).body).toEqual([])
})
