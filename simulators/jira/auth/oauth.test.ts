import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { asker, type Reply } from '../try-api.ts'

let simulator: Simulator
let now: number
const callback = 'http://127.0.0.1:9/callback'
const usual = 'read:jira-work write:jira-work read:jira-user offline_access'

beforeEach(async () => {
  now = Date.UTC(2026, 10, 21, 10)
  simulator = await startSimulator({ clock: () => now, callbackUrls: [callback] })
})
afterEach(async () => await simulator.close())

function authorizeAddress(change: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    audience: 'api.atlassian.com',
    client_id: simulator.oauth_app.client_id,
    scope: usual,
    redirect_uri: callback,
    state: 's1',
    response_type: 'code',
    prompt: 'consent',
    ...change,
  })
  return `${simulator.site}/authorize?${query}`
}

async function logIn(name = 'tomas'): Promise<string> {
  const user = simulator.users.find((one) => one.password === name)
  const body = new URLSearchParams({ email: user?.email ?? '', password: name })
  const response = await fetch(`${simulator.site}/login`, { method: 'POST', body, redirect: 'manual' })
  return response.headers.get('set-cookie')?.split(';')[0] ?? ''
}

/** What a person does in the browser: reads the consent page and presses a button. Answers where they are sent. */
async function decide(decision: string, change: Record<string, string> = {}): Promise<URL> {
  const cookie = await logIn()
  const page = await (await fetch(authorizeAddress(change), { headers: { cookie } })).text()
  const form = new URLSearchParams({ decision })
  for (const [, name, value] of page.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g))
    form.set(name ?? '', value ?? '')
  const response = await fetch(`${simulator.site}/authorize`, {
    method: 'POST',
    body: form,
    headers: { cookie },
    redirect: 'manual',
  })
  return new URL(response.headers.get('location') ?? '')
}

async function token(input: object): Promise<Reply> {
  const { client_id, client_secret } = simulator.oauth_app
  return await asker('', undefined)('POST', `${simulator.site}/oauth/token`, { client_id, client_secret, ...input })
}

async function consent(change: Record<string, string> = {}): Promise<Reply> {
  const code = (await decide('accept', change)).searchParams.get('code') ?? ''
  return await token({ grant_type: 'authorization_code', code, redirect_uri: callback })
}

async function refresh(refreshToken: unknown): Promise<Reply> {
  return await token({ grant_type: 'refresh_token', refresh_token: refreshToken })
}

async function myself(accessToken: unknown, base = simulator.gateway): Promise<Reply> {
  return await asker(base, `Bearer ${String(accessToken)}`)('GET', '/myself')
}

test('somebody who is not logged in comes back to the consent page after the login', async () => {
  const response = await fetch(authorizeAddress(), { redirect: 'manual' })
  const next = new URL(response.headers.get('location') ?? '', simulator.site).searchParams.get('next') ?? ''
  expect(new URL(next, simulator.site).searchParams.get('client_id')).toBe(simulator.oauth_app.client_id)
})

test('consent, code, token, site and a call at the gateway', async () => {
  const back = await decide('accept')
  expect([back.origin + back.pathname, back.searchParams.get('state')]).toEqual([callback, 's1'])
  const code = back.searchParams.get('code') ?? ''
  const got = await token({ grant_type: 'authorization_code', code, redirect_uri: callback })
  expect(got.body).toEqual({
    access_token: expect.any(String),
    refresh_token: expect.any(String),
    expires_in: 3600,
    token_type: 'Bearer',
    scope: usual,
  })
  const again = await token({ grant_type: 'authorization_code', code, redirect_uri: callback })
  expect([again.status, again.at('error')]).toEqual([403, 'invalid_grant'])
  const sites = await asker('', `Bearer ${String(got.at('access_token'))}`)(
    'GET',
    `${simulator.site}/oauth/token/accessible-resources`,
  )
  expect(sites.body).toMatchObject([
    { id: simulator.cloud_id, url: simulator.site, scopes: ['read:jira-work', 'write:jira-work', 'read:jira-user'] },
  ])
  const me = await myself(got.at('access_token'))
  expect(me.body).toMatchObject({ displayName: 'Tomas Okoye', self: expect.stringContaining(simulator.gateway) })
  expect(me.headers.get('x-ratelimit-remaining')).toBe('64999')
})

test('an OAuth token is good at the gateway alone, for its scopes alone, on its site alone', async () => {
  const got = await consent({ scope: 'read:jira-work' })
  expect(got.at('refresh_token')).toBeUndefined()
  const access = String(got.at('access_token'))
  expect((await myself(access, simulator.site)).status).toBe(401)
  const ask = asker(simulator.gateway, `Bearer ${access}`)
  expect((await ask('GET', '/issue/SHOP-1')).status).toBe(200)
  const wrong = await ask('POST', '/issue', { fields: {} })
  expect([wrong.status, wrong.body]).toEqual([401, { code: 401, message: 'Unauthorized; scope does not match' }])
  expect((await ask('GET', '/rest/webhooks/1.0/webhook')).status).toBe(401)
  const elsewhere = asker(`${simulator.site}/ex/jira/someone-else`, `Bearer ${access}`)
  expect((await elsewhere('GET', '/issue/SHOP-1')).status).toBe(404)
})

test('access tokens end after an hour', async () => {
  const got = await consent()
  now += 3_599_000
  expect((await myself(got.at('access_token'))).status).toBe(200)
  now += 1000
  expect((await myself(got.at('access_token'))).body).toEqual({ code: 401, message: 'Unauthorized' })
})

test('refresh tokens rotate, and one used twice ends the whole consent', async () => {
  const first = await consent()
  const second = await refresh(first.at('refresh_token'))
  expect(second.at('refresh_token')).not.toBe(first.at('refresh_token'))
  expect((await myself(second.at('access_token'))).status).toBe(200)
  now += 1000
  const reused = await refresh(first.at('refresh_token'))
  expect([reused.status, reused.body]).toEqual([
    403,
    { error: 'unauthorized_client', error_description: 'refresh_token is invalid' },
  ])
  expect((await refresh(second.at('refresh_token'))).status).toBe(403)
  expect((await myself(second.at('access_token'))).status).toBe(401)
})

test('within the leeway a refresh token may be used again; without the rule its reuse harms no other', async () => {
  simulator.switches.refreshReuseLeewaySeconds = 600
  simulator.switches.refreshReuseEndsGrant = false
  const first = await consent()
  const second = await refresh(first.at('refresh_token'))
  now += 599_000
  expect((await refresh(first.at('refresh_token'))).status).toBe(200)
  now += 2000
  expect((await refresh(first.at('refresh_token'))).status).toBe(403)
  expect((await refresh(second.at('refresh_token'))).status).toBe(200)
})

test('a refresh token nobody uses ends after 90 days', async () => {
  const first = await consent()
  now += 91 * 86_400_000
  expect((await refresh(first.at('refresh_token'))).status).toBe(403)
})

test('cancel, or a form without a button, denies', async () => {
  for (const decision of ['cancel', '']) {
    const back = await decide(decision)
    expect(back.searchParams.get('error')).toBe('access_denied')
    expect(back.searchParams.get('code')).toBeNull()
  }
})

test.each([
  [{ client_id: 'nobody' }, 'client_id is unknown.'],
  [{ redirect_uri: 'http://127.0.0.1:9/other' }, 'redirect_uri is not registered for client.'],
  [{ scope: 'read:everything' }, 'scope read:everything is not one of this app.'],
  [{ audience: 'elsewhere' }, 'audience must be api.atlassian.com.'],
  [{ response_type: 'token' }, 'response_type must be code.'],
])('a request with %o is shown as wrong and sends nobody anywhere', async (change, message) => {
  const response = await fetch(authorizeAddress(change), { headers: { cookie: await logIn() }, redirect: 'manual' })
  expect(response.status).toBe(400)
  expect(await response.text()).toContain(message)
})

test('an app with a wrong secret gets nothing', async () => {
  const refused = await token({ client_secret: 'wrong', grant_type: 'refresh_token', refresh_token: 'x' })
  expect([refused.status, refused.body]).toEqual([401, { error: 'access_denied', error_description: 'Unauthorized' }])
})
