import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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

test.each(['tags', 'branches'])('%s below the name of another one cannot be made', async (kind) => {
  const make = async (name: string) => (await yuki('POST', `${base}/refs/${kind}`, { name, target: { hash } })).status
  expect([await make('one'), await make('one/two'), await make('three/four'), await make('three')]).toEqual([
    201, 400, 201, 400,
  ])
})

const long = 'x'.repeat(300_000)

test.each([
  ['POST', 'refs/branches', { name: 'a\u0000b', target: { hash: 'main' } }],
  ['POST', 'refs/branches', { name: long, target: { hash: 'main' } }],
  ['POST', 'refs/branches', { name: 'x'.repeat(5000), target: { hash: 'main' } }],
  ['POST', 'refs/tags', { name: long, target: { hash: 'main' } }],
  ['POST', 'refs/tags', { name: 'fresh', target: { hash: 'ma\u0000in' } }],
  ['POST', 'refs/tags', { name: 'fresh', target: { hash: long } }],
  ['POST', 'commits', { include: [long] }],
  ['POST', 'commits', { include: ['ma\u0000in'] }],
  ['POST', 'pullrequests', { title: 'x', source: { branch: { name: long } } }],
  ['POST', 'pullrequests', { title: 'x', source: { branch: { name: 'a\u0000b' } } }],
  ['GET', 'refs/branches/a%00b', undefined],
  ['DELETE', 'refs/tags/a%00b', undefined],
  ['GET', 'commit/a%00b', undefined],
  ['GET', 'commits/a%00b', undefined],
  ['GET', 'diff/main..a%00b', undefined],
  ['GET', 'src/a%00b/x', undefined],
])('what is no name is refused: %s %s', async (method, path, body) => {
  const reply = await yuki(method, `${base}/${path}`, body)
  expect([reply.status, reply.at('type')]).toEqual([expect.toBeOneOf([400, 404]), 'error'])
})

test.each([
  '-n1',
  '--all',
  '--output=stolen',
  '@',
  'main@{0}',
  '@{-1}',
  ':/Add',
  'main^',
  'main~1',
  'main^{tree}',
  '^main',
  'main..main',
])('%s is no revision', async (text) => {
  const asked = ['commit', 'commits', 'src', 'merge-base'].map((where) => `${where}/${encodeURIComponent(text)}`)
  const statuses: number[] = []
  for (const path of asked) statuses.push((await yuki('GET', `${base}/${path}`)).status)
  expect(statuses).toEqual(asked.map((path) => (path === 'merge-base/main..main' ? 200 : 404)))
})

test('a branch cannot pass for a commit or for another branch', async () => {
  const other = String((await yuki('GET', `${base}/commits/main`)).values.map((one) => at(one, 'hash'))[1])
  for (const name of [hash, 'refs/heads/main', 'HEAD'])
    await yuki('POST', `${base}/refs/branches`, { name, target: { hash: other } })
  for (const name of [hash, 'refs/heads/main', 'HEAD'])
    expect((await yuki('GET', `${base}/commit/${encodeURIComponent(name)}`)).at('hash')).toBe(hash)
})

test('a message keeps what git would take for a comment', async () => {
  const name = 'hash-sign'
  const made = await yuki('POST', `${base}/refs/tags`, { name, message: '# Ten\n\nall', target: { hash } })
  expect(made.at('message')).toBe('# Ten\n\nall\n')
})

test('a ref that git cannot let go of stays, and the caller hears of it', async () => {
  const directory = simulator.sim.repositories.find(({ slug }) => slug === 'invoice-service')?.directory ?? ''
  await yuki('POST', `${base}/refs/branches`, { name: 'held', target: { hash } })
  const lock = join(directory, 'refs', 'heads', 'held.lock')
  await writeFile(lock, '')
  const refused = await yuki('DELETE', `${base}/refs/branches/held`)
  expect([refused.status, refused.at('error', 'message')]).toEqual([409, 'Branch "held" cannot be deleted now.'])
  expect((await yuki('GET', `${base}/refs/branches/held`)).status).toBe(200)
  await rm(lock)
  expect((await yuki('DELETE', `${base}/refs/branches/held`)).status).toBe(204)
})

test('many commits can be named at once', async () => {
  const include = Array.from({ length: 3000 }, () => hash)
  expect((await yuki('POST', `${base}/commits?pagelen=1`, { include })).values).toHaveLength(1)
})

test('branches are listed as git sorts them, each at its commit', async () => {
  const names = ['z,', 'z,y', 'Ö', 'ﬁ', '😀', 'A', 'a-b', 'a.b', 'ab']
  for (const name of names) await yuki('POST', `${base}/refs/branches`, { name, target: { hash } })
  const [branches, refs] = await Promise.all([
    yuki('GET', `${base}/refs/branches?pagelen=100`),
    yuki('GET', `${base}/refs?q=type="branch"&pagelen=100`),
  ])
  expect(branches.values).toEqual(refs.values.filter((one) => at(one, 'type') === 'branch'))
  expect(branches.values.map((one) => at(one, 'name'))).toEqual(expect.arrayContaining(names))
  const mara = askAs(simulator, 'mara-lind')
  await mara('POST', '/repositories/meadow-goods/empty', { project: { key: 'FIN' } })
  const empty = await mara('GET', '/repositories/meadow-goods/empty/refs/branches')
  expect([empty.status, empty.values]).toEqual([200, []])
})
