import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTrySimulator, type TrySimulator } from './try-simulator.ts'

let here: TrySimulator
let cookie: string
beforeAll(async () => {
  here = await startTrySimulator('2026')
  here.sim.consumers.push({
    key: 'shop-key',
    secret: 'shop-secret',
    name: 'Findings <i>',
    callbackUrl: 'http://127.0.0.1:9/callback',
    scopes: ['account', 'pullrequest:write'],
    isPrivate: true,
    workspace: here.workspace,
    bot: here.people.owner,
  })
  cookie = await here.logIn(here.people.owner)
})
afterAll(async () => {
  await here.close()
})

const query = new URLSearchParams({
  client_id: 'shop-key',
  response_type: 'code',
  state: 's 1',
  redirect_uri: 'http://127.0.0.1:9/callback/bitbucket',
}).toString()

test('the consent page needs a login first and comes back whole', async () => {
  const path = `/site/oauth2/authorize?${query}`
  expect((await here.ask({ path })).location).toBe(`/account/signin/?next=${encodeURIComponent(path)}`)
})

test('the consent page says who asks, for which workspace, and for what in words', async () => {
  const { status, body } = await here.ask({ path: `/site/oauth2/authorize?${query}`, cookie })
  expect(status).toBe(200)
  expect(body).toContain('Findings &lt;i&gt;')
  expect(body).toContain('Acme')
  expect(body).toContain('Read and change your repositories and their pull requests')
  expect(body).toContain('value="grant"')
})

test('granting leads to the callback with a code for this person, and the state', async () => {
  const form = { ...Object.fromEntries(new URLSearchParams(query)), decision: 'grant' }
  const target = new URL((await here.ask({ path: '/site/oauth2/authorize', cookie, form })).location)
  expect(target.origin + target.pathname).toBe('http://127.0.0.1:9/callback/bitbucket')
  expect(target.searchParams.get('state')).toBe('s 1')
  expect(here.sim.codes.get(target.searchParams.get('code') ?? '')?.person).toBe(here.people.owner)
})

test('denying leads to the callback with access_denied and makes no code', async () => {
  const before = here.sim.codes.size
  const form = { ...Object.fromEntries(new URLSearchParams(query)), decision: 'deny' }
  const target = new URL((await here.ask({ path: '/site/oauth2/authorize', cookie, form })).location)
  expect(target.searchParams.get('error')).toBe('access_denied')
  expect(target.searchParams.get('state')).toBe('s 1')
  expect(here.sim.codes.size).toBe(before)
})

test.each([
  ['client_id=unknown&response_type=code', 'Unknown client_id.'],
  ['client_id=shop-key&redirect_uri=http://evil.example/', 'redirect_uri does not match'],
  ['client_id=shop-key&response_type=token', 'Only response_type=code'],
])('%s shows an error page and redirects nowhere', async (wrong, message) => {
  const reply = await here.ask({ path: `/site/oauth2/authorize?${wrong}`, cookie })
  expect([reply.status, reply.location]).toEqual([400, ''])
  expect(reply.body).toContain(message)
})
