import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs, type Reply } from '../try-api.ts'

let simulator: Simulator
let mara: Ask
const ws = '/repositories/meadow-goods'
const shop = `${ws}/storefront-api`
const pulls = `${shop}/pullrequests`

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 3 })
  mara = askAs(simulator, 'mara-lind')
  await mara('POST', `${pulls}/4/comments`, { content: { raw: 'Please escape "quotes"' } })
  await mara('POST', `${pulls}/4/tasks`, { content: { raw: 'Escape' } })
  await mara('POST', `${shop}/commit/main/comments`, { content: { raw: 'On a commit' } })
  for (const state of ['SUCCESSFUL', 'FAILED'])
    await mara('POST', `${shop}/commit/main/statuses/build`, { key: state, state, url: 'https://ci.example/1' })
})
afterAll(async () => await simulator.close())

async function ask(path: string, q: string, sort?: string): Promise<Reply> {
  const query = new URLSearchParams({ pagelen: '50', q, ...(sort === undefined ? {} : { sort }) })
  return await mara('GET', `${path}?${query.toString()}`)
}

/** Every listing that takes `q` and `sort`, with a field of its own. */
const listings: [path: string, q: string, sort: string][] = [
  [ws, 'project.key = "SHOP"', '-updated_on'],
  [`${shop}/refs`, 'name ~ "main"', 'name'],
  [`${shop}/refs/branches`, 'name = "main"', '-name'],
  [`${shop}/refs/tags`, 'name ~ "v"', '-target.date'],
  [pulls, 'state = "MERGED"', '-updated_on'],
  [`${pulls}/4/comments`, 'content.raw ~ "escape"', '-created_on'],
  [`${pulls}/4/tasks`, 'state = "UNRESOLVED"', 'created_on'],
  [`${pulls}/4/statuses`, 'state != "STOPPED"', 'key'],
  [`${shop}/commit/main/comments`, 'content.raw ~ "commit"', '-id'],
  [`${shop}/commit/main/statuses`, 'state = "FAILED"', '-updated_on'],
  ['/user/workspaces', 'slug = "meadow-goods"', 'slug'],
  ['/user/workspaces/meadow-goods/permissions/repositories', 'permission > "read"', 'repository.name'],
  ['/workspaces/meadow-goods/members', 'user.email IN ("mara@meadow-goods.example")', 'user.nickname'],
  ['/workspaces/meadow-goods/permissions', 'permission = "owner"', 'user.display_name'],
  ['/workspaces/meadow-goods/permissions/repositories', 'permission = "admin"', 'user.nickname'],
  ['/workspaces/meadow-goods/permissions/repositories/ledger-core', 'permission > "read"', '-permission'],
  ['/workspaces/meadow-goods/projects', 'key = "SHOP"', 'name'],
]

describe('every listing with q', () => {
  test.each(listings)('%s takes %s', async (path, q, sort) => {
    const reply = await ask(path, q, sort)
    expect(reply.status).toBe(200)
    if (!path.endsWith('/statuses') || path.includes('main')) expect(reply.values.length).toBeGreaterThan(0)
    const unknown = await ask(path, 'colour = "red"')
    expect([unknown.status, unknown.at('error', 'message')]).toEqual([400, 'Invalid field name: colour'])
    expect((await ask(path, 'values.name = "x"')).status).toBe(400)
    for (const wrong of ['-colour', `${sort},id`])
      expect([wrong, (await ask(path, '', wrong)).status]).toEqual([wrong, 400])
    expect((await ask(path, 'this is no query')).at('error', 'message')).toBe('Invalid query')
  })
})

async function ids(q: string, sort = 'id'): Promise<unknown[]> {
  const reply = await ask(pulls, q, sort)
  expect([q, reply.status, reply.text.slice(0, reply.status === 200 ? 0 : 200)]).toEqual([q, 200, ''])
  return reply.values.map((one) => at(one, 'id'))
}

describe('pull requests', () => {
  const all = () => simulator.sim.repositories.find((one) => one.slug === 'storefront-api')?.pullRequests ?? []

  test('words work in any case, AND binds stronger, parentheses bind strongest', async () => {
    const three = [1, 2, 3]
    expect(await ids('state != "" AND (id = 1 or id = 2 OR id = 3)')).toEqual(three)
    expect(await ids('state = "x" and id = 1 Or id = 2 AND state != ""')).toEqual([2])
    expect(await ids('id IN (1, 2, 3) AND state in ("OPEN", "MERGED", "DECLINED")')).toEqual(three)
    expect(await ids('state != "" AND id not in (1)')).toEqual(
      all()
        .map((one) => one.id)
        .filter((id) => id !== 1),
    )
    expect(await ids('((id=1)) AND ((state != ""))')).toEqual([1])
  })

  test('people are named by UUID, account id or nickname, nested and in lists; never by user name', async () => {
    const [request] = all().filter((one) => one.reviewers.length > 0)
    const reviewer = request?.reviewers[0]
    const wanted = all()
      .filter((one) => one.reviewers.some((person) => person === reviewer))
      .map((one) => one.id)
    for (const q of [
      `reviewers.uuid = "${reviewer?.uuid}"`,
      `reviewers.account_id = "${reviewer?.accountId}"`,
      `reviewers.nickname = "${reviewer?.displayName}"`,
    ])
      expect(await ids(`${q} AND state != ""`)).toEqual(wanted)
    const author = request?.author
    expect(await ids(`author.uuid = "${author?.uuid}" AND state != ""`)).toContain(request?.id)
    for (const field of ['author.username', 'reviewers.username', 'author.email'])
      expect((await ask(pulls, `${field} = "mara-lind"`)).status).toBe(400)
  })

  test('branches and repositories are nested fields', async () => {
    expect(await ids('destination.branch.name = "main" AND state != ""')).toEqual(all().map((one) => one.id))
    expect(await ids('source.repository.full_name != "meadow-goods/storefront-api" AND state != ""')).toEqual([])
    const [open] = all().filter((one) => one.state === 'OPEN')
    expect(await ids(`source.commit.hash = "${open?.sourceHash}"`)).toContain(open?.id)
  })

  test('null is the absence of a value', async () => {
    const merged = all()
      .filter((one) => one.closedBy !== null)
      .map((one) => one.id)
    expect(await ids('closed_by != null AND state != ""')).toEqual(merged)
    expect(await ids('closed_by = null AND state != ""')).toEqual(
      all()
        .map((one) => one.id)
        .filter((id) => !merged.includes(id)),
    )
  })

  test('dates go with and without quotes, with any part of the time and any zone; without one they are UTC', async () => {
    const [one] = all()
    const at_ = one?.updatedOn ?? ''
    const later = new Date(Date.parse(at_) + 1000).toISOString()
    const east = new Date(Date.parse(later) + 7_200_000).toISOString().replace('Z', '+02:00')
    for (const moment of [later, `"${later}"`, later.replace('.000Z', ''), later.slice(0, -1), east, `"${east}"`]) {
      expect([moment, await ids(`id = 1 AND state != "" AND updated_on < ${moment}`)]).toEqual([moment, [1]])
      expect([moment, await ids(`id = 1 AND state != "" AND updated_on > ${moment}`)]).toEqual([moment, []])
    }
    expect(await ids(`id = 1 AND state != "" AND updated_on >= ${at_}`)).toEqual([1])
    expect(await ids(`id = 1 AND state != "" AND created_on > ${at_.slice(0, 4)}-01-01`)).toEqual([1])
  })

  test('a plus that is not encoded is still a zone', async () => {
    const reply = await mara('GET', `${pulls}?state=ALL&q=updated_on%3E2020-01-01T00:00:00+00:00`)
    expect([reply.status, reply.at('size')]).toEqual([200, all().length])
  })

  test('a quote cannot be part of a text', async () => {
    for (const q of ['title = "a" b"', 'title = "a\\" b"', 'title = "unclosed', "title = 'single'"])
      expect([q, (await ask(pulls, q)).status]).toEqual([q, 400])
  })

  test.each([
    'id = "abc"',
    'id ~ "1"',
    'id = true',
    'title > 5',
    'title = 5',
    'title = 2026-01-01',
    'draft = "yes"',
    'draft = 1',
    'draft ~ "t"',
    'updated_on > "yesterday"',
    'updated_on = 5',
    'updated_on ~ "2026"',
    'title ~ null',
    'id > null',
    'id IN ("a")',
    'updated_on > 2026-13-45',
  ])('%s is refused: the field cannot be asked that', async (q) => {
    expect((await ask(pulls, q)).status).toBe(400)
  })

  test.each([
    'id',
    'id =',
    '= 1',
    'id = 1 AND',
    '(id = 1',
    'id = 1)',
    'id = 1 id = 2',
    'NOT id = 1',
    'id == 1',
    'id IN ()',
    'id IN 1',
    'id & 1',
  ])('"%s" is no query', async (q) => {
    const reply = await ask(pulls, q)
    expect([reply.status, reply.at('error', 'message')]).toEqual([400, 'Invalid query'])
  })

  test('without state only open ones; state is repeatable, ALL takes every one, and so does a query that names it', async () => {
    const open = all().filter((one) => one.state === 'OPEN').length
    const merged = all().filter((one) => one.state === 'MERGED').length
    const size = async (query: string) => (await mara('GET', `${pulls}?${query}`)).at('size')
    expect(await size('')).toBe(open)
    expect(await size('state=MERGED&state=OPEN')).toBe(open + merged)
    expect(await size('state=all')).toBe(all().length)
    expect(await size('q=state%3D%22MERGED%22')).toBe(merged)
  })
})

describe('sort', () => {
  test('goes up, and down with a hyphen', async () => {
    const up = await ids('state != ""', 'created_on')
    expect(await ids('state != ""', '-created_on')).toEqual(up.toReversed())
    const names = (await ask(ws, '', 'name')).values.map((one) => String(at(one, 'name')))
    expect(names).toEqual(names.toSorted())
    const keys = (await ask(ws, '', '-project.key')).values.map((one) => String(at(one, 'project', 'key')))
    expect(keys).toEqual(keys.toSorted().toReversed())
  })
})

describe('permissions', () => {
  test('are ordered: read, write, admin', async () => {
    const path = '/workspaces/meadow-goods/permissions/repositories/ledger-core'
    const of = async (q: string) => new Set((await ask(path, q)).values.map((one) => at(one, 'permission')))
    expect(await of('permission > "read"')).toEqual(new Set(['admin', 'write']))
    expect(await of('permission > "write"')).toEqual(new Set(['admin']))
    expect(await of('permission <= "write"')).toEqual(new Set(['write']))
  })

  test('members are found by e-mail address by administrators alone, who see it when they ask', async () => {
    const path = '/workspaces/meadow-goods/members'
    const q = 'user.email IN ("yuki@meadow-goods.example", "nobody@x.example")'
    const reply = await mara('GET', `${path}?${new URLSearchParams({ q, fields: '+values.user.email' }).toString()}`)
    expect(reply.values.map((one) => at(one, 'user', 'email'))).toEqual(['yuki@meadow-goods.example'])
    expect((await mara('GET', path)).values[0]).not.toHaveProperty('user.email')
    const refused = await askAs(simulator, 'tomas-okoye')('GET', `${path}?${new URLSearchParams({ q }).toString()}`)
    expect(refused.status).toBe(403)
  })
})
