import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestApp, createTestClient, type TestApp, testPassword } from '../../../../test/app.ts'

let test: TestApp
beforeAll(async () => {
  test = await createTestApp()
})
afterAll(async () => test.close())

const setupBody = (token: string | undefined) => ({
  setup_token: token ?? '',
  organization_name: 'Harbour Works',
  name: 'Ada Admin',
  email: 'Ada@Example.com',
  password: testPassword,
})

describe('setup', () => {
  it('is needed at first, and wants the printed token', async () => {
    const client = createTestClient(test.url)
    expect((await client.send('GET', '/api/v1/setup')).body).toMatchObject({ needed: true, is_demo: false })
    const wrong = await client.send('POST', '/api/v1/setup', { json: setupBody('wrong') })
    expect(wrong.status).toBe(403)
  })

  it('refuses a common password and names the field', async () => {
    const json = { ...setupBody(test.app.setupToken), password: 'password1234' }
    const answer = await createTestClient(test.url).send('POST', '/api/v1/setup', { json })
    expect(answer.body).toMatchObject({
      status: 422,
      code: 'validation_failed',
      fields: { password: [expect.any(String)] },
    })
  })

  it('makes one organization even when ten ask at once, logs in, and is gone afterwards', async () => {
    const clients = Array.from({ length: 10 }, () => createTestClient(test.url))
    const answers = await Promise.all(
      clients.map((client) => client.send('POST', '/api/v1/setup', { json: setupBody(test.app.setupToken) })),
    )
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([201, ...Array(9).fill(404)])
    const winner = clients[answers.findIndex((answer) => answer.status === 201)]
    const session = await winner?.send('GET', '/api/v1/session')
    expect(session?.body).toMatchObject({
      member: { email: 'ada@example.com', role: 'admin' },
      organization: { name: 'Harbour Works' },
      unread_notifications: 0,
    })
    expect(await test.database.db.selectFrom('organization').selectAll().execute()).toHaveLength(1)
    expect((await createTestClient(test.url).send('GET', '/api/v1/setup')).body).toMatchObject({ needed: false })
  })
})

const logIn = async (json: object, headers: Record<string, string> = {}) => {
  const client = createTestClient(test.url)
  return { client, answer: await client.send('POST', '/api/v1/session', { json, headers }) }
}

const withoutId = (body: unknown) => ({ ...Object(body), id: '' })

describe('login', () => {
  it('sets a __Host- cookie that scripts cannot read and other sites do not send', async () => {
    const { answer } = await logIn({ email: 'ada@example.com', password: testPassword })
    expect(answer.status).toBe(201)
    const [line = ''] = answer.headers.getSetCookie()
    expect(line).toMatch(/^__Host-weir=/)
    for (const word of ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/']) expect(line).toContain(word)
    expect(line).not.toContain('Domain')
  })

  it('answers an unknown address as a wrong password', async () => {
    const unknown = await logIn({ email: 'nobody@example.com', password: 'whatever it is' })
    const wrong = await logIn({ email: 'ada@example.com', password: 'whatever it is' })
    expect(unknown.answer.status).toBe(401)
    expect(withoutId(unknown.answer.body)).toEqual(withoutId(wrong.answer.body))
  })

  it('makes a new session each time and ends the one the browser had', async () => {
    const { client } = await logIn({ email: 'ada@example.com', password: testPassword })
    const before = client.cookie()
    await client.send('POST', '/api/v1/session', { json: { email: 'ada@example.com', password: testPassword } })
    expect(client.cookie()).not.toBe(before)
    const old = createTestClient(test.url, before === undefined ? {} : { cookie: before })
    expect((await old.send('GET', '/api/v1/session')).status).toBe(401)
  })

  it('ends with logging out, on the server too', async () => {
    const { client } = await logIn({ email: 'ada@example.com', password: testPassword })
    const cookie = client.cookie() ?? ''
    expect((await client.send('DELETE', '/api/v1/session')).status).toBe(204)
    expect((await createTestClient(test.url, { cookie }).send('GET', '/api/v1/session')).status).toBe(401)
  })

  it('refuses a forged or changed cookie', async () => {
    const { client } = await logIn({ email: 'ada@example.com', password: testPassword })
    const [name, value = ''] = (client.cookie() ?? '').split('=')
    for (const forged of ['x', value.slice(0, 20), `${value.slice(0, -6)}AAAAAA`, 'a.b'])
      expect(
        (await createTestClient(test.url, { cookie: `${name}=${forged}` }).send('GET', '/api/v1/session')).status,
      ).toBe(401)
  })
})

describe('changing the password', () => {
  it('wants the present one, and ends every other session but the own', async () => {
    const one = createTestClient(test.url)
    const two = createTestClient(test.url)
    for (const client of [one, two])
      await client.send('POST', '/api/v1/session', { json: { email: 'ada@example.com', password: testPassword } })
    const path = '/api/v1/session/change-password'
    const wrong = { current_password: 'not this one at all', new_password: 'brass lamp under seaweed' }
    expect((await one.send('POST', path, { json: wrong })).status).toBe(403)
    const right = { current_password: testPassword, new_password: 'brass lamp under seaweed' }
    expect((await one.send('POST', path, { json: right })).status).toBe(204)
    expect((await one.send('GET', '/api/v1/session')).status).toBe(200)
    expect((await two.send('GET', '/api/v1/session')).status).toBe(401)
    const old = await two.send('POST', '/api/v1/session', {
      json: { email: 'ada@example.com', password: testPassword },
    })
    expect(old.status).toBe(401)
  })
})
