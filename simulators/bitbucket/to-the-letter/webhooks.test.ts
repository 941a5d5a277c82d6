import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { askAs, asker } from '../try-api.ts'
import { askWith } from './try-credentials.ts'
import { events, ofWorkspace, shop, tryHooks } from './try-hooks.ts'

const here = tryHooks()
const { mara, hook, say, header } = here

describe('subscriptions', () => {
  test('show everything but the secret', async () => {
    const path = await hook({ secret: 'shh', skip_cert_verification: true })
    const reply = await mara('GET', path)
    expect(reply.body).toEqual({
      type: 'webhook_subscription',
      uuid: expect.stringMatching(/^\{[0-9a-f-]{36}\}$/),
      url: here.receiver.url,
      description: 'd',
      subject_type: 'repository',
      subject: expect.objectContaining({ type: 'repository', full_name: 'meadow-goods/storefront-api' }),
      active: true,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      events,
      secret_set: true,
      skip_cert_verification: true,
      history_enabled: false,
      read_only: false,
      source: null,
      links: { self: { href: expect.stringContaining(path) } },
    })
    expect((await mara('GET', `${shop}/hooks`)).text).not.toContain('shh')
  })

  test('of a workspace hear every repository in it', async () => {
    expect((await mara('GET', await hook({}, ofWorkspace))).at('subject')).toMatchObject({ type: 'workspace' })
    await say()
    await mara('POST', '/repositories/meadow-goods/ledger-core/pullrequests/3/comments', { content: { raw: 'x' } })
    await here.simulator.flush()
    expect(here.receiver.caught.map((one) => at(one.body, 'repository', 'name'))).toEqual([
      'storefront-api',
      'ledger-core',
    ])
  })

  test('keep a secret that is left out, and lose one that is null or empty', async () => {
    const path = await hook({ secret: 'first' })
    const put = async (body: unknown) => (await mara('PUT', path, body)).at('secret_set')
    expect(await put({ description: 'other' })).toBe(true)
    await say()
    expect(header('x-hub-signature')).toHaveLength(1)
    expect(await put({ secret: null })).toBe(false)
    expect(await put({ secret: 'second' })).toBe(true)
    expect(await put({ secret: '' })).toBe(false)
    await say()
    expect(header('x-hub-signature')[1]).toBeUndefined()
    expect((await mara('PUT', path, { secret: 'x'.repeat(128) })).status).toBe(200)
    expect((await mara('PUT', path, { secret: 'x'.repeat(129) })).status).toBe(400)
  })

  test('are at most fifty for a subject', async () => {
    for (let count = 0; count < 50; count += 1) await hook()
    expect((await mara('POST', `${shop}/hooks`, { url: here.receiver.url, events })).status).toBe(400)
    await hook({}, ofWorkspace)
  })

  test.each([
    [['pullrequest:created'], ['webhook'], ['webhook', 'pullrequest']],
    [['repo:push'], ['webhook'], ['webhook', 'repository']],
    [
      ['repo:push', 'pullrequest:created'],
      ['webhook', 'repository'],
      ['webhook', 'repository', 'pullrequest'],
    ],
    [['pipeline:span_created'], ['webhook', 'repository'], ['webhook', 'pipeline']],
  ])('to %j need more than %j', async (wanted, scopes, required) => {
    const ask = askWith(here.simulator, { kind: 'oauth', scopes, consumerKey: 'k' })
    const reply = await ask('POST', `${shop}/hooks`, { url: here.receiver.url, events: wanted })
    expect([reply.status, reply.at('error', 'detail')]).toEqual([403, { required, granted: scopes }])
    const enough = askWith(here.simulator, { kind: 'oauth', scopes: [...scopes, ...required], consumerKey: 'k' })
    expect((await enough('POST', `${shop}/hooks`, { url: here.receiver.url, events: wanted })).status).toBe(201)
    expect((await ask('GET', `${shop}/hooks`)).status).toBe(200)
  })

  test('are for administrators of the repository and owners of the workspace', async () => {
    const tomas = askAs(here.simulator, 'tomas-okoye')
    for (const path of [`${shop}/hooks`, ofWorkspace]) {
      expect((await tomas('GET', path)).status).toBe(403)
      expect((await tomas('POST', path, { url: here.receiver.url, events })).status).toBe(403)
    }
  })

  test('never leave the public internet where the switch is off', async () => {
    here.simulator.switches.allowPrivateHookUrls = false
    for (const url of [
      'http://10.0.0.1/',
      'http://192.168.1.1/',
      'http://169.254.169.254/',
      'http://weir/',
      'http://[fd00::1]/',
    ]) {
      const reply = await mara('POST', `${shop}/hooks`, { url, events })
      expect([url, reply.status, Object.keys(Object(reply.at('error', 'fields')))]).toEqual([url, 400, ['url']])
    }
  })

  test('the events are public and each is described', async () => {
    const reply = await asker(here.simulator, undefined)('GET', '/hook_events/repository?pagelen=100')
    for (const one of reply.values)
      expect(Object.keys(Object(one)).toSorted()).toEqual(['category', 'description', 'event', 'label'])
    const names = (list: unknown[]) => list.map((one) => at(one, 'event'))
    const wider = await asker(here.simulator, undefined)('GET', '/hook_events/workspace?pagelen=100')
    expect(names(reply.values)).not.toContain('repo:created')
    expect(names(wider.values)).toEqual(
      expect.arrayContaining([...names(reply.values), 'repo:created', 'repo:deleted']),
    )
  })

  test('to the removed tracker are refused, or let in and never heard of', async () => {
    const body = { url: here.receiver.url, events: ['issue:created'] }
    expect((await mara('POST', `${shop}/hooks`, body)).status).toBe(400)
    here.simulator.switches.issueEvents2026 = 'inert'
    expect((await mara('POST', `${shop}/hooks`, body)).status).toBe(201)
  })
})

describe('a delivery', () => {
  test('has the headers of the remote and a signature by which its bytes are known', async () => {
    const path = await hook({ secret: 'geheim' })
    await say('größe ✓')
    const [one] = here.receiver.caught
    expect(one?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Bitbucket-Webhooks/2.0',
      'x-event-key': 'pullrequest:comment_created',
      'x-attempt-number': '1',
      'x-hook-uuid': decodeURIComponent(path.split('/').at(-1) ?? '').slice(1, -1),
      'x-request-uuid': expect.stringMatching(/^[0-9a-f-]{36}$/),
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
      'x-hub-signature': `sha256=${createHmac('sha256', 'geheim')
        .update(one?.raw ?? '')
        .digest('hex')}`,
    })
    expect(header('x-hub-signature-256')).toEqual([undefined])
  })

  test.each([
    [[500, 502, 503, 200], ['1', '2', '3'], 'failed'],
    [[500, 200], ['1', '2'], 'delivered'],
    [[599, 204], ['1', '2'], 'delivered'],
    [[404, 200], ['1'], 'failed'],
    [[410, 200], ['1'], 'failed'],
    [[429, 200], ['1'], 'failed'],
    [[302, 200], ['1'], 'delivered'],
  ])('answered %j is sent with the numbers %j and %s', async (answers, numbers, state) => {
    await hook()
    here.receiver.answers.push(...answers)
    await say()
    expect(header('x-attempt-number')).toEqual(numbers)
    expect(here.simulator.deliveries[0]?.state).toBe(state)
    expect(new Set(header('x-request-uuid')).size).toBe(1)
  })

  test('has a number of its own on each attempt where the switch says so', async () => {
    here.simulator.switches.sameRequestUuidOnRetry = false
    await hook()
    here.receiver.answers.push(500, 200)
    await say()
    expect(new Set(header('x-request-uuid')).size).toBe(2)
  })

  test('that is not answered in time, or by nobody, is only logged; the time is ten seconds', async () => {
    expect(here.simulator.switches.webhookTimeoutMs).toBe(10_000)
    here.simulator.switches.webhookTimeoutMs = 500
    await hook()
    here.receiver.delayMs = 900
    await say()
    expect(here.receiver.caught).toHaveLength(1)
    here.simulator.switches.webhookTimeoutMs = 10_000
    await mara('POST', `${shop}/hooks`, { url: 'http://127.0.0.1:9/', events })
    here.receiver.delayMs = 0
    await say()
    expect(here.simulator.deliveries.map((one) => [one.state, one.attempts.length])).toEqual([
      ['failed', 1],
      ['delivered', 1],
      ['failed', 1],
    ])
  })

  test('over 256 KB is silently not sent', async () => {
    await hook()
    await mara('PUT', `${shop}/pullrequests/4`, { description: 'x'.repeat(130_000) })
    await say()
    expect([here.receiver.caught.length, here.simulator.deliveries.at(-1)?.state]).toEqual([0, 'too_large'])
    await mara('PUT', `${shop}/pullrequests/4`, { description: 'Short again' })
  })

  test('stops when the hook only fails, where the switch says so', async () => {
    const path = await hook()
    here.receiver.answers.push(404, 404, 404)
    for (let count = 0; count < 3; count += 1) await say()
    expect((await mara('GET', path)).at('active')).toBe(true)
    here.simulator.switches.disableHookAfterFailures = 2
    here.receiver.answers.push(404)
    await say()
    expect((await mara('GET', path)).at('active')).toBe(false)
    await say()
    expect(here.receiver.caught).toHaveLength(4)
  })
})
