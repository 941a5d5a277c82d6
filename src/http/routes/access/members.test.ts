import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createTestApp,
  createTestClient,
  setUp,
  type TestApp,
  type TestClient,
  testPassword,
} from '../../../../test/app.ts'
import { resetPassword } from '../../../usecases/access/change-password.ts'
import { createOrganization } from '../../../usecases/access/create-organization.ts'

let test: TestApp
let admin: TestClient
let now = new Date()
beforeAll(async () => {
  test = await createTestApp({ clock: () => now })
  admin = await setUp(test)
})
afterAll(async () => test.close())

const idOf = (body: unknown): string => Object(body).id
const tokenOf = (link: string): string => link.split('#')[1] ?? ''

async function invite(email: string, role = 'viewer'): Promise<{ id: string; token: string }> {
  const { body } = await admin.send('POST', '/api/v1/invitations', { json: { email, role } })
  return { id: idOf(Object(body).invitation), token: tokenOf(String(Object(body).link)) }
}

async function accept(token: string, more: object = {}) {
  const client = createTestClient(test.url)
  const json = { token, name: 'Mae Member', password: testPassword, ...more }
  return { client, answer: await client.send('POST', '/api/v1/invitations/accept', { json }) }
}

async function lookUp(token: string) {
  return createTestClient(test.url).send('POST', '/api/v1/invitations/look-up', { json: { token } })
}

describe('an invitation', () => {
  it('tells what it is for, makes a member with the role, logs in, and works once', async () => {
    const { token } = await invite('Mae@example.com', 'developer')
    expect((await lookUp(token)).body).toEqual({
      organization_name: 'Harbour Works',
      email: 'mae@example.com',
      role: 'developer',
      has_account: false,
    })
    const { client, answer } = await accept(token)
    expect([answer.status, Object(answer.body).member.role]).toEqual([201, 'developer'])
    expect((await client.send('GET', '/api/v1/members')).status).toBe(200)
    expect((await accept(token)).answer.body).toMatchObject({ status: 410, code: 'invite_invalid' })
  })

  it('is accepted once, also by five at the same moment', async () => {
    const { token } = await invite('five@example.com')
    const answers = await Promise.all(Array.from({ length: 5 }, async () => (await accept(token)).answer.status))
    expect(answers.filter((status) => status === 201)).toHaveLength(1)
    const members = await test.database.db
      .selectFrom('member')
      .selectAll()
      .where('email', '=', 'five@example.com')
      .execute()
    expect(members).toHaveLength(1)
  })

  it('ends after seven days, when it is taken back, and when a newer one takes its place', async () => {
    const old = await invite('late@example.com')
    now = new Date(now.getTime() + 7 * 24 * 3600 * 1000 + 1)
    expect((await lookUp(old.token)).status).toBe(410)
    const back = await invite('back@example.com')
    expect((await admin.send('DELETE', `/api/v1/invitations/${back.id}`)).status).toBe(204)
    expect((await accept(back.token)).answer.status).toBe(410)
    const first = await invite('twice@example.com')
    const second = await invite('twice@example.com')
    expect([(await lookUp(first.token)).status, (await lookUp(second.token)).status]).toEqual([410, 200])
  })

  it('with a changed character is none', async () => {
    const { token } = await invite('changed@example.com')
    for (const position of [0, 20, 45, 60, token.length - 2]) {
      const letter = token[position] === 'A' ? 'B' : 'A'
      const changed = `${token.slice(0, position)}${letter}${token.slice(position + 1)}`
      expect([position, (await lookUp(changed)).status]).toEqual([position, 410])
    }
  })

  it('for an address with an account wants its password', async () => {
    const publicUrl = test.url
    const input = { name: 'Second Harbour', adminEmail: 'ada@example.com' }
    const made = await createOrganization({ ...test.app.context, publicUrl }, input)
    const token = tokenOf(made.invitationLink)
    expect((await lookUp(token)).body).toMatchObject({ organization_name: 'Second Harbour', has_account: true })
    expect((await accept(token, { password: 'not the password of ada' })).answer.status).toBe(401)
    const { answer } = await accept(token)
    expect(answer.body).toMatchObject({ organization: { id: made.organizationId }, member: { role: 'admin' } })
  })

  it('is stored without its token', async () => {
    const { token } = await invite('stored@example.com')
    const rows = await test.database.db.selectFrom('invitation').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(token.split('.')[1])
  })
})

describe('members', () => {
  it('pages through all of them without a gap or a double', async () => {
    for (const name of ['a', 'b', 'c']) await accept((await invite(`page-${name}@example.com`)).token)
    const seen: string[] = []
    let cursor = ''
    do {
      const { body } = await admin.send('GET', `/api/v1/members?limit=2${cursor && `&cursor=${cursor}`}`)
      seen.push(...Object(body).items.map(idOf))
      cursor = Object(body).next ?? ''
    } while (cursor !== '')
    const { body } = await admin.send('GET', '/api/v1/members')
    expect(seen).toEqual(Object(body).items.map(idOf))
    expect(seen.length).toBeGreaterThanOrEqual(4)
  })

  it('keep one active administrator, also when two demote each other at once', async () => {
    const other = await accept((await invite('other-admin@example.com', 'admin')).token)
    const otherId: string = Object(other.answer.body).member.id
    const adminId: string = Object((await admin.send('GET', '/api/v1/session')).body).member.id
    const answers = await Promise.all([
      admin.send('PATCH', `/api/v1/members/${otherId}`, { json: { role: 'viewer' } }),
      other.client.send('PATCH', `/api/v1/members/${adminId}`, { json: { disabled: true } }),
    ])
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
    const left = await test.database.db
      .selectFrom('member')
      .select('id')
      .where('role', '=', 'admin')
      .where('disabled_at', 'is', null)
      .where(
        'organization_id',
        '=',
        Object(await test.database.db.selectFrom('member').selectAll().where('id', '=', adminId).executeTakeFirst())
          .organization_id,
      )
      .execute()
    expect(left).toHaveLength(1)
    await test.database.db
      .updateTable('member')
      .set({ role: 'admin', disabled_at: null })
      .where('id', '=', adminId)
      .execute()
  })

  it('lose a right with the next request after their role changed', async () => {
    const { client, answer } = await accept((await invite('falling@example.com', 'admin')).token)
    expect((await client.send('GET', '/api/v1/audit-events')).status).toBe(200)
    const path = `/api/v1/members/${Object(answer.body).member.id}`
    await admin.send('PATCH', path, { json: { role: 'champion' } })
    expect((await client.send('GET', '/api/v1/audit-events')).status).toBe(403)
  })
})

describe('API tokens', () => {
  it('work until they expire or are revoked, and stop with their member', async () => {
    const { client, answer } = await accept((await invite('robot@example.com', 'champion')).token)
    const json = { name: 'pipeline', scopes: ['read', 'import'], expires_in_days: 2 }
    const made = Object((await client.send('POST', '/api/v1/api-tokens', { json })).body)
    expect(made.token).toMatch(/^weir_[\w-]{86}$/)
    expect(made.token.startsWith(made.api_token.prefix)).toBe(true)
    const robot = createTestClient(test.url, { token: made.token })
    expect((await robot.send('GET', '/api/v1/session')).body).toMatchObject({
      permissions: [
        'read',
        'gate.read',
        'import.read',
        'import.write',
        'deployment.write',
        'delivery.read',
        'connection.read',
      ],
    })
    expect((await robot.send('POST', '/api/v1/api-tokens', { json })).status).toBe(403)
    const list = Object((await client.send('GET', '/api/v1/api-tokens')).body)
    expect(list.items).toMatchObject([{ name: 'pipeline', last_used_at: expect.any(String) }])
    expect(JSON.stringify(list)).not.toContain(made.token)
    const member = `/api/v1/members/${Object(answer.body).member.id}`
    await admin.send('PATCH', member, { json: { disabled: true } })
    expect((await robot.send('GET', '/api/v1/session')).status).toBe(401)
    await admin.send('PATCH', member, { json: { disabled: false } })
    expect((await robot.send('GET', '/api/v1/session')).status).toBe(200)
    now = new Date(now.getTime() + 2 * 24 * 3600 * 1000)
    expect((await robot.send('GET', '/api/v1/session')).status).toBe(401)
  })

  it('of somebody else are hidden, but an administrator may revoke them', async () => {
    const { client } = await accept((await invite('owner@example.com')).token)
    const json = { name: 'mine', scopes: ['read'], expires_in_days: 30 }
    const made = Object((await client.send('POST', '/api/v1/api-tokens', { json })).body)
    const { client: stranger } = await accept((await invite('stranger@example.com')).token)
    const path = `/api/v1/api-tokens/${made.api_token.id}`
    expect((await stranger.send('DELETE', path)).status).toBe(404)
    expect((await createTestClient(test.url, { token: made.token }).send('GET', '/api/v1/session')).status).toBe(200)
    expect((await admin.send('DELETE', path)).status).toBe(204)
    expect((await createTestClient(test.url, { token: made.token }).send('GET', '/api/v1/session')).status).toBe(401)
  })
})

describe('the command line', () => {
  it('resets a password and ends the sessions', async () => {
    const { client } = await accept((await invite('locked-out@example.com')).token)
    await resetPassword(test.app.context, { email: 'Locked-Out@example.com', newPassword: 'rope ladder at low tide' })
    expect((await client.send('GET', '/api/v1/session')).status).toBe(401)
    const json = { email: 'locked-out@example.com', password: 'rope ladder at low tide' }
    expect((await client.send('POST', '/api/v1/session', { json })).status).toBe(201)
    await expect(resetPassword(test.app.context, { email: 'no@example.com', newPassword: 'x' })).rejects.toThrow(
      'not_found',
    )
  })
})

describe('the audit log', () => {
  it('says who did what, newest first, and only to administrators', async () => {
    const { body } = await admin.send('GET', '/api/v1/audit-events?limit=200')
    const actions: string[] = Object(body).items.map((item: unknown) => Object(item).action)
    for (const action of [
      'organization.created',
      'invitation.created',
      'invitation.accepted',
      'invitation.revoked',
      'member.changed',
      'api_token.created',
      'api_token.revoked',
      'session.started',
      'user.password_reset',
    ])
      expect(actions).toContain(action)
    expect(actions.at(-1)).toBe('organization.created')
  })
})
