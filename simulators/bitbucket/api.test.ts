import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { at } from '../shared/json.ts'
import { type Simulator, startSimulator } from './simulator.ts'
import { defaultSwitches } from './switches.ts'
import { type Ask, askAs, asker, basic } from './try-api.ts'

let simulator: Simulator
let legacy: Simulator
let mara: Ask
let now = Date.UTC(2026, 10, 21)
const ws = '/repositories/meadow-goods'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 25, clock: () => now })
  legacy = await startSimulator({ repositories: 0, mode: 'legacy' })
  mara = askAs(simulator, 'mara-lind')
})
afterEach(() => Object.assign(simulator.switches, defaultSwitches()))
afterAll(async () => {
  await simulator.close()
  await legacy.close()
})

describe('pages', () => {
  test('of numbers follow next to the end, which has none', async () => {
    const slugs: unknown[] = []
    let next: unknown = `${simulator.api}${ws}?pagelen=12&sort=slug&fields=${encodeURIComponent('values.slug,next,page,size')}`
    let pages = 0
    while (typeof next === 'string') {
      const reply: Awaited<ReturnType<Ask>> = await mara('GET', next)
      expect(reply.at('size')).toBe(29)
      slugs.push(...reply.values.map((one) => at(one, 'slug')))
      next = reply.at('next')
      pages += 1
    }
    expect(pages).toBe(3)
    expect(new Set(slugs).size).toBe(29)
    expect(slugs).toEqual(slugs.toSorted())
  })

  test('of cursors have neither size nor number', async () => {
    const hashes: unknown[] = []
    let next: unknown = `${ws}/storefront-api/commits?pagelen=4`
    while (typeof next === 'string') {
      const reply: Awaited<ReturnType<Ask>> = await mara('GET', next)
      expect(
        Object.keys(Object(reply.body))
          .toSorted()
          .filter((key) => key !== 'next'),
      ).toEqual(['pagelen', 'values'])
      hashes.push(...reply.values.map((one) => at(one, 'hash')))
      next = reply.at('next')
    }
    const all = await mara('GET', `${ws}/storefront-api/commits?pagelen=100`)
    expect(hashes).toEqual(all.values.map((one) => at(one, 'hash')))
    expect(hashes.length).toBeGreaterThan(12)
  })

  test('over the maximum are clamped, or refused by the strict switch; nonsense is always refused', async () => {
    expect((await mara('GET', `${ws}?pagelen=1000`)).at('pagelen')).toBe(100)
    simulator.switches.strictPagelen = true
    expect((await mara('GET', `${ws}?pagelen=1000`)).at('error', 'message')).toBe('Invalid pagelen')
    expect((await mara('GET', `${ws}?pagelen=none`)).status).toBe(400)
    expect((await mara('GET', `${ws}?page=0`)).status).toBe(400)
  })
})

describe('addresses', () => {
  test('a repository is reached by slug, by UUID, and under {} by UUID alone', async () => {
    const repository = await mara('GET', `${ws}/ledger-core`)
    const uuid = encodeURIComponent(String(repository.at('uuid')))
    const workspace = encodeURIComponent(simulator.workspace.uuid)
    for (const path of [
      `${ws}/${uuid}`,
      `/repositories/%7B%7D/${uuid}`,
      `/repositories/${workspace}/ledger-core`,
      `${ws}/LEDGER-CORE/`,
    ]) {
      expect((await mara('GET', path)).at('full_name')).toBe('meadow-goods/ledger-core')
    }
    expect((await mara('GET', `/repositories/%7B%7D/ledger-core`)).status).toBe(404)
  })

  test.each([
    ['GET', '/nothing/here', 404, 'There is no API hosted at this URL'],
    ['GET', `${ws}/nowhere`, 404, 'Repository meadow-goods/nowhere not found'],
    ['GET', `${ws}/ledger-core/src/main/none.txt`, 404, 'No such file or directory: none.txt'],
    ['GET', `${ws}/ledger-core/src/nobranch/pom.xml`, 404, 'Commit not found'],
    ['GET', `${ws}/ledger-core/commit/0000000000`, 404, 'Changeset not found.'],
    ['GET', '/workspaces', 410, 'CHANGE-2770 - Functionality has been deprecated'],
    ['GET', '/repositories', 410, 'CHANGE-2770 - Functionality has been deprecated'],
    ['GET', '/user/permissions/repositories', 410, 'CHANGE-2770 - Functionality has been deprecated'],
    ['GET', '/user/permissions/workspaces', 410, 'CHANGE-2770 - Functionality has been deprecated'],
    ['GET', '/snippets', 410, 'CHANGE-2770 - Functionality has been deprecated'],
  ])('%s %s is %i: %s', async (method, path, status, message) => {
    const reply = await mara(method, path)
    expect([reply.status, reply.at('error', 'message'), reply.at('type')]).toEqual([status, message, 'error'])
    expect(reply.at('data')).toEqual(reply.at('error', 'data'))
  })

  test('a legacy host still lists across workspaces', async () => {
    const ask = askAs(legacy, 'mara-lind')
    expect((await ask('GET', '/workspaces')).at('size')).toBe(1)
    expect((await ask('GET', '/repositories?role=member')).at('size')).toBe(4)
    expect(at((await ask('GET', '/user/permissions/workspaces')).values[0], 'permission')).toBe('owner')
  })

  test('a rename moves the slug, announces the place and redirects from the old one', async () => {
    const reply = await mara('PUT', `${ws}/amber-worker`, { name: 'Amber Runner' })
    expect(reply.at('slug')).toBe('amber-runner')
    expect(reply.headers.get('location')).toBe(`${simulator.api}${ws}/amber-runner`)
    const old = await mara('GET', `${ws}/amber-worker`)
    expect([old.status, old.headers.get('location')]).toEqual([301, `${simulator.api}${ws}/amber-runner`])
  })
})

describe('headers', () => {
  test('an ETag seen before is answered with 304', async () => {
    const first = await mara('GET', '/user')
    const etag = String(first.headers.get('etag'))
    expect(etag).toMatch(/^W\/"[0-9a-f]{32}"$/)
    const again = await mara('GET', '/user', undefined, { 'if-none-match': etag })
    expect([again.status, again.text]).toEqual([304, ''])
    expect(first.headers.get('vary')).toBe('Authorization, origin, Accept-Encoding')
    expect(first.headers.get('access-control-allow-origin')).toBe('*')
    expect(first.headers.get('x-ratelimit-limit')).toBeNull()
  })

  test('timestamps have microseconds and an offset', async () => {
    const at_ = String((await mara('GET', `${ws}/ledger-core`)).at('updated_on'))
    expect(at_).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/)
  })
})

describe('rate limits', () => {
  test('answer 429 as plain text without Retry-After, and the hour rolls', async () => {
    simulator.switches.rateLimits = { ...simulator.switches.rateLimits, api: 0 }
    const reply = await mara('GET', '/user')
    expect([reply.status, reply.text, reply.headers.get('content-type')]).toEqual([
      429,
      'Rate limit for this resource has been exceeded',
      'text/plain',
    ])
    expect(reply.headers.get('retry-after')).toBeNull()
    expect((await mara('GET', '/workspaces/meadow-goods/hooks')).status).toBe(200)
    simulator.switches.retryAfterSeconds = 7
    expect((await mara('GET', '/user')).headers.get('retry-after')).toBe('7')
    simulator.switches.rateLimits = { ...simulator.switches.rateLimits, api: 1 }
    now += 3_600_001
    expect((await mara('GET', '/user')).status).toBe(200)
    expect((await mara('GET', '/user')).status).toBe(429)
    now += 3_600_001
    expect((await mara('GET', '/user')).status).toBe(200)
    now += 3_600_001
  })

  test('tell access tokens of a scaled workspace where they stand, and nobody else', async () => {
    simulator.switches.scaledRateLimit = 4
    const bot = asker(simulator, `Bearer ${simulator.workspace_access_token}`)
    const near: unknown[] = []
    for (let count = 0; count < 5; count += 1) near.push((await bot('GET', ws)).headers.get('x-ratelimit-nearlimit'))
    expect(near).toEqual(['false', 'false', 'false', 'true', 'true'])
    const refused = await bot('GET', ws)
    expect([
      refused.status,
      refused.headers.get('x-ratelimit-resource'),
      refused.headers.get('x-ratelimit-limit'),
    ]).toEqual([429, 'api', '4'])
    expect((await mara('GET', ws)).headers.get('x-ratelimit-resource')).toBeNull()
  })
})

test('every request is logged with its credential', async () => {
  simulator.requests.length = 0
  await mara('GET', '/user')
  await asker(simulator, basic('a@b.example', 'wrong'))('GET', '/user')
  expect(
    simulator.requests.map(({ path, status, credential, username }) => ({ path, status, credential, username })),
  ).toEqual([
    { path: '/2.0/user', status: 200, credential: 'api_token', username: 'mara-lind' },
    { path: '/2.0/user', status: 401, credential: 'invalid', username: null },
  ])
})
