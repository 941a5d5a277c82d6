import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { at } from '../shared/json.ts'
import { openReceiver, type Receiver } from '../shared/receiver.ts'
import { type Simulator, startSimulator } from './simulator.ts'
import { type Ask, askAs, asker } from './try-api.ts'
import { type Control, controlOf } from './try-control.ts'

let simulator: Simulator
let receiver: Receiver
let control: Control
let mara: Ask
const shop = '/repositories/meadow-goods/storefront-api'
const service = '/repositories/meadow-goods/invoice-service'
const comments = `${shop}/pullrequests/4/comments`
const target = { type: 'pipeline_ref_target', ref_type: 'branch', ref_name: 'main' }

beforeEach(async () => {
  simulator = await startSimulator({ repositories: 0, control: true })
  receiver = await openReceiver()
  control = controlOf(simulator)
  mara = askAs(simulator, 'mara-lind')
  await clock({ set: '2027-01-01T00:00:00Z' })
})
afterEach(async () => {
  await simulator.close()
  await receiver.close()
})

const clock = async (body: unknown) => (await control('POST', '/clock', body)).body
const say = async (raw = 'x') => await mara('POST', comments, { content: { raw } })
const now = async () => (await control('GET', '/clock')).at('now')
const waiting = async () => Number((await control('GET', '/clock')).at('waiting'))

describe('one move', () => {
  test('brings every attempt of a webhook, however long the receiver takes to answer', async () => {
    await mara('POST', `${shop}/hooks`, { url: receiver.url, events: ['pullrequest:comment_created'] })
    await control('POST', '/switches', { webhookRetryDelayMs: 300_000 })
    receiver.delayMs = 40
    receiver.answers.push(500, 500)
    await say()
    await clock({ advance: 3600 })
    expect(receiver.caught.map((one) => one.headers['x-attempt-number'])).toEqual(['1', '2', '3'])
    expect(simulator.deliveries[0]?.state).toBe('delivered')
    expect(await waiting()).toBe(0)
  })

  test('brings a pipeline to its end, with its webhooks and what is tried again of them', async () => {
    const events = ['repo:commit_status_created', 'repo:commit_status_updated']
    await mara('POST', `${service}/hooks`, { url: receiver.url, events })
    await control('POST', '/switches', { pipelines: { stepMs: 60_000 }, webhookRetryDelayMs: 300_000 })
    receiver.answers.push(200, 500, 503)
    expect((await mara('POST', `${service}/pipelines`, { target })).status).toBe(201)
    await clock({ advance: 86_400 })
    const heard = receiver.caught.map((one) => [
      at(one.body, 'commit_status', 'state'),
      one.headers['x-attempt-number'],
    ])
    expect(heard).toEqual([
      ['INPROGRESS', '1'],
      ['SUCCESSFUL', '1'],
      ['SUCCESSFUL', '2'],
      ['SUCCESSFUL', '3'],
    ])
  })

  test('carries a delayed request out when its time has come, and not later', async () => {
    for (const ms of [20_000, 10_000])
      await control('POST', '/faults', { path: '*/comments', action: { kind: 'delay', ms } })
    const said: ReturnType<typeof say>[] = []
    for (const count of [1, 2]) {
      said.push(say())
      while ((await waiting()) < count) expect(receiver.caught).toEqual([])
    }
    await clock({ advance: 60 })
    const times = (await Promise.all(said)).map((one) => String(one.at('created_on')).slice(0, 19))
    expect(times).toEqual(['2027-01-01T00:00:20', '2027-01-01T00:00:10'])
  })

  test('does not wait for a caller who has gone', async () => {
    await control('POST', '/faults', { path: '/2.0/user', action: { kind: 'delay', ms: 10_000 } })
    const gone = new AbortController()
    const asked = fetch(`${simulator.api}/user`, { signal: gone.signal }).catch(() => 'gone')
    while ((await waiting()) === 0) expect(receiver.caught).toEqual([])
    gone.abort()
    expect(await asked).toBe('gone')
    expect(await clock({ advance: 60 })).toMatchObject({ now: '2027-01-01T00:01:00.000Z', waiting: 0 })
  })

  test('waits for a receiver no longer than its time-out', async () => {
    await mara('POST', `${shop}/hooks`, { url: receiver.url, events: ['pullrequest:comment_created'] })
    await control('POST', '/switches', { webhookTimeoutMs: 50 })
    receiver.delayMs = 5000
    await say()
    await clock({ advance: 60 })
    expect(simulator.deliveries[0]?.state).toBe('failed')
  })

  test('waits for the one before: they neither undo nor overtake each other', async () => {
    await control('POST', '/switches', { webhookRetryDelayMs: 60_000 })
    await mara('POST', `${shop}/hooks`, { url: receiver.url, events: ['pullrequest:comment_created'] })
    receiver.answers.push(500, 500)
    await say()
    const moves = [{ advance: 100 }, { advance: 200 }, { advance: 300 }].map(clock)
    expect((await Promise.all(moves)).map((one) => at(one, 'now')).toSorted()).toHaveLength(3)
    expect(await now()).toBe('2027-01-01T00:10:00.000Z')
    expect(receiver.caught).toHaveLength(3)
  })

  test('of years runs schedules on the last week of its way, by the minute', async () => {
    const schedule = {
      target: { ...target, selector: { type: 'default' } },
      enabled: true,
      cron_pattern: '0 30 6 * * ? *',
    }
    const made = await mara('POST', `${service}/pipelines_config/schedules`, schedule)
    expect(made.status).toBe(201)
    const executions = `${service}/pipelines_config/schedules/${encodeURIComponent(String(made.at('uuid')))}/executions`
    await clock({ advance: 2 * 86_400 })
    expect((await mara('GET', executions)).values).toHaveLength(2)
    await clock({ set: '2029-06-01T00:00:00Z' })
    expect((await mara('GET', executions)).values).toHaveLength(9)
    await clock({ set: '2026-12-01T00:00:00Z' })
    await clock({ advance: 86_400 })
    expect((await mara('GET', `${executions}?pagelen=100`)).values).toHaveLength(10)
  })
})

describe('set back', () => {
  test('a pipeline and a webhook have as long to wait as before', async () => {
    await control('POST', '/switches', { pipelines: { stepMs: 60_000 }, webhookRetryDelayMs: 300_000 })
    await mara('POST', `${shop}/hooks`, { url: receiver.url, events: ['pullrequest:comment_created'] })
    const { uuid } = simulator.sim.repositories.find((one) => one.slug === 'invoice-service') ?? {}
    expect(uuid).toBeDefined()
    const pipeline = String((await mara('POST', `${service}/pipelines`, { target })).at('uuid'))
    const state = async () =>
      (await mara('GET', `${service}/pipelines/${encodeURIComponent(pipeline)}`)).at('state', 'name')
    receiver.answers.push(500)
    await say()
    await clock({ advance: 20 })
    await clock({ set: '2020-01-01T00:00:00Z' })
    await clock({ advance: 30 })
    expect([await state(), receiver.caught.length]).toEqual(['IN_PROGRESS', 1])
    await clock({ advance: 300 })
    expect([await state(), receiver.caught.length]).toEqual(['COMPLETED', 2])
  })

  test('a token ends when it was said to end', async () => {
    const credential = simulator.sim.credentials.find((one) => one.token === simulator.users[1]?.api_token)
    if (credential !== undefined) credential.expiresAt = Date.UTC(2027, 0, 2)
    const status = async () => (await askAs(simulator, 'tomas-okoye')('GET', '/user')).status
    expect(await status()).toBe(200)
    await clock({ set: '2027-01-03T00:00:00Z' })
    expect(await status()).toBe(401)
    await clock({ set: '2027-01-01T12:00:00Z' })
    expect(await status()).toBe(200)
  })
})

test('a clock that is told nonsense says what is wrong, and stands', async () => {
  const nonsense: [unknown, RegExp][] = [
    [{ advance: 1e18 }, /end of 2099/],
    [{ advance: -1 }, /^advance must be at least 0/],
    [{ advance: '60' }, /^advance must be a number/],
    [{ advance: null }, /^advance must be a number/],
    [{ set: '1969-12-31T23:59:59Z' }, /1970/],
    [{ set: '2100-01-01T00:00:00Z' }, /end of 2099/],
    [{ set: '9999-99-99T00:00:00Z' }, /^set must be a date and time/],
    [{ set: 1_900_000_000 }, /^set must be/],
    [{ run: false }, /^run must be true/],
    [{ set: '2027-01-01T00:00:00Z', run: true }, /one of set, advance and run/],
    [{}, /one of set, advance and run/],
    [{ advanced: 1 }, /"advanced"/],
    ['{"advance": 1', /no JSON/],
    ['[]', /must be an object/],
  ]
  for (const [body, problem] of nonsense) {
    const reply = await asker(simulator, undefined)('POST', `${simulator.control}/clock`, body)
    expect([reply.status, reply.at('problem')]).toEqual([400, expect.stringMatching(problem)])
  }
  expect(await now()).toBe('2027-01-01T00:00:00.000Z')
})
