import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { defaultSwitches } from '../switches.ts'
import { asker, basic, type Reply } from '../try-api.ts'

let simulator: Simulator
let legacy: Simulator
let cookie: string
let now = Date.UTC(2026, 10, 21)
const callback = 'http://127.0.0.1:1/callback'
const dayMs = 86_400_000
const ws = '/repositories/meadow-goods'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0, clock: () => now, callbackUrl: callback })
  legacy = await startSimulator({ repositories: 0, mode: 'legacy', clock: () => now, callbackUrl: callback })
  const login = await post(simulator, '/account/signin/', { username: 'mara-lind', password: 'mara' })
  cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
})
afterEach(() => Object.assign(simulator.switches, defaultSwitches()))
afterAll(async () => {
  await simulator.close()
  await legacy.close()
})

const form = { 'content-type': 'application/x-www-form-urlencoded' }

async function post(on: Simulator, path: string, fields: Record<string, string>, headers = {}): Promise<Reply> {
  return await asker(on, undefined)('POST', `${on.web}${path}`, new URLSearchParams(fields).toString(), {
    ...form,
    ...headers,
  })
}

/** Goes through the consent page as Mara and answers where the browser is sent. */
async function consent(parameters: Record<string, string>, decision = 'grant'): Promise<URL> {
  const fields = { client_id: simulator.oauth_consumer.key, response_type: 'code', ...parameters, decision }
  const reply = await post(simulator, '/site/oauth2/authorize', fields, { cookie })
  expect(reply.status).toBe(303)
  return new URL(reply.headers.get('location') ?? '')
}

async function code(parameters: Record<string, string> = {}): Promise<string> {
  return (await consent(parameters)).searchParams.get('code') ?? ''
}

async function token(fields: Record<string, string>, on = simulator): Promise<Reply> {
  const { key, secret } = on.oauth_consumer
  return await asker(on, basic(key, secret))(
    'POST',
    `${on.web}/site/oauth2/access_token`,
    new URLSearchParams(fields).toString(),
    form,
  )
}

const byCode = async (parameters: Record<string, string> = {}) =>
  await token({ grant_type: 'authorization_code', code: await code(parameters) })
const refresh = async (reply: Reply) =>
  await token({ grant_type: 'refresh_token', refresh_token: String(reply.at('refresh_token')) })

describe('the authorization', () => {
  test.each([
    [callback, '/callback'],
    [`${callback}/bitbucket`, '/callback/bitbucket'],
    [`${callback}?from=1`, '/callback'],
  ])('goes back to %s', async (redirect_uri, path) => {
    const target = await consent({ redirect_uri, state: 'a b&c' })
    expect([target.pathname, target.searchParams.get('state')]).toEqual([path, 'a b&c'])
    expect(target.searchParams.get('code')).toMatch(/^\w+$/)
  })

  test.each([
    'http://127.0.0.1:1.evil.example/callback',
    'http://127.0.0.1:1/',
    'http://127.0.0.1:2/callback',
    'https://127.0.0.1:1/callback',
    'http://evil.example/http://127.0.0.1:1/callback',
    'nowhere',
  ])('never goes to %s', async (redirect_uri) => {
    const fields = { client_id: simulator.oauth_consumer.key, response_type: 'code', redirect_uri, decision: 'grant' }
    const reply = await post(simulator, '/site/oauth2/authorize', fields, { cookie })
    expect([reply.status, reply.headers.get('location')]).toEqual([400, null])
  })

  test('without a state brings none back, and a refusal says so', async () => {
    expect((await consent({})).searchParams.has('state')).toBe(false)
    const denied = await consent({ state: 's' }, 'deny')
    expect(Object.fromEntries(denied.searchParams)).toEqual({
      error: 'access_denied',
      error_description: expect.any(String),
      state: 's',
    })
  })

  test('grants what the consumer has: a scope parameter does not widen it', async () => {
    const reply = await byCode({ scope: 'repository:admin repository:delete' })
    expect(String(reply.at('scope')).split(' ')).not.toContain('repository:admin')
  })

  test('knows no implicit grant', async () => {
    const query = new URLSearchParams({ client_id: simulator.oauth_consumer.key, response_type: 'token' })
    const reply = await asker(simulator, undefined)(
      'GET',
      `${simulator.web}/site/oauth2/authorize?${query.toString()}`,
      undefined,
      { cookie },
    )
    expect(reply.status).toBe(400)
  })
})

describe('a code', () => {
  test('is good once', async () => {
    const one = await code()
    expect((await token({ grant_type: 'authorization_code', code: one })).status).toBe(200)
    const again = await token({ grant_type: 'authorization_code', code: one })
    expect([again.status, again.at('error')]).toEqual([400, 'invalid_grant'])
  })

  test('is short-lived', async () => {
    const one = await code()
    now += 600_001
    expect((await token({ grant_type: 'authorization_code', code: one })).at('error')).toBe('invalid_grant')
  })

  test('belongs to the address it was sent to', async () => {
    const one = await code({ redirect_uri: `${callback}/a` })
    const reply = await token({ grant_type: 'authorization_code', code: one, redirect_uri: `${callback}/b` })
    expect(reply.at('error')).toBe('invalid_grant')
  })

  test('is bound to a code_challenge only where the switch has PKCE checked', async () => {
    const verifier = 'a-long-enough-verifier-of-forty-three-characters'
    const code_challenge = createHash('sha256').update(verifier).digest('base64url')
    expect((await byCode({ code_challenge })).status).toBe(200)
    simulator.switches.pkce = 'checked'
    expect((await byCode({ code_challenge })).at('error')).toBe('invalid_grant')
    const one = await code({ code_challenge })
    expect((await token({ grant_type: 'authorization_code', code: one, code_verifier: verifier })).status).toBe(200)
    expect((await byCode()).status).toBe(200)
  })
})

describe('the token answer', () => {
  test('is text but for expires_in, with scope now and scopes before', async () => {
    expect((await byCode()).body).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      token_type: 'bearer',
      expires_in: 7200,
      state: 'authorization_code',
      scope: simulator.scopes.oauth_consumer.join(' '),
    })
    const old = await token({ grant_type: 'client_credentials' }, legacy)
    expect([old.at('scope'), typeof old.at('scopes')]).toEqual([undefined, 'string'])
  })

  test.each([['authorization'], ['body']])('comes for a client that names itself by %s', async (way) => {
    const { key, secret } = simulator.oauth_consumer
    const fields = {
      grant_type: 'client_credentials',
      ...(way === 'body' ? { client_id: key, client_secret: secret } : {}),
    }
    const reply = await post(
      simulator,
      '/site/oauth2/access_token',
      fields,
      way === 'body' ? {} : { authorization: basic(key, secret) },
    )
    expect(reply.status).toBe(200)
  })

  test('is refused to a wrong secret, by Basic and in the body alike', async () => {
    const { key } = simulator.oauth_consumer
    const fields = { grant_type: 'client_credentials' }
    const byBasic = await post(simulator, '/site/oauth2/access_token', fields, { authorization: basic(key, 'wrong') })
    const inBody = await post(simulator, '/site/oauth2/access_token', {
      ...fields,
      client_id: key,
      client_secret: 'wrong',
    })
    expect([byBasic.status, inBody.status]).toEqual([401, 401])
    expect([byBasic.at('error'), inBody.at('error')]).toEqual(['unauthorized_client', 'unauthorized_client'])
  })

  test.each(['password', 'urn:bitbucket:oauth2:jwt', 'implicit', ''])(
    'is refused to the grant "%s"',
    async (grant_type) => {
      const reply = await token({ grant_type, username: 'mara-lind', password: 'mara' })
      expect([reply.status, reply.at('error')]).toEqual([400, 'unsupported_grant_type'])
    },
  )
})

describe('a refresh token', () => {
  test('is good once and brings the next one', async () => {
    const first = await byCode()
    const second = await refresh(first)
    expect([second.status, second.at('state')]).toEqual([200, 'refresh_token'])
    expect(second.at('refresh_token')).not.toBe(first.at('refresh_token'))
    expect((await refresh(first)).at('error')).toBe('invalid_grant')
    expect((await refresh(second)).status).toBe(200)
  })

  test('still works for a while after its use where the switch says so', async () => {
    simulator.switches.refreshTokenGraceSeconds = 30
    const first = await byCode()
    await refresh(first)
    now += 29_000
    expect((await refresh(first)).status).toBe(200)
    now += 1000
    expect((await refresh(first)).at('error')).toBe('invalid_grant')
  })

  test('that is not used for three months is dead', async () => {
    const [one, other] = [await byCode(), await byCode()]
    now += 89 * dayMs
    expect((await refresh(one)).status).toBe(200)
    now += 2 * dayMs
    expect((await refresh(other)).at('error')).toBe('invalid_grant')
  })

  test('of another consumer is worth nothing', async () => {
    const [consumer] = simulator.sim.consumers
    if (consumer === undefined) throw new Error('no consumer')
    simulator.sim.consumers.push({ ...consumer, key: 'other', secret: 'other-secret' })
    const reply = await post(
      simulator,
      '/site/oauth2/access_token',
      { grant_type: 'refresh_token', refresh_token: String((await byCode()).at('refresh_token')) },
      { authorization: basic('other', 'other-secret') },
    )
    expect(reply.at('error')).toBe('invalid_grant')
  })
})

describe('client credentials', () => {
  test('act as an app user in the workspace of the consumer, without a refresh token', async () => {
    const reply = await token({ grant_type: 'client_credentials' })
    expect([reply.at('refresh_token'), reply.at('state')]).toEqual([undefined, 'client_credentials'])
    const ask = asker(simulator, `Bearer ${reply.at('access_token')}`)
    expect((await ask('GET', '/user')).at('type')).toBe('app_user')
    expect((await ask('GET', '/user/workspaces')).at('size')).toBe(1)
    expect((await ask('GET', `${ws}/ledger-core`)).status).toBe(200)
  })

  test('need a private consumer', async () => {
    const [consumer] = simulator.sim.consumers
    if (consumer === undefined) throw new Error('no consumer')
    consumer.isPrivate = false
    expect((await token({ grant_type: 'client_credentials' })).at('error')).toBe('unauthorized_client')
    consumer.isPrivate = true
  })
})

describe('an OAuth access token', () => {
  test('lives as long as expires_in says; a legacy host has its own words for the end', async () => {
    simulator.switches.oauthExpiresIn = 60
    const ask = asker(simulator, `Bearer ${(await byCode()).at('access_token')}`)
    const old = await token({ grant_type: 'client_credentials' }, legacy)
    expect((await ask('GET', '/user')).status).toBe(200)
    now += 60_000
    const reply = await ask('GET', '/user')
    expect([reply.status, reply.at('error', 'message')]).toEqual([
      401,
      'Token is invalid, expired, or not supported for this endpoint.',
    ])
    now += 7_200_000
    const dead = await asker(legacy, `Bearer ${old.at('access_token')}`)('GET', '/user')
    expect(dead.at('error', 'message')).toBe(
      'Access token expired. Use your refresh token to obtain a new access token.',
    )
  })

  test('reads the person after a login: /user with account, /user/emails with email', async () => {
    const ask = asker(simulator, `Bearer ${(await byCode()).at('access_token')}`)
    expect((await ask('GET', '/user')).at('display_name')).toBe('Mara Lind')
    expect((await ask('GET', '/user/emails')).values).toEqual([
      expect.objectContaining({
        type: 'email',
        email: 'mara@meadow-goods.example',
        is_primary: true,
        is_confirmed: true,
      }),
    ])
  })

  test('is no Basic password', async () => {
    const made = String((await byCode()).at('access_token'))
    expect((await asker(simulator, basic('x-token-auth', made))('GET', '/user')).status).toBe(401)
  })
})
