import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Simulator, startSimulator } from './simulator.ts'
import { type Ask, askAs, asker, basic } from './try-api.ts'
import { type Control, controlOf } from './try-control.ts'

let simulator: Simulator
let control: Control
let mara: Ask
const shop = '/repositories/meadow-goods/storefront-api'
const comments = `${shop}/pullrequests/4/comments`

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0, control: true })
  control = controlOf(simulator)
  mara = askAs(simulator, 'mara-lind')
})
afterEach(async () => {
  await control('DELETE', '/faults')
  simulator.requests.length = 0
})
afterAll(async () => await simulator.close())

const me = async () => (await mara('GET', '/user')).status
const say = async () => await mara('POST', comments, { content: { raw: 'x' } })
const count = async () => Number((await mara('GET', comments)).at('size'))

async function plan(fault: unknown): Promise<void> {
  await control('POST', '/faults', fault)
}

describe('the interface', () => {
  test('is not there unless it was asked for', async () => {
    const shut = await startSimulator({ repositories: 0 })
    try {
      expect(shut.control).toBeNull()
      const ask = asker(shut, undefined)
      for (const path of ['', '/faults', '/clock', '/requests'])
        expect((await ask('GET', `${shut.web}/__control${path}`)).status).toBe(404)
      for (const path of ['/faults', '/clock', '/changes', '/switches', '/credentials', '/flush'])
        expect((await ask('POST', `${shut.web}/__control${path}`, {})).status).toBe(404)
    } finally {
      await shut.close()
    }
  })

  test.each([
    ['/faults', { action: { kind: 'explode' } }, /kind/],
    ['/faults', { action: { kind: 'cut' } }, /when/],
    ['/faults', { path: '/2.0/*', event: '*', action: { kind: 'drop' } }, /path/],
    ['/faults', { action: { kind: 'failure', status: 418 } }, /status/],
    ['/faults', [{ action: { kind: 'truncate' } }, { method: 'GET', plan: { kind: 'script' } }], /steps/],
    ['/switches', { colour: 'red' }, /colour/],
    ['/switches', { anonymousStatus: 200 }, /anonymousStatus/],
    ['/switches', { rateLimits: { api: 'many' } }, /rateLimits.api/],
    [
      '/switches',
      { requestFaults: [{ method: 'GET', path: '/x', plan: { kind: 'chance', probability: 2 } }] },
      /probability/,
    ],
    ['/clock', { set: 'tomorrow' }, /set/],
    ['/clock', {}, /one of set, advance and run/],
    ['/changes', { what: 'person', username: 'nobody', displayName: 'x' }, /nobody/],
    ['/changes', { what: 'repository', repository: 'storefront-api', project: 'NONE' }, /NONE/],
    ['/changes', { what: 'hook', uuid: 'none', active: false }, /none/],
    ['/credentials', { kind: 'api_token', username: 'nobody' }, /person/],
    ['/switches', 'no JSON', /no JSON/],
  ])('POST %s %j is 400, says why and changes nothing', async (path, body, says) => {
    const before = JSON.stringify(simulator.switches)
    const refused = await controlOf(simulator, 400)('POST', path, body)
    expect(refused.at('problem')).toMatch(says)
    expect(JSON.stringify(simulator.switches)).toBe(before)
  })

  test('sets switches, groups of them field by field, and shows them', async () => {
    await control('POST', '/switches', { rateLimits: { raw: 7 }, strictPagelen: true })
    expect((await control('GET', '')).at('switches')).toMatchObject({
      strictPagelen: true,
      rateLimits: { raw: 7, api: 1000 },
    })
    await control('POST', '/switches', { rateLimits: { raw: 5000 }, strictPagelen: false })
  })
})

test('the recipes of the README are understood', async () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8')
  const recipes = [...readme.matchAll(/^curl \$C(\/[a-z]+) -d '([^']+)'/gm)]
  expect(recipes).toHaveLength(6)
  for (const [, path = '', body = ''] of recipes) await control('POST', path, body)
  expect(simulator.switches.requestFaults).toHaveLength(3)
  expect(simulator.switches.webhookFaults).toHaveLength(1)
  await control('POST', '/clock', { run: true })
})

describe('answers in place of the real one', () => {
  test.each([
    [500, 'application/json; charset=utf-8', 'Something went wrong'],
    [502, 'text/html; charset=utf-8', '502 Bad Gateway'],
    [503, 'text/html; charset=utf-8', '503 Service Temporarily Unavailable'],
    [555, 'application/json; charset=utf-8', 'too long'],
  ])('%i looks as it does in the real one, and nothing is done', async (status, type, text) => {
    const before = await count()
    await plan({ method: 'POST', path: '/2.0/repositories/*/comments', action: { kind: 'failure', status } })
    const reply = await say()
    expect([reply.status, reply.headers.get('content-type')]).toEqual([status, type])
    expect(reply.text).toContain(text)
    expect(await count()).toBe(before)
    expect((await say()).status).toBe(201)
  })

  test.each([
    ['failure', { kind: 'failure', status: 502, when: 'after' }, 502],
    ['answer', { kind: 'answer', status: 504, when: 'after', body: 'late' }, 504],
  ])('%s after the effect', async (_name, action, status) => {
    const before = await count()
    await plan({ method: 'POST', action })
    expect((await say()).status).toBe(status)
    expect(await count()).toBe(before + 1)
  })

  test.each([
    [{ retryAfterSeconds: null }, null],
    [{ retryAfterSeconds: 30 }, '30'],
    [{ retryAfterSeconds: 30, retryAfterAs: 'date' }, expect.stringMatching(/^\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT$/)],
  ])('429 %j', async (how, header) => {
    await plan({ path: '/2.0/user', action: { kind: 'rate_limit', ...how } })
    const reply = await mara('GET', '/user')
    expect([reply.status, reply.text]).toEqual([429, 'Rate limit for this resource has been exceeded'])
    expect(reply.headers.get('retry-after')).toEqual(header)
  })

  test('a delay, before or after the effect', async () => {
    for (const when of ['before', 'after']) {
      await plan({ path: '/2.0/user', action: { kind: 'delay', ms: 60, when } })
      const started = performance.now()
      expect(await me()).toBe(200)
      expect(performance.now() - started).toBeGreaterThan(55)
    }
  })
})

describe('broken connections', () => {
  test.each([
    ['before', 0],
    ['after', 1],
  ])('cut %s: written %i times', async (when, written) => {
    const before = await count()
    await plan({ method: 'POST', path: '/2.0/*', action: { kind: 'cut', when } })
    await expect(say()).rejects.toThrow('fetch failed')
    expect(await count()).toBe(before + written)
    expect(simulator.requests.find(({ method }) => method === 'POST')).toMatchObject({
      status: 0,
      fault: `cut ${when}`,
    })
  })

  test('cut in the body: the status, half of what was announced, then the end', async () => {
    await plan({ path: '/2.0/user', action: { kind: 'cut', when: 'in_body' } })
    const authorization = basic(simulator.users[0]?.email ?? '', simulator.users[0]?.api_token ?? '')
    const response = await fetch(`${simulator.api}/user`, { headers: { authorization } })
    expect([response.status, Number(response.headers.get('content-length'))]).toEqual([200, expect.any(Number)])
    await expect(response.text()).rejects.toThrow('terminated')
  })

  test('truncated: a whole answer with half of the JSON', async () => {
    await plan({ path: '/2.0/user', action: { kind: 'truncate' } })
    const reply = await mara('GET', '/user')
    expect([reply.status, reply.body, reply.text.startsWith('{')]).toEqual([200, undefined, true])
  })

  test('an empty answer is cut whole', async () => {
    const { status, at } = await say()
    expect(status).toBe(201)
    await plan({ method: 'DELETE', action: { kind: 'cut', when: 'in_body' } })
    await expect(mara('DELETE', `${comments}/${String(at('id'))}`)).rejects.toThrow('fetch failed')
    expect((await mara('GET', `${comments}/${String(at('id'))}`)).at('deleted')).toBe(true)
  })
})

describe('where and when', () => {
  test('a pattern reaches the token endpoint, git, the pages and unknown paths, and nothing beside it', async () => {
    const ask = asker(simulator, undefined)
    for (const path of ['/site/oauth2/access_token', '/meadow-goods/storefront-api.git/info/refs', '/2.0/nothing'])
      await plan({ path, action: { kind: 'failure', status: 503 } })
    await plan({ method: 'GET', path: '/account/signin*', action: { kind: 'failure', status: 502 } })
    expect((await ask('POST', `${simulator.web}/site/oauth2/access_token`, '')).status).toBe(503)
    const git = `${simulator.web}/meadow-goods/storefront-api.git/info/refs?service=git-upload-pack`
    expect((await ask('GET', git)).status).toBe(503)
    expect((await ask('GET', '/nothing')).status).toBe(503)
    expect((await ask('GET', `${simulator.web}/account/signin`)).status).toBe(502)
    expect(await me()).toBe(200)
  })

  test('a script has a step for each match, then it is over', async () => {
    const steps = [{ kind: 'failure', status: 500 }, null, { kind: 'failure', status: 503 }]
    await plan({ method: '*', path: '/2.0/user', plan: { kind: 'script', steps } })
    expect([await me(), await me(), await me(), await me()]).toEqual([500, 200, 503, 200])
  })

  test('from the n-th match on, for good', async () => {
    const planned = { kind: 'repeat', from: 3, action: { kind: 'failure', status: 502 } }
    await plan({ method: 'GET', path: '/2.0/user', plan: planned })
    expect([await me(), await me(), await me(), await me(), await me()]).toEqual([200, 200, 502, 502, 502])
  })

  test('the same seed or script gives the same faults in the same order, in every simulator', async () => {
    const run = async (seed: number): Promise<unknown[]> => {
      const one = await startSimulator({ repositories: 0, control: true })
      try {
        const actions = [{ kind: 'failure', status: 500 }, { kind: 'cut', when: 'before' }, { kind: 'truncate' }]
        await controlOf(one)('POST', '/faults', [
          { method: 'GET', path: '/2.0/user', plan: { kind: 'chance', probability: 0.4, seed, actions } },
          { path: '/2.0/user', from: 5, times: 2, action: { kind: 'rate_limit', retryAfterSeconds: null } },
        ])
        const ask = askAs(one, 'mara-lind')
        for (let round = 0; round < 40; round += 1) await ask('GET', '/user').catch(() => undefined)
        return one.requests.map(({ status, fault }) => [status, fault])
      } finally {
        await one.close()
      }
    }
    const [first, again, other] = [await run(4), await run(4), await run(5)]
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
    expect(new Set(first.map(String)).size).toBe(5)
  }, 30_000)
})
