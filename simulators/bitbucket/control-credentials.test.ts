import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../shared/json.ts'
import { apiTokenScopes } from './auth/scopes.ts'
import { type Simulator, startSimulator } from './simulator.ts'
import { asker, basic } from './try-api.ts'
import { controlOf } from './try-control.ts'

let simulator: Simulator
let now = Date.UTC(2026, 10, 21, 10)

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0, control: true, clock: () => now })
})
afterAll(async () => await simulator.close())

async function make(wanted: Record<string, unknown>) {
  const made = await controlOf(simulator)('POST', '/credentials', { username: 'mara-lind', ...wanted })
  const token = String(made.at('token'))
  const isApiToken = wanted['kind'] === 'api_token'
  return { made, ask: asker(simulator, isApiToken ? basic(String(made.at('email')), token) : `Bearer ${token}`) }
}

test.each([
  [{}, ['invoice-service', 'ledger-core', 'platform-infra', 'storefront-api']],
  [{ workspace: 'meadow-goods' }, ['invoice-service', 'ledger-core', 'platform-infra', 'storefront-api']],
  [{ project: 'FIN' }, ['invoice-service', 'ledger-core']],
  [{ repository: 'ledger-core' }, ['ledger-core']],
])('an access token of %j reaches what is in it', async (of, slugs) => {
  const { ask } = await make({ kind: 'access_token', scopes: ['repository'], ...of })
  const found = (await ask('GET', '/repositories/meadow-goods')).values.map((one) => String(at(one, 'slug')))
  expect(found.toSorted()).toEqual(slugs)
})

test('an API token limited to one workspace is of no use in another, one without works in both', async () => {
  const control = controlOf(simulator)
  const own = await make({ kind: 'api_token', scopes: apiTokenScopes, workspace: 'meadow-goods' })
  const free = await make({ kind: 'api_token', scopes: apiTokenScopes })
  const statuses = async (path: string) => [(await own.ask('GET', path)).status, (await free.ask('GET', path)).status]
  expect(await statuses('/repositories/meadow-goods/storefront-api')).toEqual([200, 200])
  await control('POST', '/changes', { what: 'repository', repository: 'storefront-api', workspace: 'elsewhere' })
  expect(await statuses('/repositories/elsewhere/storefront-api')).toEqual([403, 200])
})

test.each(['api_token', 'access_token'])('%s ends at its time', async (kind) => {
  const scopes = kind === 'api_token' ? apiTokenScopes : ['repository']
  const ending = new Date(now + 60_000).toISOString()
  const { made, ask } = await make({ kind, scopes, expires_at: ending })
  expect(made.at('expires_at')).toBe(ending)
  const path = '/repositories/meadow-goods/ledger-core'
  expect((await ask('GET', path)).status).toBe(200)
  now += 60_000
  expect((await ask('GET', path)).status).toBe(401)
})
