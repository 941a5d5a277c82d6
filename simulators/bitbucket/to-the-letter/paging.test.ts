import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { defaultSwitches } from '../switches.ts'
import { type Ask, askAs, type Reply } from '../try-api.ts'

let simulator: Simulator
let mara: Ask
const ws = '/repositories/meadow-goods'
const shop = `${ws}/storefront-api`
const pull = `${shop}/pullrequests/4`

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 30 })
  mara = askAs(simulator, 'mara-lind')
  for (let count = 0; count < 12; count += 1)
    await mara('POST', `${pull}/comments`, { content: { raw: `comment ${count}` } })
})
afterEach(() => Object.assign(simulator.switches, defaultSwitches()))
afterAll(async () => await simulator.close())

async function follow(start: string): Promise<Reply[]> {
  const replies: Reply[] = []
  let next: unknown = start
  while (typeof next === 'string') {
    const reply: Reply = await mara('GET', next)
    replies.push(reply)
    next = reply.at('next')
  }
  return replies
}

/** Usual and largest page of each listing, and whether its pages are numbered. */
const listings: [path: string, usual: number, most: number, family: 'numbered' | 'cursor'][] = [
  [ws, 10, 100, 'numbered'],
  [`${shop}/refs`, 10, 100, 'numbered'],
  [`${shop}/refs/branches`, 10, 100, 'numbered'],
  [`${shop}/refs/tags`, 10, 100, 'numbered'],
  [`${shop}/commits`, 30, 100, 'cursor'],
  [`${shop}/src/main/`, 10, 100, 'cursor'],
  [`${shop}/diffstat/main`, 500, 5000, 'numbered'],
  [`${shop}/pullrequests`, 10, 50, 'numbered'],
  [`${shop}/pullrequests/activity`, 20, 50, 'cursor'],
  [`${pull}/activity`, 20, 50, 'cursor'],
  [`${pull}/comments`, 10, 100, 'numbered'],
  [`${pull}/tasks`, 10, 100, 'numbered'],
  [`${pull}/statuses`, 10, 100, 'numbered'],
  [`${shop}/commit/main/comments`, 10, 100, 'numbered'],
  [`${shop}/commit/main/statuses`, 10, 100, 'numbered'],
  [`${shop}/commit/main/pullrequests`, 30, 50, 'numbered'],
  [`${shop}/commit/main/reports`, 10, 100, 'numbered'],
  [`${shop}/hooks`, 10, 100, 'numbered'],
  ['/workspaces/meadow-goods/hooks', 10, 100, 'numbered'],
  ['/workspaces/meadow-goods/members', 50, 100, 'numbered'],
  ['/workspaces/meadow-goods/permissions', 50, 100, 'numbered'],
  ['/workspaces/meadow-goods/projects', 10, 100, 'numbered'],
  ['/user/workspaces', 10, 100, 'numbered'],
  ['/user/workspaces/meadow-goods/permissions/repositories', 10, 100, 'numbered'],
  ['/user/emails', 10, 100, 'numbered'],
  ['/hook_events/repository', 30, 100, 'numbered'],
  ['/hook_events/workspace', 30, 100, 'numbered'],
]

describe('every listing', () => {
  test.each(listings)('%s has pages of %i, at most %i, %s', async (path, usual, most, family) => {
    const first = await mara('GET', path)
    expect([first.status, first.at('pagelen')]).toEqual([200, usual])
    const keys = ['page', 'pagelen', 'size', 'values', ...(first.at('next') === undefined ? [] : ['next'])]
    // Listings of a folder are recorded with a page number beside their cursor.
    const isFolder = path.includes('/src/')
    const cursorKeys = keys.filter((key) => (key !== 'page' || isFolder) && key !== 'size')
    expect(Object.keys(Object(first.body)).toSorted()).toEqual((family === 'numbered' ? keys : cursorKeys).toSorted())
    expect((await mara('GET', `${path}?pagelen=${most}`)).at('pagelen')).toBe(most)
    const over = await mara('GET', `${path}?pagelen=${most + 1}`)
    // Recorded: lists of pull requests and of their activity, which end at 50, refuse more.
    if (most === 50) expect([over.status, over.at('error', 'message')]).toEqual([400, 'Invalid pagelen'])
    else expect(over.at('pagelen')).toBe(most)
    simulator.switches.strictPagelen = false
    expect((await mara('GET', `${path}?pagelen=${most + 1}`)).at('pagelen')).toBe(most)
    simulator.switches.strictPagelen = 'pull_requests'
    expect((await mara('GET', `${path}?pagelen=1`)).values.length).toBeLessThanOrEqual(1)
    for (const wrong of ['0', '-1', '1.5', 'all'])
      expect([wrong, (await mara('GET', `${path}?pagelen=${wrong}`)).status]).toEqual([wrong, 400])
    simulator.switches.strictPagelen = true
    const strict = await mara('GET', `${path}?pagelen=${most + 1}`)
    expect([strict.status, strict.at('error', 'message')]).toEqual([400, 'Invalid pagelen'])
  })

  test.each(listings)('%s refuses pages that are none', async (path, _usual, _most, family) => {
    const wrong = family === 'numbered' ? ['0', '-1', 'x', '1.5', 'Y2E='] : ['0', '2', 'x', '-1', 'Y8O8']
    for (const page of wrong) {
      const reply = await mara('GET', `${path}?page=${page}`)
      expect([page, reply.status, reply.at('error', 'message')]).toEqual([page, 400, 'Invalid page'])
    }
    expect((await mara('GET', `${path}?page=1`)).status).toBe(200)
  })
})

describe('following next', () => {
  test.each([
    [`${ws}?pagelen=7`, 34],
    [`${shop}/commits?pagelen=5`, undefined],
    [`${pull}/comments?pagelen=4`, undefined],
    [`${pull}/activity?pagelen=3`, undefined],
    [`${shop}/src/main/?pagelen=2&max_depth=3`, undefined],
  ])('%s gives every record once', async (path, wanted) => {
    const replies = await follow(path)
    const texts = replies.flatMap((reply) => reply.values.map((one) => JSON.stringify(one)))
    expect(new Set(texts).size).toBe(texts.length)
    expect(replies.length).toBeGreaterThan(1)
    if (wanted !== undefined) expect(texts).toHaveLength(wanted)
    expect(replies.at(-1)?.at('next')).toBeUndefined()
  })

  test('keeps every other parameter, repeated ones too', async () => {
    const query = 'pagelen=1&state=OPEN&state=MERGED&sort=-updated_on&fields=values.id%2Cnext%2C-values.links&q=id%3E0'
    const next = new URL(String((await mara('GET', `${shop}/pullrequests?${query}`)).at('next')))
    expect(next.origin + next.pathname).toBe(`${simulator.api}${shop}/pullrequests`)
    const { searchParams } = next
    expect(searchParams.getAll('state')).toEqual(['OPEN', 'MERGED'])
    expect(searchParams.getAll('page')).toEqual(['2'])
    expect(['pagelen', 'sort', 'fields', 'q'].map((name) => searchParams.get(name))).toEqual([
      '1',
      '-updated_on',
      'values.id,next,-values.links',
      'id>0',
    ])
  })

  test('goes back by previous where pages are numbered', async () => {
    const third = await mara('GET', `${ws}?pagelen=10&page=3`)
    const second = await mara('GET', String(third.at('previous')))
    expect(second.at('page')).toBe(2)
    expect(at(second.values[0], 'slug')).not.toBe(at(third.values[0], 'slug'))
    expect(new URL(String(second.at('next'))).searchParams.get('page')).toBe('3')
    expect((await mara('GET', ws)).at('previous')).toBeUndefined()
  })

  test('keeps the braces of a UUID encoded', async () => {
    const uuid = encodeURIComponent(simulator.sim.repositories[0]?.uuid ?? '')
    expect((await mara('GET', `/repositories/%7B%7D/${uuid}/commits?pagelen=1`)).at('next')).toContain(
      `/repositories/%7B%7D/${uuid}/commits?`,
    )
  })
})

test('a page after the last is empty, or 404 where the switch says so', async () => {
  const beyond = await mara('GET', `${ws}?page=99`)
  expect([beyond.status, beyond.values, beyond.at('size'), beyond.at('next')]).toEqual([200, [], 34, undefined])
  simulator.switches.pageBeyondEnd = '404'
  expect((await mara('GET', `${ws}?page=99`)).status).toBe(404)
  expect((await mara('GET', `${shop}/hooks?page=1`)).status).toBe(200)
})

test('the largest page of one’s own workspaces is a switch', async () => {
  simulator.switches.userWorkspacesPagelen = 1000
  expect((await mara('GET', '/user/workspaces?pagelen=500')).at('pagelen')).toBe(500)
})
