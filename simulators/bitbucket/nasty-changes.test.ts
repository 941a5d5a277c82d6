import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { at } from '../shared/json.ts'
import { openReceiver, type Receiver } from '../shared/receiver.ts'
import { type Simulator, startSimulator } from './simulator.ts'
import { type Ask, askAs, asker, basic } from './try-api.ts'
import { type Control, controlOf } from './try-control.ts'

let simulator: Simulator
let receiver: Receiver
let control: Control
let mara: Ask
let tomas: Ask
const ws = '/repositories/meadow-goods'
const shop = `${ws}/storefront-api`
const comments = `${shop}/pullrequests/4/comments`

beforeEach(async () => {
  simulator = await startSimulator({ repositories: 0, control: true })
  receiver = await openReceiver()
  control = controlOf(simulator)
  mara = askAs(simulator, 'mara-lind')
  tomas = askAs(simulator, 'tomas-okoye')
})
afterEach(async () => {
  await simulator.close()
  await receiver.close()
})

const change = async (body: unknown) => await control('POST', '/changes', body)
const say = async (ask: Ask, raw = 'x') => await ask('POST', comments, { content: { raw } })

describe('credentials', () => {
  const me = async (ask: Ask) => (await ask('GET', '/user')).status

  test.each(['expired', 'revoked'])('%s from the n-th request on', async (becomes) => {
    await control('POST', '/faults', { path: '/2.0/*', from: 3, action: { kind: 'credential', becomes } })
    expect([await me(tomas), await me(tomas), await me(tomas), await me(tomas)]).toEqual([200, 200, 401, 401])
    expect(await me(mara)).toBe(200)
  })

  test('with fewer scopes in the middle of a run', async () => {
    const scopes = ['read:user:bitbucket']
    await control('POST', '/faults', { from: 2, action: { kind: 'credential', becomes: 'reduced', scopes } })
    expect([(await tomas('GET', shop)).status, (await tomas('GET', shop)).status, await me(tomas)]).toEqual([
      200, 403, 200,
    ])
    expect((await tomas('GET', shop)).at('error', 'detail', 'granted')).toEqual(scopes)
  })

  test('expired, revoked or changed at once', async () => {
    const token = simulator.users[1]?.api_token
    await control('POST', '/credentials', { token, scopes: ['read:user:bitbucket'] })
    expect((await tomas('GET', shop)).status).toBe(403)
    await control('POST', '/credentials', { token, revoked: true })
    expect(await me(tomas)).toBe(401)
  })
})

describe('people', () => {
  test('renamed: old name of the account gone, same UUID', async () => {
    const id = (await say(tomas)).at('id')
    await change({ what: 'person', username: 'tomas-okoye', newUsername: 'tomas-o', displayName: 'Tomas O.' })
    const user = (await mara('GET', `${comments}/${String(id)}`)).at('user')
    expect(user).toMatchObject({ display_name: 'Tomas O.', nickname: 'Tomas O.', uuid: simulator.users[1]?.uuid })
    expect((await tomas('GET', '/user')).at('username')).toBe('tomas-o')
  })

  test('anonymised: a former user stays', async () => {
    const id = (await say(tomas)).at('id')
    await change({ what: 'person', username: 'tomas-okoye', becomes: 'anonymised' })
    expect((await mara('GET', `${comments}/${String(id)}`)).at('user', 'display_name')).toBe('Former user')
    expect((await tomas('GET', '/user')).status).toBe(401)
  })

  test('deleted: null where somebody was, and no rights, no listing, no commits', async () => {
    const id = (await say(tomas)).at('id')
    const uuid = simulator.users[1]?.uuid ?? ''
    const opened = simulator.sim.repositories
      .flatMap((repository) => repository.pullRequests.map((one) => ({ repository, one })))
      .find(({ one }) => one.author.uuid === uuid)
    await change({ what: 'person', username: 'tomas-okoye', becomes: 'deleted' })
    expect((await mara('GET', `${comments}/${String(id)}`)).body).toMatchObject({ user: null, content: { raw: 'x' } })
    const pullRequest = await mara('GET', `${ws}/${opened?.repository.slug}/pullrequests/${opened?.one.id}`)
    expect([pullRequest.status, pullRequest.at('author')]).toEqual([200, null])
    expect((await mara('GET', `/users/${encodeURIComponent(uuid)}`)).status).toBe(404)
    expect((await mara('GET', '/workspaces/meadow-goods/members')).text).not.toContain(uuid)
    expect((await mara('GET', `${shop}/commits?pagelen=100`)).text).not.toContain(uuid)
    expect((await mara('GET', `${shop}/pullrequests/4/activity?pagelen=50`)).status).toBe(200)
    expect((await mara('GET', `${shop}/pullrequests?state=OPEN&state=MERGED`)).status).toBe(200)
    expect((await tomas('GET', '/user')).status).toBe(401)
  })
})

describe('repositories', () => {
  beforeEach(async () => {
    await mara('POST', '/workspaces/meadow-goods/hooks', {
      url: receiver.url,
      events: ['repo:updated', 'repo:transfer', 'repo:deleted'],
    })
  })
  const heard = async () => {
    await control('POST', '/flush')
    return receiver.caught.map((one) => one.headers['x-event-key'])
  }

  test('renamed in the middle of a run: the old address redirects', async () => {
    const renaming = { what: 'repository', repository: 'ledger-core', name: 'Ledger Heart' }
    await control('POST', '/faults', { path: '*/ledger-core', from: 2, action: { kind: 'change', change: renaming } })
    expect((await mara('GET', `${ws}/ledger-core`)).status).toBe(200)
    const second = await mara('GET', `${ws}/ledger-core`)
    expect([second.status, second.headers.get('location')]).toEqual([301, `${simulator.api}${ws}/ledger-heart`])
    expect(await heard()).toEqual(['repo:updated'])
  })

  test('made public and private again, moved to another project', async () => {
    const anonymous = asker(simulator, undefined)
    const see = async () => (await anonymous('GET', `${ws}/ledger-core`)).status
    const other = simulator.sim.workspaces[0]?.projects.find(
      ({ key }) => key !== simulator.sim.repositories.find(({ slug }) => slug === 'ledger-core')?.project.key,
    )
    const publicProject = simulator.sim.workspaces[0]?.projects
    for (const project of publicProject ?? []) project.isPrivate = false
    await change({ what: 'repository', repository: 'ledger-core', isPrivate: false })
    expect(await see()).toBe(200)
    await change({ what: 'repository', repository: 'ledger-core', isPrivate: true, project: other?.key })
    expect(await see()).toBe(401)
    expect((await mara('GET', `${ws}/ledger-core`)).at('project', 'key')).toBe(other?.key)
    expect(await heard()).toEqual(['repo:updated', 'repo:updated'])
  })

  test('transferred to another workspace', async () => {
    const uuid = (await mara('GET', `${ws}/ledger-core`)).at('uuid')
    await change({ what: 'repository', repository: 'ledger-core', workspace: 'harbour-goods' })
    expect((await mara('GET', `${ws}/ledger-core`)).status).toBe(404)
    const there = await mara('GET', '/repositories/harbour-goods/ledger-core')
    expect([there.at('uuid'), there.at('owner', 'username')]).toEqual([uuid, 'harbour-goods'])
    expect((await tomas('GET', '/repositories/harbour-goods/ledger-core')).status).toBe(403)
    expect(await heard()).toEqual(['repo:transfer'])
    expect(at(receiver.caught[0]?.body, 'previous_owner', 'username')).toBe('meadow-goods')
  })

  test('deleted', async () => {
    await change({ what: 'repository', repository: 'ledger-core', deleted: true })
    expect((await mara('GET', `${ws}/ledger-core`)).status).toBe(404)
    expect(await heard()).toEqual(['repo:deleted'])
  })
})

describe('stale reads', () => {
  const stale = async (past: object, times = 1) =>
    await control('POST', '/faults', { method: 'GET', path: '*/comments', times, action: { kind: 'stale', ...past } })
  const texts = async () =>
    (await mara('GET', `${comments}?pagelen=100`)).values.map((one) => at(one, 'content', 'raw')).slice(-2)

  test('a write is not seen at once, not even by who wrote it', async () => {
    const before = await texts()
    await stale({}, 2)
    await say(mara, 'one')
    await say(mara, 'two')
    expect((await texts()).at(-1)).toBe('one')
    await say(mara, 'three')
    expect((await texts()).at(-1)).toBe('two')
    expect(await texts()).toEqual(['two', 'three'])
    await control('DELETE', '/faults')
    await stale({ versions: 50 })
    await say(mara, 'four')
    expect(await texts()).toEqual(before)
  })

  test('as it was so many seconds ago', async () => {
    await control('POST', '/clock', { set: '2027-01-01T00:00:00Z' })
    await stale({ seconds: 10 }, 3)
    for (const raw of ['one', 'two', 'three']) {
      await say(mara, raw)
      await control('POST', '/clock', { advance: 6 })
    }
    expect(await texts()).toEqual(['one', 'two'])
    await control('POST', '/clock', { advance: 5 })
    expect(await texts()).toEqual(['two', 'three'])
  })

  test('hooks of the repository too', async () => {
    const list = async () => (await mara('GET', `${shop}/hooks`)).values.length
    await control('POST', '/faults', { method: 'GET', path: '*/hooks', action: { kind: 'stale' } })
    await mara('POST', `${shop}/hooks`, { url: receiver.url, events: ['repo:push'] })
    expect([await list(), await list()]).toEqual([0, 1])
  })

  test('credentials of the present are asked for', async () => {
    await stale({}, 5)
    await say(mara, 'one')
    expect((await asker(simulator, basic('x@y.example', 'z'))('GET', comments)).status).toBe(401)
  })

  test('of a pull request from a fork, as its source was before a push, a merge task and the end of the fork', async () => {
    await mara('POST', `${shop}/forks`, { name: 'shop-fork' })
    const branch = 'feature/stale'
    const push = async (text: string) => {
      const form = new URLSearchParams({ branch, message: 'More', 'stale.txt': text })
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      expect((await mara('POST', `${ws}/shop-fork/src`, form.toString(), headers)).status).toBe(201)
    }
    await push('one')
    const source = { branch: { name: branch }, repository: { full_name: 'meadow-goods/shop-fork' } }
    const opened = await mara('POST', `${shop}/pullrequests`, { title: 'Stale', source })
    const path = `${shop}/pullrequests/${String(opened.at('id'))}`
    await control('POST', '/faults', { method: 'GET', path: `/2.0${path}`, times: 2, action: { kind: 'stale' } })
    await push('two')
    expect((await mara('GET', path)).at('source', 'commit')).toEqual(opened.at('source', 'commit'))
    expect((await mara('DELETE', `${ws}/shop-fork`)).status).toBe(204)
    expect((await mara('GET', path)).at('source', 'repository', 'full_name')).toBe('meadow-goods/shop-fork')
    expect((await mara('GET', path)).at('source', 'repository')).toBeNull()
    await control('POST', '/faults', { method: 'GET', path: `/2.0${path}`, action: { kind: 'stale' } })
    expect((await mara('POST', `${path}/merge?async=true`, {})).status).toBe(202)
    expect((await mara('PUT', path, { title: 'Later' })).status).toBe(200)
    expect((await mara('GET', path)).at('title')).toBe('Stale')
  })
})
