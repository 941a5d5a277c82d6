import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, setUp, type TestApp, type TestClient } from '../../../../test/app.ts'
import { startMailServer } from '../../../../test/mail-server.ts'
import { only } from '../../../../test/only.ts'
import { writeUnsubscribeToken } from '../../../usecases/sync/calling/unsubscribe-token.ts'

let server: Awaited<ReturnType<typeof startMailServer>>
let test: TestApp
let admin: TestClient
let member: { organizationId: string; memberId: string }
beforeAll(async () => {
  server = await startMailServer({ user: 'weir', password: 'canary-of-the-mail-server' })
  const mail = { server: server.address, from: 'Weir <weir@weir.example>' }
  test = await createTestApp({ config: { mail, allowedPrivateAddresses: ['127.0.0.1:9'] } })
  admin = await setUp(test)
  const row = await test.database.db.selectFrom('member').select(['organization_id', 'id']).executeTakeFirstOrThrow()
  member = { organizationId: row.organization_id, memberId: row.id }
})
beforeEach(async () => {
  for (const table of ['notification_choice', 'notification_rhythm', 'member_chat'] as const)
    await test.database.db.deleteFrom(table).execute()
  server.received.length = 0
  server.state.verdict = undefined
})
afterAll(async () => {
  await test.close()
  await server.close()
})

const path = '/api/v1/notification-settings'
const settings = async () => Object((await admin.send('GET', path)).body)
const kindOf = async (kind: string) => (await settings()).kinds.find((one: { kind: string }) => one.kind === kind)

describe('the choice of calls', () => {
  it('begins with what is sensible, and keeps what is chosen for the member alone', async () => {
    expect(await kindOf('message')).toEqual({
      kind: 'message',
      at_once: true,
      in_app: true,
      email: true,
      slack: true,
      teams: true,
    })
    expect(await kindOf('reopened')).toMatchObject({
      at_once: false,
      in_app: true,
      email: true,
      slack: false,
      teams: false,
    })
    expect(await settings()).toMatchObject({ digest_hour: 8, time_zone: 'UTC', is_own_zone: false, chats: [] })
    const choices = [
      { kind: 'message', channel: 'email', wanted: false },
      { kind: 'reopened', channel: 'slack', wanted: true },
    ]
    const json = { choices, digest_hour: 17, time_zone: 'America/St_Johns' }
    expect((await admin.send('PUT', path, { json })).status).toBe(200)
    expect([(await kindOf('message')).email, (await kindOf('reopened')).slack]).toEqual([false, true])
    expect(await settings()).toMatchObject({ digest_hour: 17, time_zone: 'America/St_Johns', is_own_zone: true })
    await admin.send('PUT', path, { json: { time_zone: null } })
    expect(await settings()).toMatchObject({ digest_hour: 17, time_zone: 'UTC', is_own_zone: false })
    expect((await kindOf('message')).email).toBe(false)
  })

  it.each([
    { time_zone: 'Europe/Atlantis' },
    { digest_hour: 24 },
    { choices: [{ kind: 'gossip', channel: 'email', wanted: true }] },
    { choices: [{ kind: 'message', channel: 'pigeon', wanted: true }] },
  ])('refuses %o', async (json) => {
    expect((await admin.send('PUT', path, { json })).status).toBe(422)
  })

  it('takes a chat, never shows its address again, and keeps it out of the log', async () => {
    const url = 'https://hooks.slack.com/services/T0/B0/canary-of-the-chat'
    const answer = await admin.send('PUT', `${path}/chat`, { json: { channel: 'slack', url } })
    expect([answer.status, Object(answer.body).chats]).toEqual([
      200,
      [{ channel: 'slack', address: 'https://hooks.slack.com', error: null, ended_at: null }],
    ])
    const refused = await admin.send('PUT', `${path}/chat`, { json: { channel: 'teams', url } })
    expect(refused.body).toMatchObject({ status: 422, detail: expect.stringContaining('Microsoft Teams') })
    expect([answer.text, refused.text, test.logged()].join()).not.toContain('canary-of-the-chat')
    await admin.send('PUT', `${path}/chat`, { json: { channel: 'slack', url: null } })
    expect((await settings()).chats).toEqual([])
  })
})

describe('e-mail', () => {
  it('says how it goes, and sends a test to whoever asks', async () => {
    expect((await admin.send('GET', '/api/v1/mail')).body).toEqual({
      state: 'on',
      server: `127.0.0.1:${server.port}`,
      from: 'Weir <weir@weir.example>',
      last_sent_at: null,
      last_error: null,
      waiting: 0,
    })
    const { email } = await settings()
    expect((await admin.send('POST', '/api/v1/mail/test')).body).toEqual({ sent_to: email })
    expect(only(server.received)).toMatchObject({
      to: [email],
      text: expect.stringContaining('/settings/notifications'),
    })
    server.state.verdict = { code: 554, message: 'Not from you' }
    const refused = await admin.send('POST', '/api/v1/mail/test')
    expect(refused.body).toMatchObject({ code: 'remote_refused', detail: expect.stringContaining('554 Not from you') })
    expect([refused.text, test.logged()].join()).not.toContain('canary-of-the-mail-server')
  })

  it('is off without a mail server, and says how it is turned on', async () => {
    const without = await createTestApp({ config: { mail: undefined } })
    const client = await setUp(without)
    expect((await client.send('GET', '/api/v1/mail')).body).toMatchObject({ state: 'off', server: null })
    const { body } = await client.send('POST', '/api/v1/mail/test')
    expect(body).toMatchObject({ status: 409, detail: expect.stringContaining('WEIR_SMTP_URL') })
    expect(Object((await client.send('GET', path)).body).email).toBe(null)
    await without.close()
  })
})

describe('the link in a mail', () => {
  const tokenOf = () => writeUnsubscribeToken(test.app.context.secretBox, { ...member, kinds: ['message', 'assigned'] })
  const post = (url: string, body: string, type: string) =>
    fetch(`${test.url}${url}`, {
      method: 'POST',
      body,
      headers: { 'content-type': type, origin: 'https://mail.example' },
    })

  it('ends its kinds by one POST of a mail program from anywhere, and nothing by being looked at', async () => {
    const token = tokenOf()
    const address = `/unsubscribe?token=${token}`
    await fetch(`${test.url}${address}`)
    expect((await kindOf('message')).email).toBe(true)
    const answer = await post(address, 'List-Unsubscribe=One-Click', 'application/x-www-form-urlencoded')
    expect([answer.status, await answer.json()]).toEqual([200, { kinds: ['message', 'assigned'] }])
    expect([(await kindOf('message')).email, (await kindOf('assigned')).email]).toEqual([false, false])
    expect(await kindOf('reopened')).toMatchObject({ email: true })
    expect(await kindOf('message')).toMatchObject({ in_app: true })
    expect(test.logged()).not.toContain(token.split('.').at(-1))
  })

  it('ends them for a person who was asked first, without a login', async () => {
    const json = (path: string, body: object) =>
      fetch(`${test.url}${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', origin: test.url },
      })
    const token = tokenOf()
    const { email } = await settings()
    const found = await json('/api/v1/unsubscriptions/look-up', { token })
    expect(await found.json()).toMatchObject({ email, kinds: ['message', 'assigned'] })
    expect((await kindOf('message')).email).toBe(true)
    expect((await json('/api/v1/unsubscriptions', { token })).status).toBe(200)
    expect((await kindOf('message')).email).toBe(false)
  })

  it('that is cut off, made up or sealed for something else ends nothing', async () => {
    const { secretBox } = test.app.context
    const other = secretBox.seal([member.organizationId, member.memberId, 'message'].join(' '), 'something else')
    for (const token of [tokenOf().slice(0, -2), 'v1.made.up.token', other]) {
      const answer = await post(`/unsubscribe?token=${token}`, '', 'text/plain')
      expect(answer.status).toBe(410)
    }
    expect((await kindOf('message')).email).toBe(true)
  })
})
