import { createHmac, randomUUID } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestApp, setUp, type TestApp } from '../../test/app.ts'
import { fillTenant } from '../../test/tenant-fixture.ts'
import { sealWebhookSecret } from '../usecases/remotes/webhook-secret.ts'

const secret = 'canary-webhook-secret-of-the-test'
let test: TestApp
let path = ''
beforeAll(async () => {
  test = await createTestApp()
  const admin = await setUp(test)
  const session = Object((await admin.send('GET', '/api/v1/session')).body)
  const { db, newId, secretBox } = test.app.context
  const organizationId: string = session.organization.id
  const fixture = { organizationId, memberId: session.member.id, newId, mark: 'otter', at: new Date() }
  const { webhook: webhookId } = await fillTenant(db, fixture)
  const sealed_secret = sealWebhookSecret(secretBox, { organizationId, webhookId }, secret)
  await db.updateTable('webhook').set({ sealed_secret }).where('id', '=', webhookId).execute()
  path = `/hooks/bitbucket/${organizationId}/${webhookId}`
})
afterAll(async () => test.close())
beforeEach(async () => {
  await test.database.db.deleteFrom('delivery').execute()
})

const sign = (body: Uint8Array, key = secret) => `sha256=${createHmac('sha256', key).update(body).digest('hex')}`

async function deliver(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}, to = path) {
  const bytes = Buffer.from(body)
  const usual = {
    'content-type': 'application/json',
    'x-event-key': 'issue:comment_created',
    'x-request-uuid': randomUUID(),
    'x-hook-uuid': randomUUID(),
    'x-attempt-number': '1',
    'x-hub-signature': sign(bytes),
  }
  const answer = await fetch(`${test.url}${to}`, { method: 'POST', body, headers: { ...usual, ...headers } })
  return { status: answer.status, body: await answer.json() }
}

const stored = async () => (await test.database.db.selectFrom('delivery').selectAll().execute()).length

describe("Bitbucket's delivery", () => {
  it('is stored byte for byte, accepted, and wakes a worker', async () => {
    const body = '{ "comment": {"content": "ü \\u0000 "} }\n'
    expect(await deliver(body)).toMatchObject({ status: 202, body: { state: 'accepted' } })
    const [row] = await test.database.db.selectFrom('delivery').selectAll().execute()
    expect(row?.body?.toString()).toBe(body)
    const countJobs = async () => {
      const jobs = await test.database.pool.query(
        `select count(*)::int as count from pgboss.job where name = 'process-deliveries' and data->'deliveryIds' ? $1`,
        [row?.id],
      )
      return jobs.rows
    }
    await expect.poll(countJobs).toEqual([{ count: 1 }])
  })

  it('sent again is accepted once', async () => {
    const headers = { 'x-request-uuid': 'again-and-again' }
    expect((await deliver('{"n":1}', headers)).body).toEqual({ state: 'accepted' })
    expect(await deliver('{"n":1}', headers)).toMatchObject({ status: 202, body: { state: 'duplicate' } })
    expect((await deliver('{"n":2}', headers)).status).toBe(409)
    expect(await stored()).toBe(1)
  })

  it('of an event nobody asked for is answered and not stored', async () => {
    const answer = await deliver('{"n":1}', { 'x-event-key': 'repo:push' })
    expect(answer).toMatchObject({ status: 202, body: { state: 'ignored' } })
    expect(await stored()).toBe(0)
  })

  const good = Buffer.from('{"n":1}')
  const refused: [string, Record<string, string>, number][] = [
    ['unsigned', { 'x-hub-signature': '' }, 401],
    ['signed with another secret', { 'x-hub-signature': sign(good, 'other') }, 401],
    ['signed with nothing', { 'x-hub-signature': sign(good, '') }, 401],
    ['with a cut-off signature', { 'x-hub-signature': sign(good).slice(0, -1) }, 401],
    ['with the signature of other bytes', { 'x-hub-signature': sign(Buffer.from('{"n":2}')) }, 401],
    ['with another algorithm', { 'x-hub-signature': sign(good).replace('sha256', 'sha1') }, 401],
    ['without an event key', { 'x-event-key': '' }, 422],
    ['with an id that is none', { 'x-request-uuid': '../../etc' }, 422],
  ]
  it.each(refused)('%s is refused and stores nothing', async (_name, headers, status) => {
    const { status: given, body } = await deliver(good, headers)
    expect(given).toBe(status)
    expect(JSON.stringify(body)).not.toContain(secret)
    expect(await stored()).toBe(0)
  })

  it.each(['nothing', '/x', '%2e%2e'])('at a changed address (%s) is not found', async (end) => {
    expect((await deliver('{}', {}, `${path.slice(0, -4)}${end}`)).status).toBe(404)
  })

  it('that is too large or packed is refused', async () => {
    expect((await deliver('x'.repeat(600_000))).status).toBe(413)
    expect(
      (
        await deliver(new Uint8Array(gzipSync('{"n":1}')), {
          'content-encoding': 'gzip',
          'x-hub-signature': sign(good),
        })
      ).status,
    ).toBe(401)
    expect(await stored()).toBe(0)
  })

  it('of another content type is accepted: the signature decides', async () => {
    expect((await deliver('{"n":3}', { 'content-type': 'text/plain' })).status).toBe(202)
  })

  it('that cannot be stored is answered 503, so that Bitbucket sends it again', async () => {
    await test.database.pool.query('alter table delivery rename to delivery_away')
    const answer = await deliver('{"n":4}')
    await test.database.pool.query('alter table delivery_away rename to delivery')
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } })
    expect((await deliver('{"n":4}')).status).toBe(202)
  })

  it('leaves no secret in the log', async () => {
    expect(test.logged()).not.toContain(secret)
  })
})
