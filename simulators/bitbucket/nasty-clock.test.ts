import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { at } from '../shared/json.ts'
import { openReceiver, type Receiver } from '../shared/receiver.ts'
import { type Simulator, startSimulator } from './simulator.ts'
import { type Ask, askAs, asker, basic } from './try-api.ts'
import { type Control, controlOf } from './try-control.ts'

let simulator: Simulator
let control: Control
let mara: Ask
const shop = '/repositories/meadow-goods/storefront-api'
const comments = `${shop}/pullrequests/4/comments`

async function start(mode: '2026' | 'legacy'): Promise<void> {
  simulator = await startSimulator({ repositories: 0, control: true, mode })
  control = controlOf(simulator)
  mara = askAs(simulator, 'mara-lind')
}
afterEach(async () => await simulator.close())

const clock = async (body: unknown) => (await control('POST', '/clock', body)).body
const say = async () => await mara('POST', comments, { content: { raw: 'x' } })

describe('a clock driven by hand', () => {
  beforeEach(async () => await start('2026'))

  test('stands, is what timestamps and the Date header say, and runs on from there', async () => {
    expect((await control('GET', '/clock')).at('driven')).toBe('by_itself')
    expect(await clock({ set: '2031-05-06T07:08:09Z' })).toEqual({
      now: '2031-05-06T07:08:09.000Z',
      driven: 'by_hand',
      waiting: 0,
      next: null,
    })
    const said = await say()
    expect(said.headers.get('date')).toBe('Tue, 06 May 2031 07:08:09 GMT')
    expect(said.at('created_on')).toMatch(/^2031-05-06T07:08:09\.0000/)
    expect(await clock({ advance: 90.5 })).toMatchObject({ now: '2031-05-06T07:09:39.500Z' })
    expect(await clock({ run: true })).toMatchObject({ driven: 'by_itself' })
    expect((await say()).at('created_on')).toMatch(/^2031-05-06T07:09:39\.[5-9]/)
  })

  test('can go back, and timestamps with it', async () => {
    await clock({ set: '2031-05-06T07:08:09Z' })
    await say()
    await clock({ set: '2026-12-01T00:00:00Z' })
    expect((await say()).at('created_on')).toMatch(/^2026-12-01T00:00:00\.0000/)
  })

  test('credentials expire and budgets refill by it', async () => {
    await clock({ set: '2027-01-01T00:00:00Z' })
    await control('POST', '/switches', { rateLimits: { api: 1 } })
    expect([(await mara('GET', shop)).status, (await mara('GET', shop)).status]).toEqual([200, 429])
    await clock({ advance: 3601 })
    expect((await mara('GET', shop)).status).toBe(200)
  })

  test('a delayed request waits for it', async () => {
    await clock({ advance: 0 })
    await control('POST', '/faults', { path: '/2.0/user', action: { kind: 'delay', ms: 3_600_000 } })
    let isAnswered = false
    const asked = mara('GET', '/user').then((reply) => {
      isAnswered = true
      return reply.status
    })
    while ((await control('GET', '/clock')).at('waiting') !== 1) expect(isAnswered).toBe(false)
    await clock({ advance: 3599 })
    expect(isAnswered).toBe(false)
    await clock({ advance: 1 })
    expect(await asked).toBe(200)
  })

  test('what waits for a running clock waits for the hand as soon as it is there', async () => {
    await control('POST', '/faults', { path: '/2.0/user', action: { kind: 'delay', ms: 60_000 } })
    const asked = mara('GET', '/user')
    while ((await control('GET', '/clock')).at('waiting') !== 1) expect(simulator.requests).toHaveLength(0)
    await clock({ advance: 61 })
    expect((await asked).status).toBe(200)
  })

  describe('and webhooks', () => {
    let receiver: Receiver
    beforeEach(async () => {
      receiver = await openReceiver()
      await mara('POST', `${shop}/hooks`, { url: receiver.url, events: ['pullrequest:comment_created'] })
      await clock({ set: '2027-01-01T00:00:00Z' })
      await control('POST', '/switches', { webhookRetryDelayMs: 300_000 })
    })
    afterEach(async () => await receiver.close())

    test('are tried again when it says so, and a flush does not wait for that', async () => {
      receiver.answers.push(500, 500)
      await say()
      await control('POST', '/flush')
      expect(receiver.caught).toHaveLength(1)
      expect((await control('GET', '/clock')).at('next')).toBe('2027-01-01T00:05:00.000Z')
      await clock({ advance: 299 })
      await control('POST', '/flush')
      expect(receiver.caught).toHaveLength(1)
      await clock({ advance: 1 })
      await control('POST', '/flush')
      expect(receiver.caught).toHaveLength(2)
      await clock({ advance: 300 })
      await control('POST', '/flush')
      expect(receiver.caught.map((one) => one.headers['x-attempt-number'])).toEqual(['1', '2', '3'])
      expect(simulator.deliveries[0]?.state).toBe('delivered')
    })

    test('of a pipeline come when it gets there, whether or not anybody looks', async () => {
      const base = '/repositories/meadow-goods/invoice-service'
      const events = ['repo:commit_status_created', 'repo:commit_status_updated']
      await mara('POST', `${base}/hooks`, { url: receiver.url, events })
      await control('POST', '/switches', { pipelines: { result: 'FAILED', stepMs: 60_000 } })
      const target = { type: 'pipeline_ref_target', ref_type: 'branch', ref_name: 'main' }
      expect((await mara('POST', `${base}/pipelines`, { target })).status).toBe(201)
      const heard = async () => {
        await control('POST', '/flush')
        return receiver.caught.map((one) => at(one.body, 'commit_status', 'state'))
      }
      expect(await heard()).toEqual(['INPROGRESS'])
      await clock({ advance: 50 })
      expect(await heard()).toEqual(['INPROGRESS'])
      await clock({ advance: 20 })
      expect(await heard()).toEqual(['INPROGRESS', 'FAILED'])
    })

    test('are delayed by it', async () => {
      await control('POST', '/faults', { event: '*', action: { kind: 'delay', ms: 60_000 } })
      await say()
      await control('POST', '/flush')
      expect(receiver.caught).toHaveLength(0)
      await clock({ advance: 60 })
      await control('POST', '/flush')
      expect(receiver.caught).toHaveLength(1)
    })
  })
})

test('a skewed clock is wrong in the Date header and in timestamps alone', async () => {
  await start('2026')
  await clock({ set: '2027-01-01T12:00:00Z' })
  await control('POST', '/switches', { clockSkewMs: -900_000 })
  const said = await say()
  expect(said.headers.get('date')).toBe('Fri, 01 Jan 2027 11:45:00 GMT')
  expect(said.at('created_on')).toMatch(/^2027-01-01T11:45:00/)
  expect(simulator.requests.at(-1)?.at).toBe('2027-01-01T12:00:00.000Z')
})

describe('brown-outs', () => {
  beforeEach(async () => await start('legacy'))

  test('refuse app passwords and issues in the first minutes of every sixth hour', async () => {
    await control('POST', '/switches', { brownOutMinutes: { appPasswords: 15, issues: 30 } })
    const { username, password } = simulator.app_password
    const ask = asker(simulator, basic(username, password))
    const seen = async (time: string) => {
      await clock({ set: `2026-06-09T${time}:00Z` })
      const git = await asker(simulator, basic(username, password))(
        'GET',
        `${simulator.web}/meadow-goods/storefront-api.git/info/refs?service=git-upload-pack`,
      )
      return [(await ask('GET', '/user')).status, git.status, (await mara('GET', `${shop}/issues`)).status]
    }
    expect(await seen('05:59')).toEqual([200, 200, 200])
    expect(await seen('06:00')).toEqual([401, 410, 410])
    expect(await seen('06:15')).toEqual([200, 200, 410])
    expect(await seen('06:30')).toEqual([200, 200, 200])
    expect(await seen('18:14')).toEqual([401, 410, 410])
    expect((await mara('GET', `${shop}/issues`)).at('error', 'message')).toBe(
      'CHANGE-3071 - Functionality has been deprecated',
    )
  })

  test('are off unless asked for', async () => {
    await clock({ set: '2026-06-09T00:00:00Z' })
    expect((await mara('GET', `${shop}/issues`)).status).toBe(200)
  })
})
