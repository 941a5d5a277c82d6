import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildServer } from '../server.ts'
import { startTrySimulator, type TrySimulator } from './try-simulator.ts'

let here: TrySimulator
let server: ReturnType<typeof buildServer>
beforeAll(async () => {
  here = await startTrySimulator('2026')
  server = buildServer(here.sim)
})
afterAll(async () => {
  await server.close()
  await here.close()
})

test('pages and API share one server: forms are read, and unknown API paths still answer in JSON', async () => {
  const login = await server.inject({
    method: 'POST',
    url: '/account/signin/',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'username=rita-reader&password=rita-reader-password&next=%2Facme%2Fshop',
  })
  expect([login.statusCode, login.headers.location]).toEqual([303, '/acme/shop'])
  for (const url of ['/2.0/nothing', '/2.0/nothing/here']) {
    const unknown = await server.inject({ url })
    expect([unknown.statusCode, unknown.headers['content-type']]).toEqual([404, 'application/json; charset=utf-8'])
  }
})

test('the repository’s address for git is not taken by its page', async () => {
  const url = '/acme/shop.git/info/refs?service=git-upload-pack'
  const refused = await server.inject({ url })
  expect(refused.statusCode).toBe(401)
  expect(refused.headers['www-authenticate']).toMatch(/^Basic/)
})

test('a defect is an error of the server, not a page', async () => {
  const broken = buildServer(here.sim)
  const cookie = await here.logIn(here.people.reader)
  const directory = here.repository.directory
  // Not gone, which would be a repository deleted meanwhile: something no git can work in.
  here.repository.directory = import.meta.filename
  const answer = await broken.inject({ url: '/acme/shop', headers: { cookie } })
  here.repository.directory = directory
  await broken.close()
  expect(answer.statusCode).toBe(500)
})
