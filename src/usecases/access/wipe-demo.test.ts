import { expect, it } from 'vitest'
import { createTestApp, createTestClient, setUp } from '../../../test/app.ts'

it('a demo is wiped whole, and Weir can be set up again with the token it shows', async () => {
  const test = await createTestApp({ config: { isDemo: true } })
  const admin = await setUp(test)
  const path = '/api/v1/organization/wipe-demo'
  expect((await admin.send('GET', '/api/v1/session')).body).toMatchObject({ organization: { is_demo: true } })
  await admin.send('POST', '/api/v1/assets', { json: { key: 'pump', name: 'Pump' } })
  expect((await admin.send('POST', path, { json: { confirm: 'yes' } })).status).toBe(422)
  expect((await admin.send('POST', path, { json: { confirm: 'wipe' } })).body).toEqual({ wiped: true })
  expect((await admin.send('GET', '/api/v1/assets')).status).toBe(401)
  expect((await createTestClient(test.url).send('GET', '/api/v1/setup')).body).toMatchObject({ needed: true })
  expect(await test.database.db.selectFrom('asset').selectAll().execute()).toEqual([])
  const [, token = ''] = test.shownTokens()
  const again = createTestClient(test.url)
  const person = {
    organization_name: 'New',
    name: 'Ada',
    email: 'ada@example.com',
    password: 'rope ladder at low tide',
  }
  expect((await again.send('POST', '/api/v1/setup', { json: { ...person, setup_token: token } })).status).toBe(201)
  await test.close()
})

it('anything but a demo is not wiped', async () => {
  const test = await createTestApp()
  const admin = await setUp(test)
  const wipe = { json: { confirm: 'wipe' } }
  expect((await admin.send('POST', '/api/v1/organization/wipe-demo', wipe)).status).toBe(409)
  const demo = await createTestApp({ config: { isDemo: true }, database: test.database })
  const client = createTestClient(demo.url, { cookie: '' })
  await client.send('POST', '/api/v1/session', {
    json: { email: 'ada@example.com', password: 'copper kettle and tide gauge' },
  })
  expect((await client.send('POST', '/api/v1/organization/wipe-demo', wipe)).status).toBe(409)
  expect((await client.send('GET', '/api/v1/session')).status).toBe(200)
  await demo.close()
  await test.close()
})
