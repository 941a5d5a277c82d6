import { afterAll, beforeAll, expect, test } from 'vitest'
import { at } from '../../shared/json.ts'
import { type Simulator, startSimulator } from '../simulator.ts'
import { type Ask, askAs } from '../try-api.ts'

let simulator: Simulator
let mara: Ask
let tomas: Ask
const ws = '/workspaces/meadow-goods'

beforeAll(async () => {
  simulator = await startSimulator({ repositories: 3 })
  mara = askAs(simulator, 'mara-lind')
  tomas = askAs(simulator, 'tomas-okoye')
})
afterAll(async () => await simulator.close())

test('people have no e-mail address in their account, only in their own list', async () => {
  expect(JSON.stringify((await tomas('GET', '/user')).body)).not.toContain('@')
  expect((await tomas('GET', '/user/emails')).values).toMatchObject([
    { type: 'email', email: 'tomas@meadow-goods.example', is_primary: true, is_confirmed: true },
  ])
  const uuid = encodeURIComponent(simulator.users[0]?.uuid ?? '')
  expect((await tomas('GET', `/users/${uuid}`)).at('nickname')).toBe('Mara Lind')
  expect((await tomas('GET', '/users/nobody')).status).toBe(404)
})

test('workspaces are listed thin, with the right to administer them', async () => {
  const list = await mara('GET', '/user/workspaces?administrator=true&q=slug="meadow-goods"')
  expect(list.values).toMatchObject([
    { type: 'workspace_access', administrator: true, workspace: { type: 'workspace_base', slug: 'meadow-goods' } },
  ])
  expect(at(list.values[0], 'workspace', 'name')).toBeUndefined()
  expect((await tomas('GET', '/user/workspaces?administrator=true')).at('size')).toBe(0)
  expect((await tomas('GET', '/user/workspaces?sort=slug')).at('size')).toBe(1)
  expect((await tomas('GET', '/user/workspaces/meadow-goods/permission')).at('permission')).toBe('member')
  expect((await askAs(simulator, 'piet-oosten')('GET', '/user/workspaces/meadow-goods/permission')).status).toBe(403)
  expect((await mara('GET', '/workspaces/nowhere')).status).toBe(404)
  expect((await mara('GET', ws)).at('name')).toBe('Meadow Goods')
})

test('only administrators map e-mail addresses to members', async () => {
  const q = encodeURIComponent('user.email IN ("yuki@meadow-goods.example","ines@meadow-goods.example")')
  const list = await mara('GET', `${ws}/members?q=${q}&fields=%2Bvalues.user.email`)
  expect(list.values.map((one) => [at(one, 'user', 'display_name'), at(one, 'user', 'email')])).toEqual([
    ['Yuki Brandt', 'yuki@meadow-goods.example'],
    ['Ines Calder', 'ines@meadow-goods.example'],
  ])
  expect(at((await mara('GET', `${ws}/members`)).values[0], 'user', 'email')).toBeUndefined()
  expect((await tomas('GET', `${ws}/members?q=${q}`)).status).toBe(403)
  expect(JSON.stringify((await tomas('GET', `${ws}/members?fields=%2Bvalues.user.email`)).body)).not.toContain('@')
})

test('permissions default to fifty a page; projects are found by key', async () => {
  const list = await tomas('GET', `${ws}/permissions`)
  expect([list.at('pagelen'), list.at('size')]).toEqual([50, 4])
  expect((await tomas('GET', `${ws}/projects`)).at('size')).toBe(4)
  expect((await tomas('GET', `${ws}/projects/FIN`)).at('name')).toBe('Finance')
  const repositories = await tomas(
    'GET',
    '/user/workspaces/meadow-goods/permissions/repositories?q=permission="write"&pagelen=100',
  )
  expect(repositories.at('size')).toBe(7)
})

test('administrators see who may do what in which repository', async () => {
  const list = await mara('GET', `${ws}/permissions/repositories/ledger-core?q=permission="admin"`)
  expect(list.values.map((one) => at(one, 'user', 'display_name'))).toEqual(['Mara Lind'])
  expect((await mara('GET', `${ws}/permissions/repositories`)).at('size')).toBe(7 * 4)
  expect((await tomas('GET', `${ws}/permissions/repositories`)).status).toBe(403)
})

test('repositories are listed by role, project and time', async () => {
  const list = async (query: string) =>
    (await tomas('GET', `/repositories/meadow-goods?${query}`)).values.map((one) => at(one, 'slug'))
  expect(await list('role=admin')).toEqual([])
  expect(await list('role=contributor&q=project.key="FIN"&sort=slug')).toEqual(['invoice-service', 'ledger-core'])
  expect((await list('sort=-updated_on&pagelen=1'))[0]).toBe('platform-infra')
  expect((await tomas('GET', '/repositories/meadow-goods?role=king')).status).toBe(400)
  const one = await tomas('GET', '/repositories/meadow-goods/storefront-api')
  expect(one.at('has_issues')).toBeUndefined()
  expect(one.at('mainbranch', 'name')).toBe('main')
  expect(one.at('links', 'clone')).toMatchObject([
    { name: 'https', href: `${simulator.web}/meadow-goods/storefront-api.git` },
    { name: 'ssh' },
  ])
})
