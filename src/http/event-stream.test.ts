import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, createTestClient, setUp, type TestApp, type TestClient, testPassword } from '../../test/app.ts'
import { announce } from '../store/sync/live-events.ts'

let test: TestApp
let admin: TestClient
beforeAll(async () => {
  test = await createTestApp()
  admin = await setUp(test)
})
afterAll(async () => test.close())

type Stream = { status: number; text: () => string; isEnded: () => boolean; close: () => void }

async function openStream(headers: Record<string, string>): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const asked = request(`${test.url}/api/v1/events`, { headers }, (answer) => {
      let text = ''
      let isEnded = false
      answer.on('data', (chunk) => {
        text += String(chunk)
      })
      answer.on('close', () => {
        isEnded = true
      })
      resolve({
        status: answer.statusCode ?? 0,
        text: () => text,
        isEnded: () => isEnded,
        close: () => asked.destroy(),
      })
    })
    asked.once('error', reject)
    asked.end()
  })
}

async function until(check: () => boolean, withinMs = 5000): Promise<number> {
  const startedMs = performance.now()
  while (!check()) {
    if (performance.now() - startedMs > withinMs) throw new Error('It did not happen in time.')
    await sleep(10)
  }
  return performance.now() - startedMs
}

async function organizationOf(client: TestClient): Promise<string> {
  return Object((await client.send('GET', '/api/v1/session')).body).organization.id
}

async function inviteAndJoin(email: string, role: string): Promise<{ client: TestClient; memberId: string }> {
  const made = await admin.send('POST', '/api/v1/invitations', { json: { email, role } })
  const token = String(Object(made.body).link).split('#')[1] ?? ''
  const client = createTestClient(test.url)
  const json = { token, name: 'Mae Member', password: testPassword }
  const joined = await client.send('POST', '/api/v1/invitations/accept', { json })
  return { client, memberId: Object(joined.body).member.id }
}

const event = { kind: 'vulnerability', vulnerability_id: '01980000-0000-7000-8000-000000000001' } as const

describe('live events', () => {
  it('arrive within a second of the commit, for the own organization alone', async () => {
    const stream = await openStream({ cookie: admin.cookie() ?? '' })
    expect(stream.status).toBe(200)
    await announce(test.database.db, '01980000-0000-7000-8000-00000000ffff', [{ kind: 'delivery' }])
    await announce(test.database.db, await organizationOf(admin), [event])
    expect(await until(() => stream.text().includes('data:'))).toBeLessThan(5000)
    expect(stream.text()).toContain(`data: ${JSON.stringify(event)}\n\n`)
    expect(stream.text()).not.toContain('delivery')
    stream.close()
  })

  it('need a login', async () => {
    expect((await openStream({})).status).toBe(401)
  })

  it('end at once when the member is disabled, changes role out of it, or logs out', async () => {
    const { client, memberId } = await inviteAndJoin('mae@example.com', 'viewer')
    const stream = await openStream({ cookie: client.cookie() ?? '' })
    await admin.send('PATCH', `/api/v1/members/${memberId}`, { json: { disabled: true } })
    await until(() => stream.isEnded())
    expect((await client.send('GET', '/api/v1/session')).status).toBe(401)
    await admin.send('PATCH', `/api/v1/members/${memberId}`, { json: { disabled: false } })
    expect((await client.send('GET', '/api/v1/session')).status).toBe(200)
    const again = await openStream({ cookie: client.cookie() ?? '' })
    await client.send('DELETE', '/api/v1/session')
    await until(() => again.isEnded())
  })

  it('end when the API token they were opened with is revoked', async () => {
    const json = { name: 'watcher', scopes: ['read'], expires_in_days: 1 }
    const made = Object((await admin.send('POST', '/api/v1/api-tokens', { json })).body)
    const stream = await openStream({ authorization: `Bearer ${made.token}` })
    expect(stream.status).toBe(200)
    await admin.send('DELETE', `/api/v1/api-tokens/${made.api_token.id}`)
    await until(() => stream.isEnded())
  })

  it('are limited for one member, and a closed one makes room', async () => {
    const cookie = admin.cookie() ?? ''
    const streams = await Promise.all(Array.from({ length: 20 }, () => openStream({ cookie })))
    expect((await openStream({ cookie })).status).toBe(429)
    for (const stream of streams) stream.close()
    await sleep(100)
    const one = await openStream({ cookie })
    expect(one.status).toBe(200)
    one.close()
  })

  it('end when the process stops, which takes no longer than a moment', async () => {
    const short = await createTestApp({ database: test.database })
    const cookie = admin.cookie() ?? ''
    const client = createTestClient(short.url)
    await client.send('POST', '/api/v1/session', { json: { email: 'ada@example.com', password: testPassword } })
    const opened = await fetch(`${short.url}/api/v1/events`, { headers: { cookie: client.cookie() ?? cookie } })
    expect(opened.status).toBe(200)
    const startedMs = performance.now()
    await Promise.all([short.close(), opened.text()])
    expect(performance.now() - startedMs).toBeLessThan(10_000)
  })
})
