import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { openReceiver, type Receiver } from '../../shared/receiver.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs, basic } from '../try-api.ts'
import { type Clone, openClone, remoteUrl } from '../try-git.ts'

const slug = 'invoice-service'
const base = `/repositories/meadow-goods/${slug}`
let simulator: Simulator
let receiver: Receiver
let mara: Ask
let clone: Clone

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  receiver = await openReceiver()
  mara = askAs(simulator, 'mara-lind')
  await mara('POST', `${base}/hooks`, { url: receiver.url, events: ['repo:push'] })
  clone = await openClone(simulator, { slug, username: 'tomas-okoye' })
})
afterAll(async () => {
  await clone.close()
  await simulator.close()
  await receiver.close()
})

/** The changes of every push since the last time. */
async function pushes(): Promise<unknown[][]> {
  await simulator.flush()
  return receiver.caught.splice(0).map(({ body }) => {
    const changes = at(body, 'push', 'changes')
    return Array.isArray(changes) ? changes : []
  })
}

const facts = (change: unknown) => [
  at(change, 'new', 'type') ?? at(change, 'old', 'type'),
  at(change, 'new', 'name') ?? at(change, 'old', 'name'),
  ...['created', 'closed', 'forced'].map((key) => at(change, key)),
]

test('one push of many refs is one event with a change each', async () => {
  await clone.git('branch', 'gone', 'origin/main')
  await clone.git('push', '-q', 'origin', 'gone')
  await clone.git('checkout', '-q', '-b', 'moved', 'origin/main')
  await clone.commit('Before')
  await clone.git('push', '-q', 'origin', 'moved')
  await pushes()
  await clone.git('commit', '-q', '--amend', '--allow-empty', '--message', 'After')
  await clone.git('tag', 'light')
  await clone.git('tag', '-a', 'heavy', '-m', 'Heavy')
  await clone.git('push', '-q', 'origin', '+moved', 'moved:fresh', ':gone', 'light', 'heavy')
  const [changes = [], ...more] = await pushes()
  expect(more).toEqual([])
  expect(changes.map(facts).toSorted()).toEqual([
    ['annotated_tag', 'heavy', true, false, false],
    ['branch', 'fresh', true, false, false],
    ['branch', 'gone', false, true, false],
    ['branch', 'moved', false, false, true],
    ['tag', 'light', true, false, false],
  ])
  await clone.git('push', '-q', 'origin', ':light', ':heavy')
  expect((await pushes()).flat().map(facts).toSorted()).toEqual([
    ['annotated_tag', 'heavy', false, true, false],
    ['tag', 'light', false, true, false],
  ])
})

test('a tag that is made anew or moved is a change, whether its commit is another or not', async () => {
  await clone.git('tag', '-a', 'again', '-m', 'First', 'origin/main')
  await clone.git('push', '-q', 'origin', 'again')
  await pushes()
  const targets = (change: unknown) => ['old', 'new'].map((side) => at(change, side, 'message'))
  await clone.git('tag', '-a', '-f', 'again', '-m', 'Second', 'origin/main')
  await clone.git('push', '-q', '-f', 'origin', 'again')
  const [anew] = (await pushes()).flat()
  expect([facts(anew), targets(anew)]).toEqual([
    ['annotated_tag', 'again', false, false, false],
    ['First\n', 'Second\n'],
  ])
  expect(at(anew, 'new', 'target', 'hash')).toBe(at(anew, 'old', 'target', 'hash'))
  await clone.git('tag', '-f', 'again', 'origin/main')
  await clone.git('push', '-q', '-f', 'origin', 'again')
  const [light] = (await pushes()).flat()
  expect(['old', 'new'].map((side) => at(light, side, 'type'))).toEqual(['annotated_tag', 'tag'])
})

test('a tag of a tag stands at the commit; one of a file is there too', async () => {
  await clone.git('tag', '-a', 'inner', '-m', 'Inner', 'origin/main')
  await clone.git('tag', '-a', 'outer', '-m', 'Outer', 'inner')
  await clone.git('tag', '-a', 'file', '-m', 'File', 'origin/main:README.md')
  await clone.git('push', '-q', 'origin', 'outer', 'file')
  expect((await pushes()).flat().map(facts)).toHaveLength(2)
  const tip = (await clone.git('rev-parse', 'origin/main')).trim()
  expect((await mara('GET', `${base}/refs/tags/outer`)).at('target', 'hash')).toBe(tip)
  expect((await mara('GET', `${base}/refs/tags/file`)).at('message')).toBe('File\n')
  expect((await mara('GET', `${base}/commits`)).status).toBe(200)
})

test('at most a hundred changes are told of', async () => {
  const names = Array.from({ length: 103 }, (_nothing, index) => `refs/tags/t${index}`)
  await clone.git('push', '-q', 'origin', ...names.map((name) => `origin/main:${name}`))
  expect(simulator.deliveries.at(-1)?.event).toBe('repo:push')
  const body: unknown = JSON.parse(simulator.deliveries.at(-1)?.body ?? '')
  expect(at(body, 'push', 'changes')).toHaveLength(100)
  expect((await mara('GET', `${base}/refs/tags?q=name~"t10"`)).at('size')).toBe(4)
  await pushes()
})

test('push options are taken and mean nothing', async () => {
  await clone.git('checkout', '-q', '-b', 'optional', 'origin/main')
  await clone.commit('Optional')
  await clone.git('push', '-q', '--push-option=ci.skip', '--push-option=x=y', 'origin', 'optional')
  expect((await pushes()).flat().map((change) => at(change, 'new', 'name'))).toEqual(['optional'])
})

test('a large push arrives whole', async () => {
  await clone.git('checkout', '-q', '-b', 'large', 'origin/main')
  const bytes = randomBytes(6 * 1024 * 1024)
  await writeFile(join(clone.folder, 'large.bin'), bytes)
  const tip = await clone.commit('Large')
  await clone.git('push', '-q', 'origin', 'large')
  expect((await mara('GET', `${base}/refs/branches/large`)).at('target', 'hash')).toBe(tip)
  const file = await fetch(`${simulator.api}${base}/src/large/large.bin`, {
    headers: { authorization: basic('mara@meadow-goods.example', simulator.users[0]?.api_token ?? '') },
  })
  expect(Buffer.from(await file.arrayBuffer()).equals(bytes)).toBe(true)
})

test('version 2 of the protocol is spoken with who asks for it', async () => {
  const url = `${simulator.web}/meadow-goods/${slug}.git/info/refs?service=git-upload-pack`
  const authorization = basic('x-token-auth', simulator.workspace_access_token)
  const ask = async (headers: Record<string, string>) =>
    await (await fetch(url, { headers: { authorization, ...headers } })).text()
  expect(await ask({ 'git-protocol': 'version=2' })).toContain('version 2')
  expect(await ask({})).toContain('refs/heads/main')
})

test('a shallow clone deepens, fetches and pushes', async () => {
  const shallow = await openClone(simulator, { slug, username: 'yuki-brandt', options: ['--depth=1'] })
  try {
    expect((await shallow.git('rev-list', '--count', 'HEAD')).trim()).toBe('1')
    await shallow.git('checkout', '-q', '-b', 'from-shallow')
    const tip = await shallow.commit('Shallow', { 'shallow.txt': 'x' })
    await shallow.git('push', '-q', 'origin', 'from-shallow')
    expect((await mara('GET', `${base}/refs/branches/from-shallow`)).at('target', 'hash')).toBe(tip)
    await shallow.git('fetch', '-q', '--unshallow')
    expect(Number(await shallow.git('rev-list', '--count', 'HEAD'))).toBeGreaterThan(2)
  } finally {
    await shallow.close()
  }
})

interface Way {
  user: string
  kind: string
  scopes: string[]
}

const reads = 'read:repository:bitbucket'
const writes = 'write:repository:bitbucket'

test.each<[Way, boolean, boolean]>([
  [{ user: 'x-bitbucket-api-token-auth', kind: 'api_token', scopes: [reads, writes] }, true, true],
  [{ user: 'tomas-okoye', kind: 'api_token', scopes: [reads, writes] }, true, true],
  [{ user: 'tomas-okoye', kind: 'api_token', scopes: [reads] }, true, false],
  [{ user: 'yuki-brandt', kind: 'api_token', scopes: [reads, writes] }, false, false],
  [{ user: 'x-token-auth', kind: 'api_token', scopes: [reads, writes] }, false, false],
  [{ user: 'x-token-auth', kind: 'access_token', scopes: ['repository:write'] }, true, true],
  [{ user: 'x-token-auth', kind: 'access_token', scopes: ['repository'] }, true, false],
  [{ user: 'x-token-auth', kind: 'access_token', scopes: ['account'] }, false, false],
])('%j: reads %s, writes %s', async ({ user, kind, scopes }, mayRead, mayWrite) => {
  const person = simulator.sim.people.find((one) => one.username === 'tomas-okoye')
  const usual = simulator.sim.credentials.find(
    (one) => one.kind === kind && (kind !== 'api_token' || one.person === person),
  )
  if (usual === undefined) throw new Error(`nobody has a credential of the kind ${kind}`)
  const token = `try-${simulator.sim.credentials.length}`
  simulator.sim.credentials.push({ ...usual, token, scopes })
  const url = remoteUrl(simulator, slug, { user, password: token })
  const works = async (...args: string[]) =>
    await clone.git(...args).then(
      () => true,
      () => false,
    )
  expect(await works('ls-remote', url)).toBe(mayRead)
  expect(await works('push', '-q', url, `origin/main:refs/heads/${token}`)).toBe(mayWrite)
})

test('a push that lacks the right is answered with 403', async () => {
  const url = `${simulator.web}/meadow-goods/${slug}.git/info/refs?service=git-receive-pack`
  const mine = simulator.sim.credentials.find((one) => one.person.username === 'tomas-okoye')
  if (mine !== undefined) simulator.sim.credentials.push({ ...mine, token: 'reads-only', scopes: [reads] })
  const reply = await fetch(url, { headers: { authorization: basic('tomas-okoye', 'reads-only') } })
  expect(reply.status).toBe(403)
})
