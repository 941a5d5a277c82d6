import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { openReceiver, type Receiver } from '../../shared/receiver.ts'
import { defaultSwitches } from '../switches.ts'
import { type Ask, askAs, asker, basic } from '../try-api.ts'
import { forked, from, openForkStage, ownFork, type Stage } from '../try-fork.ts'

let stage: Stage
let receiver: Receiver
let mara: Ask
let tomas: Ask
let yuki: Ask
const ws = '/repositories/meadow-goods'
const shop = forked
const pulls = `${shop}/pullrequests`

beforeAll(async () => {
  stage = await openForkStage()
  receiver = await openReceiver()
  ;({ mara, tomas } = stage)
  yuki = askAs(stage.simulator, 'yuki-brandt')
  await mara('POST', `${shop}/hooks`, {
    url: receiver.url,
    events: ['repo:push', 'pullrequest:created', 'pullrequest:push', 'pullrequest:updated', 'pullrequest:fulfilled'],
  })
})
beforeEach(async () => {
  await stage.simulator.flush()
  receiver.caught.length = 0
  Object.assign(stage.simulator.switches, defaultSwitches())
})
afterAll(async () => {
  await stage.close()
  await receiver.close()
})

function person(username: string) {
  const found = stage.simulator.users.find((one) => one.username === username)
  if (found === undefined) throw new Error(`nobody is called ${username}`)
  return found
}

const sourceOf = async (path: string) => (await mara('GET', path)).at('source')
const tipOf = async (branch: string) =>
  String((await tomas('GET', `/repositories/${ownFork}/refs/branches/${branch}`)).at('target', 'hash')).slice(0, 12)
const keys = () => receiver.caught.map(({ headers }) => headers['x-event-key'])

describe('a pull request from a fork', () => {
  test('names the fork as its source everywhere, and lies in the destination', async () => {
    const hash = await stage.push('feature/named', { 'named.txt': 'one\n' })
    const path = await stage.open('feature/named')
    const read = await mara('GET', path)
    expect(read.at('source')).toMatchObject({
      branch: { name: 'feature/named' },
      commit: {
        hash: hash.slice(0, 12),
        links: { html: { href: `${stage.simulator.web}/meadow-goods/tomas-shop/commits/${hash.slice(0, 12)}` } },
      },
      repository: { full_name: 'meadow-goods/tomas-shop' },
    })
    expect(read.at('destination', 'repository', 'full_name')).toBe('meadow-goods/storefront-api')
    expect(read.at('links', 'diff', 'href')).toContain(`${shop}/diff/meadow-goods/tomas-shop:${hash.slice(0, 12)}%0D`)
    await stage.simulator.flush()
    expect(keys()).toEqual(['pullrequest:created'])
    expect(at(receiver.caught[0]?.body, 'pullrequest', 'source', 'repository', 'full_name')).toBe(
      'meadow-goods/tomas-shop',
    )
    const [activity] = (await mara('GET', `${path}/activity`)).values
    expect(at(activity, 'update', 'source', 'repository', 'full_name')).toBe('meadow-goods/tomas-shop')
  })

  test('is listed where it goes to, not where it comes from', async () => {
    const hash = await stage.push('feature/listed', { 'listed.txt': 'one\n' })
    const id = at(await tomas('POST', pulls, { title: 'Listed', source: from('feature/listed') }), 'body', 'id')
    const idsOf = (values: unknown[]) => values.map((one) => at(one, 'id'))
    const q = encodeURIComponent('source.repository.full_name = "meadow-goods/tomas-shop" AND title = "Listed"')
    expect(idsOf((await mara('GET', `${pulls}?q=${q}`)).values)).toEqual([id])
    expect(idsOf((await mara('GET', `${shop}/commit/${hash}/pullrequests`)).values)).toEqual([id])
    expect((await mara('GET', `${ws}/tomas-shop/pullrequests`)).values).toEqual([])
    expect(idsOf((await mara('GET', '/workspaces/meadow-goods/pullrequests/tomas-okoye')).values)).toContain(id)
  })

  test('has its commits, diff, statuses and checks from the destination', async () => {
    const hash = await stage.push('feature/read', { 'read.txt': 'one\n' })
    const path = await stage.open('feature/read')
    const build = { key: 'ci', state: 'SUCCESSFUL', url: 'https://ci.example/1' }
    expect((await tomas('POST', `${ws}/tomas-shop/commit/${hash}/statuses/build`, build)).status).toBe(201)
    expect((await mara('GET', `${path}/commits`)).values.map((one) => at(one, 'hash'))).toEqual([hash])
    expect((await stage.follow(`${path}/diff`)).text).toContain('+one')
    expect((await stage.follow(`${path}/diffstat`)).values.map((one) => at(one, 'new', 'path'))).toEqual(['read.txt'])
    expect((await mara('GET', `${path}/statuses`)).values).toMatchObject([{ key: 'ci' }])
    const checks = (await mara('GET', `${path}/mergeability/checks`)).values
    expect(checks.find((one) => at(one, 'type') === 'git_mergeability_check')).toMatchObject({ status: 'PASSED' })
  })

  test('follows its branch: pushed, and changed by the API', async () => {
    const branch = 'feature/followed'
    const first = await stage.push(branch, { 'followed.txt': 'one\ntwo\n' })
    const path = await stage.open(branch)
    await mara('POST', `${path}/comments`, { content: { raw: 'Why?' }, inline: { path: 'followed.txt', to: 1 } })
    await stage.simulator.flush()
    receiver.caught.length = 0
    const second = await stage.push(branch, { 'followed.txt': 'three\ntwo\n' })
    expect(second).not.toBe(first)
    expect(at(await sourceOf(path), 'commit', 'hash')).toBe(second.slice(0, 12))
    expect((await mara('GET', `${path}/comments`)).values).toMatchObject([{ inline: { outdated: true } }])
    await stage.simulator.flush()
    // The push itself is of the fork.
    expect(keys()).toEqual(['pullrequest:updated', 'pullrequest:push'])
    await stage.commit(branch, { 'more.txt': 'more\n' })
    expect(at(await sourceOf(path), 'commit', 'hash')).toBe(await tipOf(branch))
    expect((await mara('GET', `${path}/commits`)).values).toHaveLength(2)
  })

  test('is another one than that of a branch of the same name', async () => {
    const branch = 'feature/twice'
    await stage.push(branch, { 'twice.txt': 'fork\n' })
    const across = await stage.open(branch)
    await stage.commit(branch, { 'here.txt': 'here\n' }, { fullName: 'meadow-goods/storefront-api', ask: mara })
    expect(at(await sourceOf(across), 'repository', 'full_name')).toBe('meadow-goods/tomas-shop')
    expect((await mara('GET', `${across}/commits`)).values).toMatchObject([{ message: `Change ${branch}\n` }])
    const inside = await mara('POST', pulls, { title: 'Inside', source: { branch: { name: branch } } })
    expect(inside.status).toBe(201)
    expect(`${pulls}/${String(inside.at('id'))}`).not.toBe(across)
    const again = await tomas('POST', pulls, { title: 'Again', source: from(branch) })
    expect(`${pulls}/${String(again.at('id'))}`).toBe(across)
  })

  test('may be edited as it is told; its repository stays', async () => {
    await stage.push('feature/edited', { 'edited.txt': 'one\n' })
    const path = await stage.open('feature/edited')
    const whole = (await tomas('GET', path)).body
    expect((await tomas('PUT', path, { title: 'Edited', source: at(whole, 'source') })).at('title')).toBe('Edited')
    const moved = await mara('PUT', path, { source: from('main', 'meadow-goods/storefront-api') })
    expect(moved.status).toBe(400)
    const other = await stage.push('feature/edited-again', { 'other.txt': 'one\n' })
    expect((await tomas('PUT', path, { source: { branch: { name: 'feature/edited-again' } } })).status).toBe(200)
    expect(at(await sourceOf(path), 'commit', 'hash')).toBe(other.slice(0, 12))
  })
})

describe('a merge from a fork', () => {
  test('closes the branch of the fork for who may push there, and says where it came from', async () => {
    const branch = 'feature/merged'
    const hash = await stage.push(branch, { 'merged.txt': 'one\n' })
    const path = await stage.open(branch, { close_source_branch: true })
    const merged = await tomas('POST', `${path}/merge`, {})
    expect(merged.status, merged.text).toBe(200)
    const [newest] = (await mara('GET', `${shop}/commits/main?pagelen=1`)).values
    expect(at(newest, 'message')).toContain(`Merged in meadow-goods/tomas-shop/${branch} (pull request #`)
    expect((await mara('GET', `${ws}/tomas-shop/refs/branches/${branch}`)).status).toBe(404)
    expect((await mara('GET', `${path}/commits`)).values.map((one) => at(one, 'hash'))).toEqual([hash])
    await stage.simulator.flush()
    expect(keys()).toEqual(['pullrequest:created', 'pullrequest:fulfilled', 'repo:push'])
  })

  test('leaves the branch where whoever merges may not push', async () => {
    const branch = 'feature/kept'
    await stage.push(branch, { 'kept.txt': 'one\n' })
    const path = await stage.open(branch, { close_source_branch: true })
    expect((await yuki('POST', `${path}/merge`, {})).status).toBe(200)
    expect((await mara('GET', `${ws}/tomas-shop/refs/branches/${branch}`)).status).toBe(200)
  })

  test('is refused when the two conflict', async () => {
    const branch = 'feature/conflict'
    await stage.push(branch, { 'README.md': 'mine\n' })
    const path = await stage.open(branch)
    await stage.commit('main', { 'README.md': 'theirs\n' }, { fullName: 'meadow-goods/storefront-api', ask: mara })
    expect((await stage.follow(`${path}/conflicts`)).values).toMatchObject([{ path: 'README.md', scenario: 'content' }])
    expect((await mara('POST', `${path}/merge`, {})).status).toBe(400)
  })

  test('goes the other way too: a fork is brought up to date from its parent', async () => {
    await stage.fork('behind-shop')
    await stage.commit('main', { 'news.txt': 'news\n' }, { fullName: 'meadow-goods/storefront-api', ask: mara })
    const source = from('main', 'meadow-goods/storefront-api')
    const made = await mara('POST', `${ws}/behind-shop/pullrequests`, { title: 'Catch up', source })
    expect(made.status, made.text).toBe(201)
    const merged = await mara('POST', `${ws}/behind-shop/pullrequests/1/merge`, { close_source_branch: true })
    expect(merged.status, merged.text).toBe(200)
    expect((await mara('GET', `${ws}/behind-shop/src/main/news.txt`)).text).toBe('news\n')
    expect((await mara('GET', `${shop}/refs/branches/main`)).status).toBe(200)
  })
})

describe('rights', () => {
  const tryFrom = async (ask: Ask, source: object) => await ask('POST', pulls, { title: 'Across', source })

  test('take writing to the fork and reading its parent', async () => {
    await stage.push('feature/rights', { 'rights.txt': 'one\n' })
    expect((await tryFrom(yuki, from('feature/rights'))).at('error', 'fields', 'source')).toEqual([
      'repository not found: meadow-goods/tomas-shop',
    ])
    const reading = { permission: 'read' }
    await mara('PUT', `${ws}/tomas-shop/permissions-config/users/${person('yuki-brandt').uuid}`, reading)
    expect((await tryFrom(yuki, from('feature/rights'))).status).toBe(400)
    stage.simulator.switches.forkSourceRefusal = 403
    expect((await tryFrom(yuki, from('feature/rights'))).status).toBe(403)
  })

  test('a token of the destination alone does not reach the fork', async () => {
    const { api_token, email } = person('tomas-okoye')
    const own = stage.simulator.sim.credentials.find(({ token }) => token === api_token)
    const uuid = stage.simulator.sim.repositories.find(({ slug }) => slug === 'storefront-api')?.uuid ?? ''
    if (own === undefined) throw new Error('Tomas has no token')
    stage.simulator.sim.credentials.push({ ...own, token: 'shop-only', resource: { kind: 'repository', uuid } })
    const limited = asker(stage.simulator, basic(email, 'shop-only'))
    expect((await limited('GET', shop)).status).toBe(200)
    expect((await tryFrom(limited, from('feature/rights'))).status).toBe(400)
  })

  test('no repository but a relative is a source', async () => {
    expect((await tryFrom(mara, from('main', 'meadow-goods/ledger-core'))).at('error', 'fields', 'source')).toEqual([
      'meadow-goods/ledger-core is not a fork of the destination.',
    ])
    for (const name of ['meadow-goods/none', 'none', '{00000000-0000-4000-8000-000000000000}'])
      expect((await tryFrom(mara, from('main', name))).status).toBe(400)
    expect((await tryFrom(tomas, from('no-such-branch'))).status).toBe(400)
    expect((await tryFrom(tomas, from('main', 'meadow-goods/tomas-shop'))).at('error', 'message')).toBe(
      'There are no changes to be pulled',
    )
  })
})
