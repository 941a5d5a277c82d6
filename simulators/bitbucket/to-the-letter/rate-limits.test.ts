import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { defaultSwitches } from '../switches.ts'
import { type Ask, askAs, asker, basic } from '../try-api.ts'
import { askWith, makeCredential } from './try-credentials.ts'

let simulator: Simulator
let now = Date.UTC(2026, 10, 21)
const hourMs = 3_600_000
const ws = '/repositories/meadow-goods'
const one = `${ws}/ledger-core`

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0, clock: () => now })
})
beforeEach(() => {
  Object.assign(simulator.switches, defaultSwitches())
  now += 2 * hourMs
})
afterAll(async () => await simulator.close())

function limit(limits: Partial<typeof simulator.switches.rateLimits>): void {
  simulator.switches.rateLimits = { ...simulator.switches.rateLimits, ...limits }
}

async function statuses(asks: [Ask, string][]): Promise<number[]> {
  const found: number[] = []
  for (const [ask, path] of asks) found.push((await ask('GET', path)).status)
  return found
}

test('the budgets are 60 anonymous, 1,000 for data and for webhooks, 5,000 raw files, 60,000 for git', () => {
  expect(simulator.switches.rateLimits).toEqual({ anonymous: 60, api: 1000, webhooks: 1000, raw: 5000, git: 60_000 })
})

test('the answer is plain text, without a word on when to come back', async () => {
  limit({ api: 0 })
  const reply = await askAs(simulator, 'mara-lind')('GET', one)
  expect([reply.status, reply.text]).toEqual([429, 'Rate limit for this resource has been exceeded'])
  expect(reply.headers.get('content-type')).toBe('text/plain')
  expect(reply.headers.get('retry-after')).toBeNull()
})

describe('anonymous callers', () => {
  test('are told on each reply where they stand, in seconds', async () => {
    const nobody = asker(simulator, undefined)
    const first = await nobody('GET', '/hook_events')
    expect(first.headers.get('x-ratelimit-limit')).toBe('60, 60;w=3600')
    expect(first.headers.get('x-ratelimit-remaining')).toBe('59')
    expect(first.headers.get('x-ratelimit-reset')).toBe('3600')
    now += 60_000
    const refused = await nobody('GET', one)
    expect([refused.status, refused.headers.get('x-ratelimit-remaining')]).toEqual([401, '58'])
    expect(refused.headers.get('x-ratelimit-reset')).toBe('3540')
  })

  test('have one budget for everything', async () => {
    limit({ anonymous: 2 })
    const nobody = asker(simulator, undefined)
    expect(
      await statuses([
        [nobody, '/hook_events'],
        [nobody, one],
        [nobody, '/hook_events'],
      ]),
    ).toEqual([200, 401, 429])
  })
})

describe('the hour', () => {
  test('rolls: a request leaves it an hour after it came', async () => {
    limit({ api: 2 })
    const mara = askAs(simulator, 'mara-lind')
    expect(await statuses([[mara, one]])).toEqual([200])
    now += hourMs / 2
    expect(
      await statuses([
        [mara, one],
        [mara, one],
      ]),
    ).toEqual([200, 429])
    now += hourMs / 2 + 1
    expect(
      await statuses([
        [mara, one],
        [mara, one],
      ]),
    ).toEqual([200, 429])
  })
})

describe('who shares a budget', () => {
  test('API tokens: all of one person', async () => {
    limit({ api: 1 })
    const [first, second] = [askWith(simulator, { kind: 'api_token' }), askWith(simulator, { kind: 'api_token' })]
    expect(
      await statuses([
        [first, one],
        [second, one],
        [askAs(simulator, 'tomas-okoye'), one],
      ]),
    ).toEqual([200, 429, 200])
  })

  test('access tokens: nobody', async () => {
    limit({ api: 1 })
    const wanted = { kind: 'access_token', scopes: ['repository'] } as const
    const make = () =>
      askWith(
        simulator,
        { ...wanted, scopes: ['repository'], resource: { kind: 'workspace', uuid: simulator.workspace.uuid } },
        'security-automation-bot',
      )
    const [first, second] = [make(), make()]
    expect(
      await statuses([
        [first, one],
        [second, one],
        [first, one],
      ]),
    ).toEqual([200, 200, 429])
  })

  test('OAuth tokens: all of one consumer, whoever granted them', async () => {
    limit({ api: 1 })
    const wanted = { kind: 'oauth', scopes: ['repository'], consumerKey: 'k' } as const
    const make = (username: string, consumerKey = 'k') =>
      askWith(simulator, { ...wanted, scopes: ['repository'], consumerKey }, username)
    const asks = [make('mara-lind'), make('tomas-okoye'), make('tomas-okoye', 'other')]
    expect(await statuses(asks.map((ask) => [ask, one]))).toEqual([200, 429, 200])
  })
})

describe('groups', () => {
  test('repository data, webhooks, the account and workspaces count apart', async () => {
    limit({ api: 1, webhooks: 1 })
    const mara = askAs(simulator, 'mara-lind')
    const paths = [one, `${one}/hooks`, '/user', '/workspaces/meadow-goods']
    expect(await statuses(paths.map((path) => [mara, path]))).toEqual([200, 200, 200, 200])
    expect(await statuses(paths.map((path) => [mara, path]))).toEqual([429, 429, 429, 429])
    expect(
      await statuses([
        [mara, `${ws}/storefront-api`],
        [mara, '/workspaces/meadow-goods/hooks'],
      ]),
    ).toEqual([429, 429])
  })

  test('or all families together, where the switch says so', async () => {
    limit({ api: 1 })
    simulator.switches.rateLimitFamilies = 'together'
    const mara = askAs(simulator, 'mara-lind')
    expect(
      await statuses([
        [mara, '/user'],
        [mara, one],
      ]),
    ).toEqual([200, 429])
  })

  test('files read through the API are data, or raw files where the switch says so', async () => {
    limit({ api: 1, raw: 1 })
    const mara = askAs(simulator, 'mara-lind')
    const file = `${one}/src/main/pom.xml`
    expect(
      await statuses([
        [mara, file],
        [mara, one],
      ]),
    ).toEqual([200, 429])
    simulator.switches.sourceRateGroup = 'raw'
    expect(
      await statuses([
        [mara, file],
        [mara, file],
      ]),
    ).toEqual([200, 429])
  })

  test('git has its own', async () => {
    limit({ git: 1, api: 0 })
    const { token } = makeCredential(simulator, { kind: 'api_token' })
    const git = asker(simulator, basic('x-bitbucket-api-token-auth', token))
    const path = `${simulator.web}/meadow-goods/ledger-core.git/info/refs?service=git-upload-pack`
    expect(
      await statuses([
        [git, path],
        [git, path],
      ]),
    ).toEqual([200, 429])
  })
})

describe('headers of a scaled workspace', () => {
  const names = ['x-ratelimit-limit', 'x-ratelimit-resource', 'x-ratelimit-nearlimit']

  test('are for access tokens on repository data, near the limit below a fifth', async () => {
    simulator.switches.scaledRateLimit = 10
    const bot = asker(simulator, `Bearer ${simulator.workspace_access_token}`)
    const seen: unknown[] = []
    for (let count = 0; count < 10; count += 1) {
      const { headers } = await bot('GET', one)
      seen.push(names.map((name) => headers.get(name)).join(' '))
    }
    expect(seen).toEqual([...Array<string>(8).fill('10 api false'), '10 api true', '10 api true'])
    const refused = await bot('GET', one)
    expect([refused.status, refused.headers.get('x-ratelimit-nearlimit')]).toEqual([429, 'true'])
    expect((await bot('GET', '/user')).headers.get('x-ratelimit-limit')).toBeNull()
  })

  test('nobody else gets any', async () => {
    simulator.switches.scaledRateLimit = 10
    const oauth = askWith(simulator, { kind: 'oauth', scopes: ['repository'], consumerKey: 'k' })
    for (const ask of [askAs(simulator, 'mara-lind'), oauth])
      for (const name of names) expect((await ask('GET', one)).headers.get(name)).toBeNull()
    simulator.switches.scaledRateLimit = null
    const bot = asker(simulator, `Bearer ${simulator.workspace_access_token}`)
    expect((await bot('GET', one)).headers.get('x-ratelimit-limit')).toBeNull()
  })
})
