import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { openReceiver, type Receiver } from '../../shared/receiver.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'

const base = '/repositories/meadow-goods/invoice-service'
let simulator: Simulator
let receiver: Receiver
let yuki: Ask
let hash: string

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  receiver = await openReceiver()
  yuki = askAs(simulator, 'yuki-brandt')
  await askAs(simulator, 'mara-lind')('POST', `${base}/hooks`, { url: receiver.url, events: ['repo:push'] })
  hash = String((await yuki('GET', `${base}/commit/main`)).at('hash'))
})
afterAll(async () => {
  await simulator.close()
  await receiver.close()
})

test('a tag made through the API is annotated, with a message of its own or the usual one', async () => {
  const made = await yuki('POST', `${base}/refs/tags`, { name: 'v9.0', target: { hash: hash.slice(0, 12) } })
  expect([made.status, made.at('target', 'hash'), made.at('message'), made.at('tagger', 'raw')]).toEqual([
    201,
    hash,
    `Added tag v9.0 for changeset ${hash.slice(0, 12)}\n`,
    'Yuki Brandt <yuki@meadow-goods.example>',
  ])
  const said = await yuki('POST', `${base}/refs/tags`, { name: 'v10.0', message: 'Ten', target: { hash } })
  expect(said.at('message')).toBe('Ten\n')
  await simulator.flush()
  const types = receiver.caught.map((one) => {
    const changes = at(one.body, 'push', 'changes')
    return Array.isArray(changes) ? [at(changes[0], 'new', 'type'), at(changes[0], 'created')] : []
  })
  expect(types).toEqual([
    ['annotated_tag', true],
    ['annotated_tag', true],
  ])
})

test('by name the order is natural, by default it is git’s', async () => {
  for (const name of ['v2.0', 'v1.9']) await yuki('POST', `${base}/refs/tags`, { name, target: { hash } })
  const names = async (query: string) =>
    (await yuki('GET', `${base}/refs/tags?q=name~"v"${query}`)).values
      .map((one) => at(one, 'name'))
      .filter((name) => /^v(1\.9|2\.0|9\.0|10\.0)$/.test(String(name)))
  expect(await names('')).toEqual(['v1.9', 'v10.0', 'v2.0', 'v9.0'])
  expect(await names('&sort=name')).toEqual(['v1.9', 'v2.0', 'v9.0', 'v10.0'])
  expect(await names('&sort=-name')).toEqual(['v10.0', 'v9.0', 'v2.0', 'v1.9'])
})

test('tags are deleted once; the main branch never', async () => {
  expect((await yuki('DELETE', `${base}/refs/tags/v9.0`)).status).toBe(204)
  const again = await yuki('DELETE', `${base}/refs/tags/v9.0`)
  expect([again.status, again.at('error', 'message')]).toEqual([404, 'Tag "v9.0" does not exist'])
  expect((await yuki('DELETE', `${base}/refs/branches/main`)).status).toBe(400)
  expect((await yuki('GET', `${base}/refs/branches/main`)).status).toBe(200)
})

test.each([
  ['tags', { target: { hash: 'main' } }],
  ['tags', { name: 'x' }],
  ['tags', { name: 'x', target: { hash: 'gone' } }],
  ['tags', { name: 'v10.0', target: { hash: 'main' } }],
  ['branches', { name: 'a b', target: { hash: 'main' } }],
  ['branches', { name: 'main', target: { hash: 'main' } }],
])('%s refuse %j', async (kind, body) => {
  expect((await yuki('POST', `${base}/refs/${kind}`, body)).status).toBe(400)
})

test('who may only read can neither make nor delete', async () => {
  const made = await askAs(simulator, 'piet-oosten')('POST', `${base}/refs/tags`, { name: 'x', target: { hash } })
  expect(made.status).toBe(403)
})
