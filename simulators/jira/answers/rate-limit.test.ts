import { afterEach, beforeEach, expect, test } from 'vitest'
import { nextRequestFault } from '../../shared/fault-plan.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'

let simulator: Simulator
let tomas: Ask
let now: number

beforeEach(async () => {
  now = Date.UTC(2026, 10, 21, 10)
  simulator = await startSimulator({ clock: () => now })
  tomas = askAs(simulator, 'tomas')
})
afterEach(async () => await simulator.close())

test('a burst on one endpoint is refused for that endpoint alone, until the second is over', async () => {
  simulator.switches.rateLimits.burst = 2
  await tomas('GET', '/priority')
  await tomas('GET', '/priority')
  const refused = await tomas('GET', '/priority')
  expect(refused.status).toBe(429)
  expect(Object.fromEntries(refused.headers)).toMatchObject({
    'retry-after': '1',
    'ratelimit-reason': 'jira-burst-based',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-nearlimit': 'true',
    'x-ratelimit-reset': '2026-11-21T10:00Z',
  })
  expect((await tomas('GET', '/resolution')).status).toBe(200)
  now += 1000
  expect((await tomas('GET', '/priority')).status).toBe(200)
})

test('writes to one issue are limited, those to another and reads are not', async () => {
  simulator.switches.rateLimits.issueWrites2s = 1
  expect((await tomas('PUT', '/issue/SHOP-1', { fields: { labels: ['a'] } })).status).toBe(204)
  const refused = await tomas('PUT', '/issue/SHOP-1', { fields: { labels: ['b'] } })
  expect([refused.status, refused.headers.get('ratelimit-reason'), refused.headers.get('retry-after')]).toEqual([
    429,
    'jira-per-issue-on-write',
    '2',
  ])
  expect((await tomas('GET', '/issue/SHOP-1?fields=labels')).at('fields', 'labels')).toEqual(['a'])
  expect((await tomas('PUT', '/issue/SHOP-2', { fields: { labels: ['b'] } })).status).toBe(204)
})

test.each([
  ['issueWrites2s', 'issueWrites30s', 1000],
  ['issueWrites30s', 'issueWrites2s', 2000],
] as const)('the answer names the limit that struck: %s', async (narrow, wide, wait) => {
  Object.assign(simulator.switches.rateLimits, { [narrow]: 2, [wide]: 50 })
  const label = async () => await tomas('PUT', '/issue/SHOP-1', { fields: { labels: ['a'] } })
  await label()
  now += wait / 2
  await label()
  const refused = await label()
  expect([refused.status, refused.headers.get('x-ratelimit-limit')]).toEqual([429, '2'])
})

test('a planned answer names the limit it speaks of', async () => {
  const { rateLimits } = simulator.switches
  for (const [reason, limit] of [
    ['jira-burst-based', rateLimits.burst],
    ['jira-per-issue-on-write', rateLimits.issueWrites2s],
    ['jira-quota-global-based', rateLimits.points],
  ] as const) {
    const action = { kind: 'rate_limit', retryAfterSeconds: null, reason } as const
    simulator.switches.requestFaults.push(nextRequestFault({ action }))
    expect((await tomas('GET', '/myself')).headers.get('x-ratelimit-limit')).toBe(String(limit))
  }
})

test('API tokens pay no points', async () => {
  simulator.switches.rateLimits.points = 0
  const answer = await tomas('GET', '/issue/SHOP-1')
  expect([answer.status, answer.headers.get('x-ratelimit-limit')]).toEqual([200, null])
})
