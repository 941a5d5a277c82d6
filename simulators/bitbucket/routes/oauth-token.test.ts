import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createAuthorizationCode,
  denyAuthorization,
  OAuthError,
  readAuthorizationRequest,
} from '../operations/oauth.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { askAs, asker, basic, type Reply } from '../try-api.ts'

let simulator: Simulator
let now = Date.UTC(2026, 10, 21)

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0, clock: () => now, callbackUrl: 'http://127.0.0.1:1/callback' })
})
afterAll(async () => await simulator.close())

async function token(form: Record<string, string>, authorization?: string): Promise<Reply> {
  const { key, secret } = simulator.oauth_consumer
  const ask = asker(simulator, authorization ?? basic(key, secret))
  const body = new URLSearchParams(form).toString()
  return await ask('POST', `${simulator.web}/site/oauth2/access_token`, body, {
    'content-type': 'application/x-www-form-urlencoded',
  })
}

function grant(parameters: Record<string, string>): URL {
  const query = new URLSearchParams({ client_id: simulator.oauth_consumer.key, response_type: 'code', ...parameters })
  const person = simulator.sim.people[0]
  if (person === undefined) throw new Error('nobody there')
  return new URL(createAuthorizationCode(simulator.sim, { ...readAuthorizationRequest(simulator.sim, query), person }))
}

test('a code is good for one token, state comes back, and the token works', async () => {
  const target = grant({ state: 'xyz', redirect_uri: 'http://127.0.0.1:1/callback/bitbucket' })
  expect(target.pathname).toBe('/callback/bitbucket')
  expect(target.searchParams.get('state')).toBe('xyz')
  const code = target.searchParams.get('code') ?? ''
  const reply = await token({ grant_type: 'authorization_code', code })
  expect(reply.body).toEqual({
    access_token: expect.any(String),
    refresh_token: expect.any(String),
    token_type: 'bearer',
    expires_in: 7200,
    state: 'authorization_code',
    scope:
      'account email project repository repository:write pullrequest pullrequest:write webhook pipeline pipeline:write pipeline:variable snippet',
  })
  expect((await asker(simulator, `Bearer ${reply.at('access_token')}`)('GET', '/user')).at('username')).toBe(
    'mara-lind',
  )
  const again = await token({ grant_type: 'authorization_code', code })
  expect([again.status, again.at('error')]).toEqual([400, 'invalid_grant'])
})

test('a refresh token is good once; the next one comes with the answer', async () => {
  const code = grant({}).searchParams.get('code') ?? ''
  const first = await token({ grant_type: 'authorization_code', code })
  const second = await token({ grant_type: 'refresh_token', refresh_token: String(first.at('refresh_token')) })
  expect(second.status).toBe(200)
  expect(second.at('refresh_token')).not.toBe(first.at('refresh_token'))
  const reused = await token({ grant_type: 'refresh_token', refresh_token: String(first.at('refresh_token')) })
  expect([reused.status, reused.at('error')]).toEqual([400, 'invalid_grant'])
  expect((await token({ grant_type: 'refresh_token', refresh_token: String(second.at('refresh_token')) })).status).toBe(
    200,
  )
})

test('an access token dies when its time is over', async () => {
  simulator.switches.oauthExpiresIn = 60
  const reply = await token({ grant_type: 'authorization_code', code: grant({}).searchParams.get('code') ?? '' })
  simulator.switches.oauthExpiresIn = 7200
  expect(reply.at('expires_in')).toBe(60)
  const ask = asker(simulator, `Bearer ${reply.at('access_token')}`)
  expect((await ask('GET', '/user')).status).toBe(200)
  now += 61_000
  expect((await ask('GET', '/user')).status).toBe(401)
})

test('client credentials act as an app user and bring no refresh token; the client may name itself in the body', async () => {
  const { key, secret } = simulator.oauth_consumer
  const reply = await token({ grant_type: 'client_credentials', client_id: key, client_secret: secret }, 'Bearer none')
  expect(reply.at('refresh_token')).toBeUndefined()
  expect((await asker(simulator, `Bearer ${reply.at('access_token')}`)('GET', '/user')).at('type')).toBe('app_user')
})

test.each([
  [{ grant_type: 'password' }, 400, 'unsupported_grant_type'],
  [{ grant_type: 'authorization_code', code: 'made-up' }, 400, 'invalid_grant'],
])('%o is refused', async (form, status, error) => {
  const reply = await token(form)
  expect([reply.status, reply.at('error')]).toEqual([status, error])
})

test('a wrong secret is refused', async () => {
  const reply = await token({ grant_type: 'client_credentials' }, basic(simulator.oauth_consumer.key, 'wrong'))
  expect([reply.status, reply.at('error')]).toEqual([401, 'unauthorized_client'])
})

test('a strange callback is never redirected to; a refusal goes back with the state', () => {
  expect(() => grant({ redirect_uri: 'http://evil.example/' })).toThrow(OAuthError)
  expect(() => grant({ client_id: 'unknown' })).toThrow(OAuthError)
  const query = new URLSearchParams({ client_id: simulator.oauth_consumer.key, state: 'abc' })
  const target = new URL(denyAuthorization(readAuthorizationRequest(simulator.sim, query)))
  expect([target.searchParams.get('error'), target.searchParams.get('state')]).toEqual(['access_denied', 'abc'])
})

test('scopes of the consumer bound the token', async () => {
  const reply = await token({ grant_type: 'authorization_code', code: grant({}).searchParams.get('code') ?? '' })
  const ask = asker(simulator, `Bearer ${reply.at('access_token')}`)
  expect(
    (await ask('PUT', '/repositories/meadow-goods/ledger-core', { description: 'x' })).at(
      'error',
      'detail',
      'required',
    ),
  ).toEqual(['repository:admin'])
  expect(
    (await askAs(simulator, 'mara-lind')('PUT', '/repositories/meadow-goods/ledger-core', { description: 'x' })).status,
  ).toBe(200)
})
