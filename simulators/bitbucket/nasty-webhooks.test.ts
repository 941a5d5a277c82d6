import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { at } from '../shared/json.ts'
import { openReceiver, type Receiver } from '../shared/receiver.ts'
import { type Simulator, startSimulator } from './simulator.ts'
import { type Ask, askAs } from './try-api.ts'
import { type Control, controlOf } from './try-control.ts'
import { signBody } from './webhooks/sign.ts'

let simulator: Simulator
let receiver: Receiver
let control: Control
let mara: Ask
let hook: string
const shop = '/repositories/meadow-goods/storefront-api'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0, control: true, switches: { webhookRetryDelayMs: 5 } })
  receiver = await openReceiver()
  control = controlOf(simulator)
  mara = askAs(simulator, 'mara-lind')
  const events = ['pullrequest:comment_created', 'pullrequest:comment_updated']
  const made = await mara('POST', `${shop}/hooks`, { url: receiver.url, secret: 'first', events })
  hook = String(made.at('uuid'))
})
afterEach(async () => {
  await control('DELETE', '/faults')
  await control('POST', '/flush')
  receiver.caught.length = 0
  simulator.deliveries.length = 0
})
afterAll(async () => {
  await simulator.close()
  await receiver.close()
})

const say = async (raw: string) => await mara('POST', `${shop}/pullrequests/4/comments`, { content: { raw } })
const heard = () => receiver.caught.map((one) => at(one.body, 'comment', 'content', 'raw'))
const states = async () => {
  const all = (await control('GET', '/deliveries')).body
  return Array.isArray(all) ? all.map((one: unknown) => [at(one, 'state'), at(one, 'fault')]) : []
}

async function plan(action: unknown, times = 1): Promise<void> {
  await control('POST', '/faults', { event: 'pullrequest:*', action, times })
}

test('dropped: nobody hears of it', async () => {
  await plan({ kind: 'drop' })
  await say('lost')
  await say('found')
  await control('POST', '/flush')
  expect(heard()).toEqual(['found'])
  expect(await states()).toEqual([
    ['dropped', 'drop'],
    ['delivered', null],
  ])
})

test('duplicated: twice the same', async () => {
  await plan({ kind: 'duplicate' })
  await say('twice')
  await control('POST', '/flush')
  expect(heard()).toEqual(['twice', 'twice'])
  expect(new Set(receiver.caught.map((one) => one.headers['x-request-uuid'])).size).toBe(1)
})

test('delayed: overtaken by the next', async () => {
  await plan({ kind: 'delay', ms: 150 })
  await say('slow')
  await say('quick')
  await control('POST', '/flush')
  expect(heard()).toEqual(['quick', 'slow'])
})

test('held: sent after the next one, or when flushed, newest first', async () => {
  await plan({ kind: 'hold' })
  await say('first')
  expect(await states()).toEqual([['held', 'hold']])
  await say('second')
  await control('POST', '/flush')
  expect(heard()).toEqual(['second', 'first'])
  await plan({ kind: 'hold' }, 2)
  await say('third')
  await say('fourth')
  await control('POST', '/flush')
  expect(heard().slice(2)).toEqual(['fourth', 'third'])
})

test('unsigned', async () => {
  await plan({ kind: 'unsigned' })
  await say('x')
  await control('POST', '/flush')
  expect(receiver.caught).toHaveLength(1)
  expect(receiver.caught[0]?.headers['x-hub-signature']).toBeUndefined()
})

test('signed with the old secret: the one before, or a wrong one', async () => {
  await plan({ kind: 'old_secret' })
  await say('x')
  await control('POST', '/flush')
  const sent = () => receiver.caught.at(-1)
  expect(sent()?.headers['x-hub-signature']).toBe(signBody('first-before', sent()?.raw ?? ''))
  await mara('PUT', `${shop}/hooks/${encodeURIComponent(hook)}`, { secret: 'second' })
  await plan({ kind: 'old_secret' })
  await say('y')
  await control('POST', '/flush')
  expect(sent()?.headers['x-hub-signature']).toBe(signBody('first', sent()?.raw ?? ''))
  await say('z')
  await control('POST', '/flush')
  expect(sent()?.headers['x-hub-signature']).toBe(signBody('second', sent()?.raw ?? ''))
})

test('by chance: the same seed, the same fates', async () => {
  const fates = async (seed: number) => {
    simulator.deliveries.length = 0
    await control('DELETE', '/faults')
    const actions = [{ kind: 'drop' }, { kind: 'duplicate' }]
    await control('POST', '/faults', { event: '*', plan: { kind: 'chance', probability: 0.5, seed, actions } })
    for (let round = 0; round < 12; round += 1) await say(`round ${round}`)
    await control('POST', '/flush')
    return await states()
  }
  const [one, again, other] = [await fates(3), await fates(3), await fates(8)]
  expect(again).toEqual(one)
  expect(other).not.toEqual(one)
  expect(one.some(([, fault]) => fault !== null)).toBe(true)
})

test('a hook that somebody disables or removes hears no more', async () => {
  await control('POST', '/changes', { what: 'hook', uuid: hook, active: false })
  await say('anyone?')
  await control('POST', '/changes', { what: 'hook', uuid: hook, active: true })
  await say('there again')
  await control('POST', '/changes', { what: 'hook', uuid: hook, deleted: true })
  await say('gone')
  await control('POST', '/flush')
  expect(heard()).toEqual(['there again'])
  expect((await mara('GET', `${shop}/hooks/${encodeURIComponent(hook)}`)).status).toBe(404)
})
