import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, createTestClient, setUp, type TestApp, testPassword } from '../test/app.ts'
import { announce } from './store/sync/live-events.ts'

let test: TestApp
beforeAll(async () => {
  test = await createTestApp()
  await setUp(test)
})
afterAll(async () => test.close())

const login = { email: 'ada@example.com', password: testPassword }
const json = { token: 'x' }
const lookUp = '/api/v1/invitations/look-up'

describe('behind https', () => {
  it('cookies are Secure, strict transport is asked for, and links begin with the public address', async () => {
    const proxied = await createTestApp({ database: test.database, config: { publicUrl: 'https://weir.example.com' } })
    const client = createTestClient(proxied.url)
    const answer = await client.send('POST', '/api/v1/session', {
      json: login,
      headers: { origin: 'https://weir.example.com' },
    })
    expect(answer.headers.getSetCookie()[0]).toMatch(/^__Host-weir=.*; Secure/)
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000')
    const invited = await client.send('POST', '/api/v1/invitations', {
      json: { email: 'x@example.com', role: 'viewer' },
    })
    expect(Object(invited.body).link).toMatch(/^https:\/\/weir\.example\.com\/invitation#/)
    await proxied.close()
  })
})

describe('on plain http on another host', () => {
  it('the cookie still works, without a promise it cannot keep, and the log warns', async () => {
    const plain = await createTestApp({ database: test.database, config: { publicUrl: 'http://weir.lan:8420' } })
    const client = createTestClient(plain.url)
    const answer = await client.send('POST', '/api/v1/session', { json: login })
    expect(answer.headers.getSetCookie()[0]).toMatch(/^weir=(?!.*Secure).*HttpOnly/)
    expect((await client.send('GET', '/api/v1/session')).status).toBe(200)
    expect(plain.logged()).toContain('WEIR_PUBLIC_URL is plain http')
    await plain.close()
  })
})

describe('forwarded headers', () => {
  const addressSeen = async (trustedProxies: string[]): Promise<string> => {
    const proxied = await createTestApp({ database: test.database, config: { trustedProxies } })
    const headers = { 'x-forwarded-for': '203.0.113.9' }
    await createTestClient(proxied.url).send('POST', '/api/v1/session', { json: login, headers })
    await proxied.close()
    const event = await test.database.db
      .selectFrom('audit_event')
      .select('ip_address')
      .where('action', '=', 'session.started')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    return event.ip_address ?? ''
  }

  it('count only when they come from a proxy that was named', async () => {
    expect(await addressSeen([])).toBe('127.0.0.1')
    expect(await addressSeen(['10.0.0.0/8'])).toBe('127.0.0.1')
    expect(await addressSeen(['127.0.0.1'])).toBe('203.0.113.9')
  })
})

describe('guessing', () => {
  it('is slowed down by address where a token or password is asked for', async () => {
    const guessed = await createTestApp({ database: test.database })
    const statuses: number[] = []
    for (let n = 0; n < 61; n++)
      statuses.push((await createTestClient(guessed.url).send('POST', lookUp, { json })).status)
    expect([statuses[59], statuses[60]]).toEqual([410, 429])
    const refused = await createTestClient(guessed.url).send('POST', lookUp, { json })
    expect(refused.body).toMatchObject({ code: 'rate_limited', id: expect.any(String) })
    await guessed.close()
  })
})

describe('a database that drops every connection', () => {
  it('is back in use without a restart: requests, and live events for pages that come again', async () => {
    const client = createTestClient(test.url)
    await client.send('POST', '/api/v1/session', { json: login })
    const organizationId: string = Object((await client.send('GET', '/api/v1/session')).body).organization.id
    const cookie = client.cookie() ?? ''
    const before = await fetch(`${test.url}/api/v1/events`, { headers: { cookie } })
    await test.database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    )
    // What may have been missed is unknown, so the page is sent to fetch anew.
    await before.text()
    let status = 0
    for (let tries = 0; status !== 200 && tries < 50; tries++) {
      ;({ status } = await client.send('GET', '/api/v1/members'))
      await sleep(50)
    }
    expect(status).toBe(200)
    const stop = new AbortController()
    const after = await fetch(`${test.url}/api/v1/events`, { headers: { cookie }, signal: stop.signal })
    const reader = after.body?.getReader()
    await reader?.read()
    await announce(test.database.db, organizationId, [{ kind: 'delivery' }])
    const chunk = await reader?.read()
    expect(new TextDecoder().decode(chunk?.value)).toBe('data: {"kind":"delivery"}\n\n')
    stop.abort()
  })
})
