import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { askAs, asker } from '../try-api.ts'
import { issueTrackerEndpoints, trackerOperations } from './issue-tracker.ts'

let simulator: Simulator

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0 })
  simulator.switches.rateLimits.anonymous = 1000
})
afterAll(async () => {
  await simulator.close()
})

const address = (path: string, slug: string) =>
  path
    .replace(':workspace', 'meadow-goods')
    .replace(':slug', slug)
    .replace(/:\w+|\*$/g, '1')

test('the tracker had 33 operations', () => {
  expect(trackerOperations).toHaveLength(33)
})

test('every one of them is 410 for whoever asks, and so is whatever else lies there', async () => {
  for (const ask of [askAs(simulator, 'mara-lind'), asker(simulator, undefined)])
    for (const { method, path } of issueTrackerEndpoints) {
      const reply = await ask(method, address(path, 'storefront-api'))
      expect([method, path, reply.status, reply.at('error', 'message')]).toEqual([
        method,
        path,
        410,
        'CHANGE-3071 - Functionality has been deprecated',
      ])
    }
})

test.each([
  ['410_first', 'mara-lind', 'unseen', 410],
  ['410_first', 'piet-oosten', 'storefront-api', 410],
  ['410_first', null, 'storefront-api', 410],
  ['404_first', 'mara-lind', 'unseen', 404],
  ['404_first', 'mara-lind', 'storefront-api', 410],
  ['404_first', 'piet-oosten', 'storefront-api', 403],
  ['404_first', null, 'storefront-api', 401],
] as const)('%s: %s asks for the issues of %s: %i', async (order, who, slug, status) => {
  simulator.switches.removedIssuesOrder = order
  const ask = who === null ? asker(simulator, undefined) : askAs(simulator, who)
  expect((await ask('GET', `/repositories/meadow-goods/${slug}/issues`)).status).toBe(status)
})
