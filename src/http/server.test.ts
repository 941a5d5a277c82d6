import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, createTestClient, setUp, type TestApp, type TestClient } from '../../test/app.ts'

const problemType = 'application/problem+json; charset=utf-8'
let test: TestApp
let admin: TestClient
const webFolder = mkdtempSync(join(tmpdir(), 'weir-web-'))
beforeAll(async () => {
  mkdirSync(join(webFolder, 'static'))
  writeFileSync(join(webFolder, 'index.html'), '<!doctype html><title>page</title>')
  writeFileSync(join(webFolder, 'static', 'app-a1b2c3.js'), 'export {}')
  writeFileSync(join(webFolder, 'static', 'old-d4e5f6.js'), 'export {}')
  writeFileSync(join(webFolder, 'static', 'app-a1b2c3.js.gz'), gzipSync('export {}'))
  test = await createTestApp({ webFolder })
  admin = await setUp(test)
})
afterAll(async () => {
  await test.close()
  rmSync(webFolder, { recursive: true })
})

const anonymous = () => createTestClient(test.url)

describe('the page', () => {
  it('is served for its own addresses, without being stored', async () => {
    for (const path of [
      '/',
      '/vulnerabilities',
      '/assets',
      '/assets/payments%2Fapi',
      '/vulnerabilities/0193?tab=thread',
    ]) {
      const answer = await anonymous().send('GET', path)
      expect([path, answer.status, answer.text]).toEqual([path, 200, expect.stringContaining('<title>page')])
      expect(answer.headers.get('cache-control')).toBe('no-cache')
    }
  })

  it('keeps hashed files for ever', async () => {
    const answer = await anonymous().send('GET', '/static/app-a1b2c3.js')
    expect([answer.status, answer.text]).toEqual([200, 'export {}'])
    expect(answer.headers.get('cache-control')).toContain('immutable')
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(answer.headers.get('content-encoding')).toBe('gzip')
  })

  it('outlives a file that a new build took away', async () => {
    rmSync(join(webFolder, 'static', 'old-d4e5f6.js'))
    await expect(anonymous().send('GET', '/static/old-d4e5f6.js')).rejects.toThrow(/fetch failed|terminated/)
    expect((await anonymous().send('GET', '/health/live')).status).toBe(200)
  })

  it.each(['/static/missing.js', '/api/v1/nothing', '/hooks/nothing', '/metrics', '/api'])(
    '%s is a problem, not a page',
    async (path) => {
      const answer = await anonymous().send('GET', path)
      expect([answer.status, answer.headers.get('content-type')]).toEqual([404, problemType])
      expect(answer.body).toMatchObject({ code: 'route_missing', id: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    },
  )

  it.each([
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/%2e%2e/etc/passwd.txt',
    '/static/..%2f..%2fpackage.json',
    '/static/....//package.json',
    '/static/%2e%2e%5cpackage.json',
    '/.env',
    '//etc/passwd.txt',
    '/static/%00.js',
  ])('%s reaches no file outside', async (path) => {
    const answer = await anonymous().send('GET', path)
    expect(answer.text).not.toMatch(/"dependencies"|root:/)
    expect(answer.text === '<!doctype html><title>page</title>' || answer.status >= 400).toBe(true)
  })
})

describe('every answer', () => {
  it('carries the protecting headers and is not stored', async () => {
    const { headers } = await admin.send('GET', '/api/v1/session')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('same-origin')
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toMatch(/script-src 'self'(;|$)/)
    expect(headers.get('strict-transport-security')).toBeNull()
    expect(headers.get('x-powered-by')).toBeNull()
  })
})

describe('a write with a cookie', () => {
  const body = { email: 'grace@example.com', role: 'viewer' }
  const cases: [string, Record<string, string>, number][] = [
    ['Origin of ours', {}, 201],
    ['Sec-Fetch-Site same-origin', { 'sec-fetch-site': 'same-origin' }, 201],
    ['Sec-Fetch-Site cross-site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['Sec-Fetch-Site same-site', { 'sec-fetch-site': 'same-site' }, 403],
    ['Sec-Fetch-Site none', { 'sec-fetch-site': 'none' }, 403],
    ['a foreign Origin', { origin: 'https://evil.example' }, 403],
    ['Origin null', { origin: 'null' }, 403],
    ['Origin of another port', { origin: 'http://127.0.0.1:1' }, 403],
    ['an Origin that only begins like ours', { origin: 'http://127.0.0.1.evil.example' }, 403],
  ]
  it.each(cases)('%s', async (_name, headers, status) => {
    expect((await admin.send('POST', '/api/v1/invitations', { json: body, headers })).status).toBe(status)
  })

  it('without Origin and Sec-Fetch-Site is refused, as no browser sends it', async () => {
    const headers = { cookie: admin.cookie() ?? '', 'content-type': 'application/json' }
    const init = { method: 'POST', headers, body: JSON.stringify(body) }
    expect((await fetch(`${test.url}/api/v1/invitations`, init)).status).toBe(403)
  })

  it('also a login from another site is refused', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' }
    const json = { email: 'ada@example.com', password: 'x' }
    expect((await createTestClient(test.url).send('POST', '/api/v1/session', { json, headers })).status).toBe(403)
  })
})

describe('bad requests', () => {
  it('an unknown field is named', async () => {
    const json = { email: 'a@example.com', role: 'viewer', is_staff: true }
    const answer = await admin.send('POST', '/api/v1/invitations', { json })
    expect(answer.body).toMatchObject({ status: 422, code: 'validation_failed' })
    expect(answer.text).toContain('is_staff')
  })

  it.each([
    ['cut-off JSON', '{"email": ', 'application/json', 422],
    ['a prototype', '{"__proto__": {"role": "admin"}}', 'application/json', 422],
    ['a form', 'email=a', 'application/x-www-form-urlencoded', 415],
    ['plain text', '{}', 'text/plain', 415],
    ['more than a megabyte', `{"email": "${'a'.repeat(1_100_000)}"}`, 'application/json', 413],
  ])('%s', async (_name, body, type, status) => {
    const answer = await admin.send('POST', '/api/v1/invitations', { body, headers: { 'content-type': type } })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe(problemType)
  })

  it('a text with NUL, or a number beyond any version, is the sender’s mistake', async () => {
    const asset = await admin.send('POST', '/api/v1/assets', { json: { key: 'nul', name: 'a\0b' } })
    expect([asset.status, Object(asset.body).code]).toEqual([422, 'validation_failed'])
    const list = await admin.send('GET', '/api/v1/vulnerabilities?branch=a%00b')
    expect([list.status, Object(list.body).code]).toEqual([422, 'validation_failed'])
    const log = Buffer.from('2026-99-99T99:99:99.000Z 0197d000-0000-7000-8000-000000000001').toString('base64url')
    expect((await admin.send('GET', `/api/v1/deliveries?cursor=${log}`)).status).toBe(422)
  })

  it('what is refused counts towards the limit of requests', async () => {
    const { headers } = await anonymous().send('GET', '/api/v1/assets')
    const left = Number(headers.get('x-ratelimit-remaining'))
    const after = (await anonymous().send('GET', '/api/v1/assets')).headers
    expect(left).toBeGreaterThan(0)
    expect(Number(after.get('x-ratelimit-remaining'))).toBe(left - 1)
  })

  it('a cursor nobody gave', async () => {
    expect((await admin.send('GET', '/api/v1/members?cursor=bm9wZQ')).status).toBe(422)
    expect((await admin.send('GET', '/api/v1/members?limit=201')).status).toBe(422)
  })
})

const send = (key: string, email: string) =>
  admin.send('POST', '/api/v1/invitations', { json: { email, role: 'viewer' }, headers: { 'idempotency-key': key } })

describe('Idempotency-Key', () => {
  it('gives the same answer again and does it once, also when asked at the same moment', async () => {
    const first = await send('one', 'once@example.com')
    const second = await send('one', 'once@example.com')
    expect(second.status).toBe(201)
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    const rows = await test.database.db
      .selectFrom('invitation')
      .selectAll()
      .where('email', '=', 'once@example.com')
      .execute()
    expect(rows).toHaveLength(1)
  })

  it('is refused for another request', async () => {
    await send('two', 'first@example.com')
    expect((await send('two', 'second@example.com')).body).toMatchObject({ status: 409, code: 'idempotency_conflict' })
  })

  it('is free again after a refused request', async () => {
    expect((await send('three', 'ada@example.com')).status).toBe(409)
    expect((await send('three', 'third@example.com')).status).toBe(201)
  })

  it('keeps no link or token readable in the database', async () => {
    const { body } = await send('four', 'fourth@example.com')
    const link = String(Object(body).link)
    const rows = await test.database.db.selectFrom('idempotency_key').selectAll().execute()
    expect(link).toContain('/invitation#')
    expect(JSON.stringify(rows)).not.toContain(link.split('#')[1])
  })
})

describe('health', () => {
  it('live and ready answer, and each part is named', async () => {
    expect((await createTestClient(test.url).send('GET', '/health/live')).body).toEqual({ status: 'ok' })
    const ready = await createTestClient(test.url).send('GET', '/health/ready')
    expect(ready.body).toEqual({
      status: 'ok',
      failing: [],
      parts: { database: { ok: true }, migrations: { ok: true }, web_assets: { ok: true } },
    })
  })
})

describe('metrics', () => {
  it('are answered where they are switched on', async () => {
    const measured = await createTestApp({ config: { isMetricsOn: true }, webFolder, database: test.database })
    const client = createTestClient(measured.url)
    await client.send('GET', '/api/v1/setup')
    const { text } = await client.send('GET', '/metrics')
    expect(text).toContain(
      'weir_http_request_duration_seconds_count{method="GET",route="/api/v1/setup",status="200"} 1',
    )
    expect(text).toContain('weir_live_streams 0')
    await measured.close()
  })
})
