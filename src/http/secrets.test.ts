import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allRoutes } from '../../contract/routes.ts'
import { createTestApp, createTestClient, type TestApp, type TestClient, testPassword } from '../../test/app.ts'
import { hashPassword } from '../lib/password-hash.ts'
import { insertUser } from '../store/access/users.ts'

/** Every secret that went in or out, by what it is. */
const canaries = new Map<string, string>([
  ['password', testPassword],
  ['new password', 'canary lantern beside the slipway'],
  ['wrong password', 'canary guess that nobody has'],
  ['connection secret', 'canary-connection-secret-4711'],
  ['access token', 'canary-access-token-4712'],
  ['client secret', 'canary-client-secret-4713'],
  ['address of a channel', 'canary-channel-4714'],
])
const answers: { name: string; text: string }[] = []
let test: TestApp
let admin: TestClient

async function send(client: TestClient, method: string, path: string, json?: object) {
  const answer = await client.send(method, path, json === undefined ? {} : { json })
  answers.push({ name: `${method} ${path}`, text: answer.text })
  return Object(answer.body ?? {})
}

beforeAll(async () => {
  test = await createTestApp({ config: { allowedPrivateAddresses: ['127.0.0.1'] } })
  admin = createTestClient(test.url)
  canaries.set('setup token', test.app.setupToken ?? '')
  const person = { name: 'Ada', email: 'ada@example.com', password: testPassword, organization_name: 'Harbour' }
  await send(admin, 'POST', '/api/v1/setup', { ...person, setup_token: 'canary-wrong-setup-token-0000000' })
  await send(admin, 'POST', '/api/v1/setup', { ...person, setup_token: test.app.setupToken })
  await send(admin, 'POST', '/api/v1/session', { email: 'ada@example.com', password: canaries.get('wrong password') })
  const change = { current_password: testPassword, new_password: canaries.get('new password') }
  await send(admin, 'POST', '/api/v1/session/change-password', change)
  canaries.set('cookie', (admin.cookie() ?? '').split('=')[1] ?? '')
  const credentials = [
    { kind: 'basic', username: 'ada@example.com', secret: canaries.get('connection secret') },
    { kind: 'access_token', token: canaries.get('access token') },
  ]
  for (const credential of credentials)
    for (const api_url of ['http://127.0.0.1:9/2.0', 'http://10.0.0.1/2.0'])
      await send(admin, 'POST', '/api/v1/connections', { kind: 'bitbucket', credential, workspace: 'pumps', api_url })
  const consumer = {
    client_id: 'consumer',
    client_secret: canaries.get('client secret'),
    api_url: 'http://127.0.0.1:9',
  }
  await send(admin, 'POST', '/api/v1/connections/oauth', { kind: 'bitbucket', ...consumer })
})
afterAll(async () => test.close())

describe('a secret', () => {
  it('that is shown once is in that answer', async () => {
    const token = await send(admin, 'POST', '/api/v1/api-tokens', { name: 'ci', scopes: ['read'], expires_in_days: 1 })
    canaries.set('API token', token.token)
    const invitation = await send(admin, 'POST', '/api/v1/invitations', { email: 'mae@example.com', role: 'viewer' })
    canaries.set('invitation', String(invitation.link).split('#')[1] ?? '')
    expect(answers.splice(-2).map(({ text }) => text.includes('weir_') || text.includes('/invitation#'))).toEqual([
      true,
      true,
    ])
    await send(createTestClient(test.url, { token: token.token }), 'GET', '/api/v1/session')
    await send(createTestClient(test.url), 'POST', '/api/v1/invitations/look-up', { token: canaries.get('invitation') })
  })

  it('of an outgoing webhook is in the answer that made it', async () => {
    const url = `https://127.0.0.1/${canaries.get('address of a channel')}?key=${canaries.get('address of a channel')}`
    const given = { name: 'Receiver', kind: 'standard', url, events: ['message.created'] }
    const made = await send(admin, 'POST', '/api/v1/outgoing-webhooks', given)
    canaries.set('signing secret', made.secret)
    expect(answers.pop()?.text).toContain('whsec_')
    const path = `/api/v1/outgoing-webhooks/${made.webhook.id}`
    await send(admin, 'PATCH', path, { url: `${url}&again`, name: 'Receiver' })
    const rotated = await send(admin, 'POST', `${path}/rotate-secret`)
    canaries.set('next signing secret', rotated.secret)
    expect(answers.pop()?.text).toContain('whsec_')
    await send(admin, 'POST', `${path}/test`)
    await send(admin, 'GET', `${path}/deliveries`)
  })

  it('is in no other answer, whichever list or page is asked for', async () => {
    for (const route of allRoutes.filter(
      ({ method, params, id }) => method === 'GET' && params === undefined && id !== 'streamEvents',
    ))
      await send(admin, 'GET', route.path)
    for (const [kind, canary] of canaries)
      expect([kind, answers.filter(({ text }) => text.includes(canary)).map(({ name }) => name)]).toEqual([kind, []])
  })

  it('is in no line of the log', () => {
    expect(test.logged().length).toBeGreaterThan(1000)
    for (const [kind, canary] of canaries) expect([kind, test.logged().includes(canary)]).toEqual([kind, false])
  })

  it('lies in no table in clear', async () => {
    const tables = await test.database.pool.query(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_schema in ('public', 'pgboss') and table_type = 'BASE TABLE'`,
    )
    let dump = ''
    for (const { name } of tables.rows) {
      const found = await test.database.pool.query(`select coalesce(json_agg(t), '[]')::text as rows from ${name} t`)
      dump += found.rows[0].rows
    }
    expect(dump).toContain('ada@example.com')
    for (const [kind, canary] of canaries) expect([kind, dump.includes(canary)]).toEqual([kind, false])
  })
})

const median = (times: number[]) => times.toSorted((a, b) => a - b)[12] ?? 0

const measure = async (email: string): Promise<number> => {
  const startedMs = performance.now()
  await test.app.context.accounts.logIn({
    email,
    password: 'canary guess that nobody has',
    ipAddress: '127.0.0.1',
    userAgent: undefined,
  })
  return performance.now() - startedMs
}

describe('logging in', () => {
  it('takes as long for an unknown address as for a known one', async () => {
    const known: number[] = []
    const unknown: number[] = []
    for (let n = 0; n < 25; n++) {
      known.push(await measure('ada@example.com'))
      unknown.push(await measure(`nobody-${n}@example.com`))
    }
    const ratio = median(known) / median(unknown)
    expect(ratio).toBeGreaterThan(0.33)
    expect(ratio).toBeLessThan(3)
  })

  it('is slowed down at an invitation too, which whoever invites could use to guess', async () => {
    const email = 'bea@example.com'
    const invited = await admin.send('POST', '/api/v1/invitations', { json: { email, role: 'viewer' } })
    const token = String(Object(invited.body).link).split('#')[1] ?? ''
    const { db, newId, clock } = test.app.context
    const person = { name: 'Bea', email, passwordHash: await hashPassword(testPassword) }
    await insertUser(db, { ...person, id: newId(), accountId: newId(), at: clock() })
    const statuses: number[] = []
    for (let n = 0; n < 7; n++) {
      const json = { token, password: 'canary guess that nobody has' }
      statuses.push((await createTestClient(test.url).send('POST', '/api/v1/invitations/accept', { json })).status)
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429])
  })

  it('is slowed down after some failures, for unknown addresses as well', async () => {
    for (const email of ['ada@example.com', 'nobody@example.com']) {
      const statuses: number[] = []
      for (let n = 0; n < 7; n++) {
        const json = { email, password: 'canary guess that nobody has' }
        statuses.push((await createTestClient(test.url).send('POST', '/api/v1/session', { json })).status)
      }
      expect(statuses.at(-1)).toBe(429)
    }
  })
})
