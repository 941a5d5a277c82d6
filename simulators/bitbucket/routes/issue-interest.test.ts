import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs, asker, basic } from '../try-api.ts'

let simulator: Simulator
let mara: Ask
let tomas: Ask
const issue = '/repositories/meadow-goods/storefront-api/issues/1'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 0, mode: 'legacy' })
  mara = askAs(simulator, 'mara-lind')
  tomas = askAs(simulator, 'tomas-okoye')
  await mara('POST', '/repositories/meadow-goods/storefront-api/issues', { title: 'one' })
})
afterAll(async () => {
  await simulator.close()
})

async function counts(): Promise<unknown[]> {
  const reply = await mara('GET', issue)
  return [reply.at('votes'), reply.at('watches')]
}

test('who reports an issue watches it, and nobody has voted', async () => {
  expect(await counts()).toEqual([0, 1])
  expect((await mara('GET', `${issue}/watch`)).status).toBe(204)
  expect((await mara('GET', `${issue}/vote`)).status).toBe(404)
})

test.each([
  ['vote', [1, 1]],
  ['watch', [0, 2]],
] as const)('%s: on and off, each as often as one likes', async (name, counted) => {
  const path = `${issue}/${name}`
  expect((await tomas('GET', path)).status).toBe(404)
  for (const status of [204, 204]) expect((await tomas('PUT', path)).status).toBe(status)
  expect((await tomas('GET', path)).status).toBe(204)
  expect(await counts()).toEqual(counted)
  for (const status of [204, 204]) expect((await tomas('DELETE', path)).status).toBe(status)
  expect((await tomas('GET', path)).status).toBe(404)
  expect((await asker(simulator, undefined)('GET', path)).status).toBe(401)
})

test('it takes rights on the account too', async () => {
  const user = simulator.users.find((one) => one.username === 'tomas-okoye')
  const credential = simulator.sim.credentials.find((one) => one.token === user?.api_token)
  const scopes = credential?.scopes ?? []
  const few = asker(simulator, basic(user?.email ?? '', user?.api_token ?? ''))
  Object.assign(credential ?? {}, { scopes: ['read:issue:bitbucket', 'write:issue:bitbucket'] })
  expect((await few('PUT', `${issue}/vote`)).at('error', 'detail', 'required')).toContain('write:user:bitbucket')
  expect((await few('GET', `${issue}/watch`)).at('error', 'detail', 'required')).toContain('read:user:bitbucket')
  Object.assign(credential ?? {}, { scopes })
})
