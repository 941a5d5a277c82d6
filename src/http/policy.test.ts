import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allRoutes } from '../../contract/routes.ts'
import { createTestApp, createTestClient, setUp, type TestApp, type TestClient, testPassword } from '../../test/app.ts'
import { policyTable } from '../../test/policy-table.ts'
import { type Role, roles, type TokenScope, tokenScopes } from '../domain/permissions.ts'

type Caller = { name: string; role: Role | null; scope: TokenScope | null; client: TestClient }

let test: TestApp
let admin: TestClient
let mayCall: Caller[] = []
let mayNot: { name: string; headers: Record<string, string> }[] = []
const nobody = '01980000-0000-7000-8000-00000000dead'

beforeAll(async () => {
  test = await createTestApp({ config: { trustedProxies: ['127.0.0.1', '::1'] } })
  admin = await setUp(test)
  for (const role of roles) mayCall.push(...(await callersOf(role, `${role}@example.com`)))
  const disabled = await callersOf('admin', 'disabled@example.com')
  const members = Object((await admin.send('GET', '/api/v1/members')).body).items
  const id = members.find((member: unknown) => Object(member).email === 'disabled@example.com').id
  await admin.send('PATCH', `/api/v1/members/${id}`, { json: { disabled: true } })
  const [session, ...tokens] = disabled
  mayNot = [
    { name: 'nobody', headers: {} },
    { name: 'a disabled member', headers: { cookie: session?.client.cookie() ?? '' } },
    ...tokens.map(({ name, client }) => ({ name: `a disabled member: ${name}`, headers: tokenHeader(client) })),
    { name: 'a made-up token', headers: { authorization: `Bearer weir_${'A'.repeat(86)}` } },
    {
      name: 'a made-up token beside a good cookie',
      headers: { authorization: 'Bearer weir_x', cookie: admin.cookie() ?? '' },
    },
    { name: 'an empty token', headers: { authorization: 'Bearer ' } },
    { name: 'Basic', headers: { authorization: `Basic ${btoa(`ada@example.com:${testPassword}`)}` } },
    { name: 'a made-up cookie', headers: { cookie: '__Host-weir=abc.def' } },
    { name: 'a token as a cookie', headers: { cookie: `__Host-weir=weir_${'A'.repeat(86)}` } },
  ]
})
afterAll(async () => test.close())

const tokens = new WeakMap<TestClient, string>()
const tokenHeader = (client: TestClient) => ({ authorization: `Bearer ${tokens.get(client) ?? ''}` })

async function callersOf(role: Role, email: string): Promise<Caller[]> {
  const made = await admin.send('POST', '/api/v1/invitations', { json: { email, role } })
  const token = String(Object(made.body).link).split('#')[1]
  const session = createTestClient(test.url)
  const json = { token, name: `Member ${role}`, password: testPassword }
  await session.send('POST', '/api/v1/invitations/accept', { json })
  const callers: Caller[] = [{ name: `${role} by cookie`, role, scope: null, client: session }]
  for (const scope of tokenScopes) {
    const answer = await session.send('POST', '/api/v1/api-tokens', {
      json: { name: scope, scopes: [scope], expires_in_days: 1 },
    })
    const text: string = Object(answer.body).token
    const client = createTestClient(test.url, { token: text })
    tokens.set(client, text)
    callers.push({ name: `${role} by a token for ${scope}`, role, scope, client })
  }
  return callers
}

function isExpected(id: string, { role, scope }: Caller): boolean {
  const policy = policyTable[id]
  if (policy === undefined || role === null) return false
  if (policy.roles === 'anybody') return true
  return policy.roles.includes(role) && (scope === null || policy.scopes.includes(scope))
}

/** Ids that exist nowhere and no body: whoever is let in gets 404 or 422, and nothing happens. */
const pathOf = (path: string) => path.replaceAll(/:\w+/g, nobody)

/** Each route is asked from an address of its own: all of them together are more than one address may ask in a minute. */
async function ask(client: TestClient, route: (typeof allRoutes)[number], more: Record<string, string> = {}) {
  const place = allRoutes.indexOf(route)
  const headers = { ...more, 'x-forwarded-for': `198.51.${Math.floor(place / 250)}.${(place % 250) + 1}` }
  if (route.id !== 'streamEvents') return client.send(route.method, pathOf(route.path), { headers })
  const cookie = client.cookie()
  const sent = { ...headers, ...(cookie !== undefined && { cookie }), ...(tokens.has(client) && tokenHeader(client)) }
  const stop = new AbortController()
  const answer = await fetch(`${test.url}${route.path}`, { headers: sent, signal: stop.signal })
  stop.abort()
  return { status: answer.status }
}

it('the table has a line for every route, and no other', () => {
  expect(Object.keys(policyTable).toSorted()).toEqual(allRoutes.map((route) => route.id).toSorted())
})

describe.each(allRoutes.filter((route) => route.id !== 'logOut').map((route) => ({ name: route.id, route })))(
  '$name',
  ({ route }) => {
    it('lets in exactly who the table names', async () => {
      const seen = await Promise.all(
        mayCall.map(async (caller) => {
          const { status } = await ask(caller.client, route)
          return [caller.name, status !== 401 && status !== 403]
        }),
      )
      expect(seen).toEqual(mayCall.map((caller) => [caller.name, isExpected(route.id, caller)]))
    })

    it('keeps everybody else out', async () => {
      const isPublic = policyTable[route.id]?.roles === 'anybody'
      for (const { name, headers } of mayNot) {
        const { status } = await ask(createTestClient(test.url), route, headers)
        expect([name, status === 401]).toEqual([name, !isPublic])
      }
    })
  },
)

it('logOut is for a login alone', async () => {
  for (const caller of mayCall.filter(({ scope }) => scope !== null))
    expect([caller.name, (await caller.client.send('DELETE', '/api/v1/session')).status]).toEqual([caller.name, 403])
  for (const { name, headers } of mayNot)
    expect([name, (await createTestClient(test.url).send('DELETE', '/api/v1/session', { headers })).status]).toEqual([
      name,
      401,
    ])
})

describe('variants of an address', () => {
  it.each([
    '/api/v1/members/',
    '/api/v1//members',
    '/API/v1/members',
    '/api/v1/members%2f',
    '/api/v1/./members',
    '/api/v1/members;x',
  ])('%s shows nothing to nobody', async (path) => {
    const answer = await fetch(`${test.url}${path}`, { headers: { accept: 'application/json' } })
    expect([401, 404]).toContain(answer.status)
  })

  it.each(['HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'])('%s is no way around', async (method) => {
    const { status } = await createTestClient(test.url)
      .send(method, '/api/v1/members')
      .catch(() => ({ status: 405 }))
    expect([400, 404, 405]).toContain(status)
  })
})
