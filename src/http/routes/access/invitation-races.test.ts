import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createTestApp,
  createTestClient,
  setUp,
  type TestApp,
  type TestClient,
  testPassword,
} from '../../../../test/app.ts'
import { createOrganization } from '../../../usecases/access/create-organization.ts'

let app: TestApp
let admin: TestClient
beforeAll(async () => {
  app = await createTestApp()
  admin = await setUp(app)
})
afterAll(async () => app.close())

const tokenOf = (link: string): string => link.split('#')[1] ?? ''
const invite = async (email: string): Promise<string> => {
  const { body } = await admin.send('POST', '/api/v1/invitations', { json: { email, role: 'viewer' } })
  return tokenOf(String(Object(body).link))
}
const accept = (token: string) =>
  createTestClient(app.url).send('POST', '/api/v1/invitations/accept', {
    json: { token, name: 'Mae Member', password: testPassword },
  })
/** An invitation of the same address into an organization of its own. */
const inviteElsewhere = async (email: string): Promise<string> => {
  let counter = 0
  const newId = () => `018f0000-0000-7000-8000-${String(Date.now()).slice(-8)}${String(counter++).padStart(4, '0')}`
  const deps = { db: app.database.db, clock: () => new Date(), newId, publicUrl: app.url }
  return tokenOf((await createOrganization(deps, { name: 'Elsewhere', adminEmail: email })).invitationLink)
}

test('one link accepted twice at once makes one member; the other is told that it was used', async () => {
  const token = await invite('twice@example.com')
  const answers = await Promise.all([accept(token), accept(token)])
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 410])
  const late = answers.find(({ status }) => status === 410)
  expect(late?.body).toMatchObject({ code: 'invite_invalid', detail: expect.stringContaining('used already') })
})

test('two links of one new address accepted at once make one account; the other says how to go on, and then works', async () => {
  const tokens = [await invite('mae@example.com'), await inviteElsewhere('mae@example.com')]
  const answers = await Promise.all(tokens.map(accept))
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409])
  const loser = answers.findIndex(({ status }) => status === 409)
  expect(answers[loser]?.body).toMatchObject({ code: 'conflict', detail: expect.stringContaining('Accept again') })
  expect((await accept(tokens[loser] ?? '')).status).toBe(201)
})

test('a link for somebody who became a member meanwhile is refused with a reason', async () => {
  const first = await invite('mo@example.com')
  const { db } = app.database
  // As two administrators who invite in the same moment leave it: both links are open.
  const second = await invite('mo@example.com')
  await db.updateTable('invitation').set({ revoked_at: null }).where('email', '=', 'mo@example.com').execute()
  expect((await accept(first)).status).toBe(201)
  const late = await accept(second)
  expect(late.status).toBe(409)
  expect(late.body).toMatchObject({ code: 'conflict', detail: expect.stringContaining('member already') })
})
