import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Plan } from '../shared/fault-plan.ts'
import type { RequestAction } from './faults.ts'
import { type Simulator, startSimulator } from './simulator.ts'
import { type Ask, askAs, says } from './try-api.ts'

let simulator: Simulator
let tomas: Ask

beforeEach(async () => {
  simulator = await startSimulator()
  tomas = askAs(simulator, 'tomas')
})
afterEach(async () => await simulator.close())

function plan(how: Plan<RequestAction>, match: { method?: string; path?: string } = {}): void {
  simulator.switches.requestFaults = [{ method: match.method ?? '*', path: match.path ?? '/rest/*', plan: how }]
}

function script(...steps: (RequestAction | null)[]): void {
  plan({ kind: 'script', steps })
}

async function read(): Promise<number> {
  return (await tomas('GET', '/issue/SHOP-1')).status
}

const write = async () => await tomas('POST', '/issue/SHOP-2/comment', { body: says('once') })

function written(): number {
  return simulator.sim.issues.find((one) => one.key === 'SHOP-2')?.comments.length ?? -1
}

test('a script strikes step by step, and is over after its last', async () => {
  script({ kind: 'answer', when: 'before', status: 500 }, null, { kind: 'answer', when: 'before', status: 503 })
  expect([await read(), await read(), await read(), await read()]).toEqual([500, 200, 503, 200])
})

test('a fault strikes only the method and path it names', async () => {
  plan(
    { kind: 'script', steps: [{ kind: 'answer', when: 'before', status: 502 }] },
    { method: 'POST', path: '/rest/api/3/issue/*/comment' },
  )
  expect(await read()).toBe(200)
  expect((await write()).status).toBe(502)
  expect(written()).toBe(0)
})

test.each([
  [30, '30'],
  [null, null],
])('429 with Retry-After %s', async (retryAfterSeconds, header) => {
  script({ kind: 'rate_limit', retryAfterSeconds, reason: 'jira-quota-tenant-based' })
  const refused = await write()
  expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('ratelimit-reason')]).toEqual([
    429,
    header,
    'jira-quota-tenant-based',
  ])
  expect(written()).toBe(0)
})

test('a connection cut before the request leaves nothing done', async () => {
  script({ kind: 'cut', when: 'before' })
  await expect(write()).rejects.toThrow('fetch failed')
  expect(written()).toBe(0)
})

test('a connection cut after the effect leaves it done', async () => {
  script({ kind: 'cut', when: 'after' })
  await expect(write()).rejects.toThrow('fetch failed')
  expect(written()).toBe(1)
  expect(simulator.requests.at(-1)?.status).toBe(0)
})

test('an answer cut in the middle has its status and half its body', async () => {
  script({ kind: 'cut', when: 'in_body' })
  const user = simulator.users[1]
  const authorization = `Basic ${Buffer.from(`${user?.email}:${user?.api_token}`).toString('base64')}`
  const response = await fetch(`${simulator.site}/rest/api/3/issue/SHOP-1`, { headers: { authorization } })
  expect(response.status).toBe(200)
  expect(Number(response.headers.get('content-length'))).toBeGreaterThan(1000)
  await expect(response.text()).rejects.toThrow('terminated')
})

test('an answer without a body is cut whole, after its effect', async () => {
  script({ kind: 'cut', when: 'in_body' })
  await expect(tomas('PUT', '/issue/SHOP-2', { fields: { labels: ['cut'] } })).rejects.toThrow('fetch failed')
  expect(simulator.sim.issues.find((one) => one.key === 'SHOP-2')?.labels).toEqual(['cut'])
})

test('an answer replaced afterwards hides what was done', async () => {
  script({ kind: 'answer', when: 'after', status: 504, body: 'gateway' })
  const answer = await write()
  expect([answer.status, answer.text, written()]).toEqual([504, 'gateway', 1])
})

test('a delay delays', async () => {
  script({ kind: 'delay', ms: 60 })
  const before = performance.now()
  expect(await read()).toBe(200)
  expect(performance.now() - before).toBeGreaterThan(55)
})

test.each(['expired', 'revoked'] as const)('a credential that is %s from now on', async (becomes) => {
  script(null, { kind: 'credential', becomes })
  const me = async () => (await tomas('GET', '/myself')).status
  expect([await me(), await me(), await me()]).toEqual([200, 401, 401])
  expect((await askAs(simulator, 'yuki')('GET', '/issue/SHOP-1')).status).toBe(200)
})

test('by chance strikes about as often as asked, the same for the same seed', async () => {
  const run = async (seed: number): Promise<number[]> => {
    plan({
      kind: 'chance',
      probability: 0.3,
      seed,
      actions: [
        { kind: 'answer', when: 'before', status: 500 },
        { kind: 'answer', when: 'before', status: 503 },
      ],
    })
    const statuses: number[] = []
    for (let round = 0; round < 60; round += 1) statuses.push(await read())
    return statuses
  }
  const [first, again, other] = [await run(4), await run(4), await run(5)]
  expect(again).toEqual(first)
  expect(other).not.toEqual(first)
  const struck = first.filter((one) => one !== 200)
  expect(struck.length).toBeGreaterThan(8)
  expect(struck.length).toBeLessThan(30)
  expect(new Set(struck)).toEqual(new Set([500, 503]))
})

test('faults reach the login and the gateway too', async () => {
  plan({ kind: 'script', steps: [{ kind: 'answer', when: 'before', status: 503 }] }, { path: '/oauth/token' })
  expect((await tomas('POST', `${simulator.site}/oauth/token`, {})).status).toBe(503)
  plan({ kind: 'script', steps: [{ kind: 'answer', when: 'before', status: 502 }] }, { path: '/ex/jira/*' })
  expect((await tomas('GET', `${simulator.gateway}/rest/api/3/myself`)).status).toBe(502)
})
