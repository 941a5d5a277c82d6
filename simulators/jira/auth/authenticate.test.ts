import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { asker, basic, userOf } from '../try-api.ts'

let simulator: Simulator
beforeEach(async () => {
  simulator = await startSimulator({ control: true })
})
afterEach(async () => await simulator.close())

async function control(path: string, body: object): Promise<unknown> {
  return (await asker('', undefined)('POST', `${simulator.site}/__control/${path}`, body)).body
}

async function scopedToken(...scopes: string[]): Promise<string> {
  const { email } = userOf(simulator, 'sync')
  const made = await control('credentials', { email, scopes })
  return basic(email, String(Object(made).token))
}

test('an API token opens the site for its own e-mail address alone', async () => {
  const [tomas, yuki] = [userOf(simulator, 'tomas'), userOf(simulator, 'yuki')]
  expect(
    (await asker(simulator.site, basic(tomas.email.toUpperCase(), tomas.api_token))('GET', '/myself')).status,
  ).toBe(200)
  const wrong = await asker(simulator.site, basic(yuki.email, tomas.api_token))('GET', '/myself')
  expect(wrong.status).toBe(401)
  expect(wrong.body).toEqual({ message: 'Client must be authenticated to access this resource.', 'status-code': 401 })
  expect(wrong.headers.get('x-seraph-loginreason')).toBe('AUTHENTICATED_FAILED')
  expect((await asker(simulator.site, basic(tomas.email, tomas.password))('GET', '/myself')).status).toBe(401)
  expect((await asker(simulator.site, `Bearer ${tomas.api_token}`)('GET', '/myself')).status).toBe(401)
})

test('nobody sees nothing, and writes nothing', async () => {
  const nobody = asker(simulator.site, undefined)
  expect((await nobody('GET', '/serverInfo')).at('deploymentType')).toBe('Cloud')
  expect((await nobody('GET', '/myself')).status).toBe(401)
  expect((await nobody('GET', '/issue/SHOP-1')).status).toBe(404)
  expect((await nobody('GET', '/project/search')).at('total')).toBe(0)
  expect((await nobody('POST', '/issue', { fields: {} })).status).toBe(401)
  expect((await asker(simulator.gateway, undefined)('GET', '/serverInfo')).status).toBe(401)
})

test('a revoked token is taken for nobody, or refused, as the switch says', async () => {
  const { email, api_token } = userOf(simulator, 'tomas')
  await control('credentials', { token: api_token, revoked: true })
  const ask = asker(simulator.site, basic(email, api_token))
  for (const [path, status] of [
    ['/issue/SHOP-1', 404],
    ['/project/search', 200],
    ['/myself', 401],
  ] as const) {
    const answer = await ask('GET', path)
    expect([answer.status, answer.headers.get('x-seraph-loginreason')]).toEqual([status, 'AUTHENTICATED_FAILED'])
  }
  expect((await ask('GET', '/project/search')).at('total')).toBe(0)
  await control('switches', { badCredentials: 'refused' })
  expect((await ask('GET', '/issue/SHOP-1')).status).toBe(401)
  expect((await ask('GET', '/project/search')).status).toBe(401)
})

test('a token with scopes is for the gateway, one without is not, unless the switch says so', async () => {
  const tenant = await asker('', undefined)('GET', `${simulator.site}/_edge/tenant_info`)
  expect(simulator.gateway).toBe(`${simulator.site}/ex/jira/${String(tenant.at('cloudId'))}`)
  const scoped = await scopedToken('read:jira-work', 'read:jira-user')
  expect((await asker(simulator.gateway, scoped)('GET', '/myself')).status).toBe(200)
  expect((await asker(simulator.gateway, scoped)('DELETE', '/issue/SHOP-1')).at('message')).toBe(
    'Unauthorized; scope does not match',
  )
  expect((await asker(simulator.site, scoped)('GET', '/myself')).status).toBe(401)
  const { email, api_token } = userOf(simulator, 'tomas')
  const plain = asker(simulator.gateway, basic(email, api_token))
  expect((await plain('GET', '/myself')).status).toBe(401)
  await control('switches', { unscopedTokensAtGateway: 'accepted' })
  expect((await plain('GET', '/myself')).status).toBe(200)
})

test('people who left, and people without this site, are refused', async () => {
  const [tomas, piet] = [userOf(simulator, 'tomas'), userOf(simulator, 'piet')]
  expect((await asker(simulator.site, basic(piet.email, piet.api_token))('GET', '/myself')).status).toBe(401)
  await control('people', { email: tomas.email, active: false })
  expect((await asker(simulator.site, basic(tomas.email, tomas.api_token))('GET', '/myself')).status).toBe(401)
})
